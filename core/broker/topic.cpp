// SPDX-License-Identifier: Apache-2.0
#include "broker/topic.hpp"

namespace romp::broker {

Published Topic::accept(const MessagePtr& message, Waiter*, Admission) {
  message->sequence = ++last_sequence_;
  message->place = place_.number;
  ++counts_.published;
  std::optional<std::string_view> user;
  if (settings().sub_by_user) user = message->header("to");
  for (const auto& subscription : subscriptions_) {
    if (!is_for(*subscription, *message, user)) continue;
    if (subscription->deliver(message, 0)) {
      ++counts_.delivered;
    } else {
      overflow(*subscription);
    }
  }
  return Published::accepted;
}

bool Topic::is_for(const Subscription& subscription, const Message& message,
                   std::optional<std::string_view> user) const {
  if (user && (user->empty() || subscription.terms().user != *user)) return false;
  return subscription.wants(message, settings().filter_self);
}

void Topic::overflow(Subscription& subscription) {
  ++counts_.dropped;
  if (settings().slow_consumer == config::SlowConsumer::disconnect) {
    subscription.evict("slow consumer: its outbox is full");
  }
}

}  // namespace romp::broker
