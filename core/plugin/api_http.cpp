// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "plugin/host_api.hpp"
#include "plugin/http_chain.hpp"
#include "plugin/interfaces.hpp"
#include "plugin/message.hpp"
#include "plugin/text.hpp"
#include "romp/http.h"

namespace romp::plugin {
namespace {

constexpr Rule add_rule{while_creating, Mark::main, ROMP_CAP_HTTP};
constexpr Rule in_filter{once_created, Mark::session, ROMP_CAP_HTTP};
constexpr Rule anywhere{once_created, Mark::any, ROMP_CAP_HTTP};
constexpr std::uint32_t all_methods = ROMP_HTTP_GET | ROMP_HTTP_HEAD | ROMP_HTTP_POST |
                                      ROMP_HTTP_PUT | ROMP_HTTP_DELETE | ROMP_HTTP_OPTIONS;
constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_path = 1024;
constexpr std::size_t most_filters = 1024;

bool is_visible(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string problem_of(const romp_http_filter& filter) {
  const std::string_view name = filter.name == nullptr ? "" : filter.name;
  if (name.empty() || name.size() > longest_name || !is_visible(name)) {
    return "the name is missing, too long or not printable";
  }
  if (filter.on_request == nullptr) return "on_request is NULL";
  if (filter.methods == 0) return "methods is 0: it would never run";
  if ((filter.methods & ~all_methods) != 0) return "unknown methods";
  const std::string_view path = filter.path == nullptr ? "" : filter.path;
  if (path.empty() || (path.front() != '/' && path != "*")) return "the path must begin with '/'";
  if (path.size() > longest_path || !is_visible(path))
    return "the path is too long, or not visible";
  return {};
}

HttpFilter copy_of(const romp_http_filter& given) {
  HttpFilter filter;
  filter.name = given.name;
  filter.path = given.path;
  filter.prefix = filter.path.ends_with('*');
  if (filter.prefix) filter.path.pop_back();
  filter.methods = given.methods;
  filter.priority = given.priority;
  filter.on_request = given.on_request;
  filter.user = given.user;
  return filter;
}

romp_status add_http(const romp_host* host, const romp_http_filter* given) {
  return entered(host, add_rule, [&](Instance& self) -> romp_status {
    const auto no = [&](romp_status status, const std::string& problem) {
      return refuse(self, "add_http", status, problem);
    };
    if (const auto s = check_struct(self, "add_http", given, 0); s != ROMP_OK) return s;
    if (const auto problem = problem_of(*given); !problem.empty()) return no(ROMP_E_INVAL, problem);
    const auto& filters = self.http_filters();
    const std::string_view name = given->name;
    if (std::ranges::find(filters, name, &HttpFilter::name) != filters.end() ||
        std::ranges::find(self.filters(), name, &Filter::name) != self.filters().end()) {
      return no(ROMP_E_EXISTS, "the name " + in_quotes(name) + " is taken");
    }
    if (filters.size() >= most_filters) return no(ROMP_E_TOOBIG, "too many filters");
    self.add(copy_of(*given));
    return ROMP_OK;
  });
}

/// A name must be a token, and a value hold nothing that ends a line (RFC 9110, 5.5 and 5.6.2).
bool is_field(const stomp::Header& header) noexcept {
  constexpr std::string_view token = "!#$%&'*+-.^_`|~";
  const auto in_name = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           token.find(c) != token.npos;
  };
  const auto in_value = [](char c) { return (c >= ' ' && c != '\x7f') || c == '\t' || c < 0; };
  return !header.name.empty() && std::ranges::all_of(header.name, in_name) &&
         std::ranges::all_of(header.value, in_value);
}

/// The host's own.
bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 7> reserved{
      "connection", "content-length", "transfer-encoding", "keep-alive", "upgrade",
      "date",       "server"};
  return std::ranges::any_of(reserved, [&](std::string_view word) {
    return std::ranges::equal(word, name, [](char a, char b) {
      return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + ('a' - 'A')) : b);
    });
  });
}

romp_status read_reply(Instance& self, std::uint32_t status, const romp_message* given,
                       HttpReply& reply) {
  if (status < 200 || status > 599) {
    return refuse(self, "http_reply", ROMP_E_INVAL, "the status must be 200 to 599");
  }
  reply.status = status;
  if (given == nullptr) return ROMP_OK;
  Message message;
  if (const auto s = message.read(self, "http_reply", given); s != ROMP_OK) return s;
  const Outgoing out = message.outgoing(stomp::Command::message);
  for (const auto& header : out.headers) {
    if (!is_field(header) || is_reserved(header.name)) {
      return refuse(self, "http_reply", ROMP_E_INVAL,
                    "header " + in_quotes(header.name) + " is the host's, or cannot be sent");
    }
    if (header.name == "content-type") {
      reply.content_type = header.value;
    } else {
      reply.headers.emplace_back(header.name, header.value);
    }
  }
  reply.body = out.body;
  return ROMP_OK;
}

romp_verdict http_reply(const romp_host* host, const romp_http* request, std::uint32_t status,
                        const romp_message* message) {
  const auto result = entered(host, anywhere, [&](Instance& self) -> romp_status {
    if (request == nullptr) return ROMP_E_INVAL;
    HttpReply reply;
    if (const auto s = read_reply(self, status, message, reply); s != ROMP_OK) return s;
    const auto call = running_http_call(self, request);
    if (call == nullptr || call->deferred != 0) {
      return self.environment().deferrals.http().answer(self, request, std::move(reply));
    }
    if (call->reply) return ROMP_E_STATE;
    call->reply = std::move(reply);
    return ROMP_OK;
  });
  return result == ROMP_OK ? ROMP_HANDLED : result;
}

romp_status defer(const romp_host* host, const romp_http* request, romp_defer_id* out) {
  return entered(host, in_filter, [&](Instance& self) -> romp_status {
    auto call = running_http_call(self, request);
    if (call == nullptr || out == nullptr) return ROMP_E_INVAL;
    if (call->deferred != 0 || call->reply) return ROMP_E_EXISTS;
    HttpCall& in_hand = *call;
    romp_defer_id id = 0;
    const auto status = self.environment().deferrals.http().open(
        {&self, std::move(call), in_hand.filter, true}, id);
    if (status == ROMP_OK) *out = in_hand.deferred = id;
    return status;
  });
}

}  // namespace

romp_status resume_http(Instance& self, romp_defer_id id, romp_verdict verdict) {
  auto& deferrals = self.environment().deferrals.http();
  if (verdict == ROMP_HANDLED && !deferrals.is_answered(self, id)) verdict = ROMP_E_INVAL;
  const auto deferral = deferrals.take(self, id);
  if (!deferral) return ROMP_E_GONE;
  const HttpFilter& filter = *deferral->filter;
  if (verdict < 0) {
    self.fault(*filter.counters, filter.name,
               verdict == ROMP_E_INVAL
                   ? "resumed with HANDLED without http_reply()"
                   : "failed (" + std::to_string(verdict) + ") while it deferred");
    verdict = ROMP_REJECT;
  } else if (verdict == ROMP_HANDLED) {
    Counters::count(filter.counters->handled);
  } else if (verdict == ROMP_REJECT) {
    Counters::count(filter.counters->rejected);
  }
  deferral->call->client().resume_http(id, verdict);
  return ROMP_OK;
}

const void* http_interface() noexcept {
  static constexpr romp_http_later table{sizeof(romp_http_later), 0, defer};
  return &table;
}

void set_http_functions(romp_host& table) noexcept {
  table.add_http = add_http;
  table.http_reply = http_reply;
}

}  // namespace romp::plugin
