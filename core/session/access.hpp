// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "auth/permissions.hpp"
#include "base/clock.hpp"
#include "broker/subscription.hpp"

namespace romp::session {

/// What a session may do, and until when. Only sessions that may not do everything for ever have
/// one.
struct Access {
  std::shared_ptr<const auth::Rights> rights;  ///< null: everything
  base::Time ends = base::Time::max();
  std::string last_written;  ///< was allowed, and is not asked for again
};

/// The topics that a subscription to a pattern may hear.
class PermittedTopics final : public broker::Audience {
 public:
  explicit PermittedTopics(std::shared_ptr<const auth::Rights> rights)
      : rights_(std::move(rights)) {}

  bool may_hear(std::string_view topic) const noexcept override {
    return rights_->may(auth::Verb::read, topic);
  }

 private:
  std::shared_ptr<const auth::Rights> rights_;
};

}  // namespace romp::session
