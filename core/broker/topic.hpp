// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/destination.hpp"

namespace romp::broker {

/// Gives every message to every subscription that is there when it comes, and keeps nothing.
/// With `sub_by_user` a message that has a `to` header goes to the subscriptions of that user only.
class Topic final : public Destination {
 public:
  using Destination::Destination;

  void settle(Subscription&, std::span<const Unsettled>) override {}
  std::vector<MessagePtr> give_back(Subscription&, std::vector<Unsettled>, bool) override {
    return {};
  }
  void resume(Subscription&) override {}

 private:
  Published accept(const MessagePtr& message, Waiter* waiter, Admission how) override;
  void added(Subscription&) override {}
  void removed(Subscription&, std::vector<Unsettled>&, std::vector<MessagePtr>&) override {}

  bool is_for(const Subscription& subscription, const Message& message,
              std::optional<std::string_view> user) const;
  void overflow(Subscription& subscription);
};

}  // namespace romp::broker
