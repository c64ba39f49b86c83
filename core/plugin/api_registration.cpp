// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "plugin/host_api.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

constexpr Rule add_rule{while_creating, Mark::main, ROMP_CAP_FRAMES};
constexpr Rule define_rule{while_creating, Mark::main};
constexpr std::uint32_t filter_flags =
    ROMP_FILTER_NEED_BODY | ROMP_FILTER_MUTATES | ROMP_FILTER_MAY_DEFER | ROMP_FILTER_FAIL_OPEN;
constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_text = 1024;
constexpr std::size_t most_filters = 1024;

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool too_long(const char* text, std::size_t most) {
  return text != nullptr && std::string_view(text).size() > most;
}

std::string problem_of_stage(const romp_filter& filter) {
  const bool observes = filter.stage == ROMP_STAGE_POST_ROUTE;
  if (filter.stage >= Chain::stages) return "unknown stage";
  if (observes && (filter.flags & ROMP_FILTER_MUTATES) != 0) {
    return "ROMP_FILTER_MUTATES makes no sense in POST_ROUTE";
  }
  if ((observes || filter.stage == ROMP_STAGE_OUTBOUND) &&
      (filter.flags & ROMP_FILTER_MAY_DEFER) != 0) {
    return "ROMP_FILTER_MAY_DEFER makes no sense in POST_ROUTE and OUTBOUND";
  }
  return {};
}

std::string problem_of(const romp_filter& filter) {
  const std::string_view name = filter.name == nullptr ? "" : filter.name;
  if (name.empty() || name.size() > longest_name || !is_printable(name)) {
    return "the name is missing, too long or not printable";
  }
  if (filter.on_frame == nullptr) return "on_frame is NULL";
  if (filter.commands == 0) return "commands is 0: it would never run";
  if (too_long(filter.destination, longest_text) || too_long(filter.header, longest_text)) {
    return "destination or header is longer than 1024 bytes";
  }
  if (filter.header != nullptr && *filter.header == '\0') return "header is empty";
  return problem_of_stage(filter);
}

std::string denial_of(const Instance& self, const romp_filter& filter) {
  if (filter.stage == ROMP_STAGE_AUTH && !self.has(ROMP_CAP_AUTH)) {
    return "stage AUTH wants ROMP_CAP_AUTH";
  }
  if ((filter.flags & ROMP_FILTER_MUTATES) != 0 && !self.has(ROMP_CAP_MUTATE)) {
    return "ROMP_FILTER_MUTATES wants ROMP_CAP_MUTATE";
  }
  if (filter.header != nullptr && std::string_view(filter.header) == "passcode" &&
      !self.has(ROMP_CAP_CREDENTIALS)) {
    return "the header passcode wants ROMP_CAP_CREDENTIALS";
  }
  return {};
}

Filter copy_of(const romp_filter& given) {
  Filter filter;
  filter.name = given.name;
  filter.any_destination = given.destination == nullptr;
  if (given.destination != nullptr) filter.destination = given.destination;
  filter.prefix = filter.destination.ends_with('*');
  if (filter.prefix) filter.destination.pop_back();
  if (given.header != nullptr) filter.header = given.header;
  filter.stage = given.stage;
  filter.priority = given.priority;
  filter.commands = given.commands;
  filter.flags = given.flags;
  filter.on_frame = given.on_frame;
  filter.user = given.user;
  return filter;
}

romp_status add_filter(const romp_host* host, const romp_filter* given) {
  return entered(host, add_rule, [&](Instance& self) -> romp_status {
    const auto no = [&](romp_status status, const std::string& problem) {
      return refuse(self, "add_filter", status, problem);
    };
    if (const auto s = check_struct(self, "add_filter", given, filter_flags); s != ROMP_OK)
      return s;
    if (const auto problem = problem_of(*given); !problem.empty()) return no(ROMP_E_INVAL, problem);
    if (const auto denial = denial_of(self, *given); !denial.empty()) {
      return no(ROMP_E_DENIED, denial);
    }
    const auto& filters = self.filters();
    if (std::ranges::find(filters, std::string_view(given->name), &Filter::name) != filters.end()) {
      return no(ROMP_E_EXISTS, "the name " + in_quotes(given->name) + " is taken");
    }
    if (filters.size() >= most_filters) return no(ROMP_E_TOOBIG, "too many filters");
    self.add(copy_of(*given));
    return ROMP_OK;
  });
}

romp_status metric_define(const romp_host* host, std::uint32_t kind, const char* name,
                          const char* help, romp_metric_id* out) {
  return entered(host, define_rule, [&](Instance& self) -> romp_status {
    if (name == nullptr || out == nullptr) return ROMP_E_INVAL;
    return self.metrics().define(kind, name, help == nullptr ? "" : help, *out);
  });
}

}  // namespace

void set_registration_functions(romp_host& table) noexcept {
  table.add_filter = add_filter;
  table.metric_define = metric_define;
}

}  // namespace romp::plugin
