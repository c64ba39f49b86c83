// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/destination.hpp"
#include "broker/memory.hpp"
#include "broker/subscription.hpp"

namespace romp::broker {

/// A subscription that takes what it is given, as far as it was told to, and remembers it.
class FakeSubscription final : public Subscription {
 public:
  explicit FakeSubscription(Terms terms) : Subscription(std::move(terms)) {}

  bool deliver(const MessagePtr& message, std::uint32_t attempts) noexcept override {
    if (got.size() >= most || refusals != 0) {
      refusals -= refusals != 0 ? 1 : 0;
      return false;
    }
    got.push_back({message, attempts});
    return true;
  }
  bool has_room() const noexcept override { return room; }
  void evict(const char* reason) noexcept override { evicted = reason; }
  std::optional<unsigned> worker() const noexcept override { return on_worker; }

  /// The bodies of what it was given and has not let go of; "+N" behind those of attempt N + 1.
  std::vector<std::string> bodies() const {
    std::vector<std::string> list;
    for (const auto& one : got) {
      list.emplace_back(one.message->body());
      if (one.attempts != 0) list.back() += "+" + std::to_string(one.attempts);
    }
    return list;
  }

  /// Lets go of the first `count`: what a session would settle, or give back.
  std::vector<Unsettled> take(std::size_t count = std::numeric_limits<std::size_t>::max()) {
    std::vector<Unsettled> taken;
    while (taken.size() < count && !got.empty()) {
      taken.push_back({got.front().message, got.front().attempts + 1});
      got.erase(got.begin());
    }
    return taken;
  }

  /// The same for deliveries that never reached their session: they do not count as attempts.
  std::vector<Unsettled> take_from_mailbox() { return std::exchange(got, {}); }

  std::vector<Unsettled> got;
  std::size_t most = std::numeric_limits<std::size_t>::max();
  std::size_t refusals = 0;  ///< how often it says no from now on
  bool room = true;
  std::string evicted;
  std::optional<unsigned> on_worker;
};
using FakePtr = base::Ptr<FakeSubscription>;

class FakeWaiter final : public Waiter {
 public:
  void on_room() noexcept override { ++told; }

  int told = 0;
};
using FakeWaiterPtr = base::Ptr<FakeWaiter>;

inline FakePtr automatic(Terms terms = {}) { return new FakeSubscription(std::move(terms)); }

inline FakePtr client(std::uint32_t prefetch = 0, Terms terms = {}) {
  terms.ack = AckMode::client_individual;
  terms.prefetch = prefetch;
  return new FakeSubscription(std::move(terms));
}

inline Terms selecting(std::string_view selector) {
  Terms terms;
  terms.selector = Selector::parse(selector);
  return terms;
}

inline Terms of_session(std::uint64_t session) {
  Terms terms;
  terms.session = session;
  return terms;
}

inline Terms of_user(std::string_view user) {
  Terms terms;
  terms.user = user;
  return terms;
}

using Headers = std::initializer_list<std::pair<std::string_view, std::string_view>>;

inline MessagePtr message(std::string_view body, Headers headers = {}) {
  std::string head = "destination:/queue/a\n";
  for (const auto& [name, value] : headers) head.append(name).append(":").append(value) += '\n';
  head += '\n';
  auto made = Message::make(head.size(), body.size());
  head.copy(made->mutable_head(), head.size());
  body.copy(made->mutable_body(), body.size());
  return made;
}

inline MessagePtr message_from(std::uint64_t session, std::string_view body) {
  auto made = message(body);
  made->sender = session;
  return made;
}

inline MessagePtr message_until(std::int64_t expires, std::string_view body) {
  auto made = message(body);
  made->expires = expires;
  return made;
}

/// Publishes with nobody to wait: bodies in this order.
inline void publish(Destination& destination, std::initializer_list<std::string_view> bodies) {
  for (const auto body : bodies) destination.publish(message(body), nullptr);
}

inline config::DestinationSettings queue_settings() {
  config::DestinationSettings settings;
  settings.type = config::DestinationType::queue;
  return settings;
}

template <class D>
base::Ptr<D> make_destination(Memory& memory, config::DestinationSettings settings) {
  return new D({.name = "/queue/a",
                .settings = std::move(settings),
                .number = 7,
                .on_demand = true,
                .owner = 0,
                .memory = &memory});
}

}  // namespace romp::broker
