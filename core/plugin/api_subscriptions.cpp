// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "broker/selector.hpp"
#include "plugin/host_api.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

constexpr Rule in_create{while_creating, Mark::main};
constexpr Rule to_subscribe{once_created, Mark::any, ROMP_CAP_SUBSCRIBE};
constexpr std::uint64_t known_events = (ROMP_MASK(ROMP_EV_OVERFLOW) << 1) - 1;
constexpr std::uint32_t usual_window = 1000;
constexpr std::uint32_t largest_window = 100'000;

romp_status add_events(const romp_host* host, std::uint64_t mask, Events::OnEvent on_event,
                       void* user) {
  return entered(host, in_create, [&](Instance& self) -> romp_status {
    const auto no = [&](romp_status status, const char* problem) {
      return refuse(self, "add_events", status, problem);
    };
    if (on_event == nullptr) return no(ROMP_E_INVAL, "on_event is NULL");
    // All bits are a wish for whatever there is, so a newer plugin may have them all set.
    if (mask == 0 || (mask != ROMP_MASK_ANY && (mask & ~known_events) != 0)) {
      return no(ROMP_E_INVAL, "unknown events");
    }
    if (self.events() != nullptr) return no(ROMP_E_EXISTS, "it has been called before");
    self.listen(std::make_unique<Events>(mask & known_events, on_event, user));
    return ROMP_OK;
  });
}

/// "selector" and "no-local" as in SUBSCRIBE; others mean nothing to the broker.
std::string read_headers(const romp_subscription& given, broker::Terms& terms) {
  for (std::uint32_t i = 0; i < given.header_count; ++i) {
    const auto& header = given.headers[i];
    if (!sound(header.name) || !sound(header.value)) return "a header lies about its length";
    if (view(header.name) == "no-local") terms.no_local = view(header.value) == "true";
    if (view(header.name) != "selector") continue;
    try {
      terms.selector = broker::Selector::parse(view(header.value));
    } catch (const broker::SelectorError& error) {
      return std::string("selector: ") + error.what();
    }
  }
  return {};
}

std::string problem_of(const Instance& self, const romp_subscription& given) {
  if (given.ack > ROMP_ACK_CLIENT_INDIVIDUAL) return "unknown ack mode";
  if (given.reserved != 0) return "reserved is not zero";
  if (given.on_message == nullptr) return "on_message is NULL";
  if (!sound(given.destination) || given.destination.len == 0) return "no destination";
  if (given.header_count > self.environment().most_headers) return "too many headers";
  if (given.header_count != 0 && given.headers == nullptr) return "headers is NULL";
  return {};
}

romp_status subscribe(const romp_host* host, const romp_subscription* given, romp_sub_id* out) {
  return entered(host, to_subscribe, [&](Instance& self) -> romp_status {
    if (const auto s = check_struct(self, "subscribe", given, 0); s != ROMP_OK) return s;
    if (out == nullptr) return ROMP_E_INVAL;
    auto problem = problem_of(self, *given);
    broker::Terms terms;
    if (problem.empty()) problem = read_headers(*given, terms);
    if (!problem.empty()) return refuse(self, "subscribe", ROMP_E_INVAL, problem);
    terms.ack = static_cast<broker::AckMode>(given->ack);
    if (terms.ack != broker::AckMode::automatic) {
      terms.prefetch = std::min(given->window == 0 ? usual_window : given->window, largest_window);
    }
    return self.subscriptions()->open(view(given->destination), std::move(terms),
                                      {given->on_message, given->on_closed, given->user}, *out);
  });
}

romp_status unsubscribe(const romp_host* host, romp_sub_id subscription) {
  return entered(host, to_subscribe,
                 [&](Instance& self) { return self.subscriptions()->close(subscription); });
}

romp_status ack(const romp_host* host, romp_sub_id subscription, std::uint64_t token,
                std::int32_t positive) {
  return entered(host, to_subscribe, [&](Instance& self) -> romp_status {
    if (positive != 0 && positive != 1) return ROMP_E_INVAL;
    return self.subscriptions()->settle(subscription, token, positive == 1);
  });
}

}  // namespace

void set_subscription_functions(romp_host& table) noexcept {
  table.add_events = add_events;
  table.subscribe = subscribe;
  table.unsubscribe = unsubscribe;
  table.ack = ack;
}

}  // namespace romp::plugin
