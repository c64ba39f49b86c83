// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace romp::auth {

/// Logins that were right a moment ago, so that a thousand clients of one user that come back at
/// once need one slow check. Holds a keyed digest of user, hash and passcode, with a key of this
/// process; a changed hash is another login. Bounded; any thread.
class RecentLogins {
 public:
  static constexpr std::size_t most = 4096;
  static constexpr auto good_for = std::chrono::minutes(1);

  RecentLogins();

  void add(std::string_view user, std::string_view hash, std::string_view passcode, base::Time now);
  bool has(std::string_view user, std::string_view hash, std::string_view passcode, base::Time now);

 private:
  std::string key_of(std::string_view user, std::string_view hash, std::string_view passcode) const;
  void drop_old(base::Time now);

  const std::string secret_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, base::Time> until_;
  std::deque<std::string> by_age_;
};

}  // namespace romp::auth
