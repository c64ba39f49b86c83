// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace romp::auth {

/// Slows down who guesses passwords: an address whose logins have failed gets one attempt at a
/// time, each after a longer wait. Of IPv6 the first 64 bits count. Bounded; any thread.
class LoginThrottle {
 public:
  static constexpr unsigned free_failures = 5;
  static constexpr std::size_t most_addresses = 65'536;  ///< then the oldest is forgotten
  static constexpr auto forget_after = std::chrono::minutes(5);

  /// `longest`: of a wait; zero: nobody waits.
  explicit LoginThrottle(base::Duration longest) : longest_(longest) {}

  /// How long this attempt waits; nothing: so many wait already that it is refused. `remote` is
  /// "address:port" or "[address]:port".
  std::optional<base::Duration> wait_for(std::string_view remote, base::Time now);

  void failed(std::string_view remote, base::Time now);
  void succeeded(std::string_view remote);

  /// Addresses that are remembered.
  std::size_t size() const;

 private:
  struct Entry {
    std::string address;
    unsigned failures = 0;
    base::Time last{};
    base::Time next{};  ///< when the next attempt may be made
  };
  using Entries = std::list<Entry>;

  base::Duration spacing(unsigned failures) const;
  Entries::iterator find(const std::string& address, base::Time now);

  const base::Duration longest_;
  mutable std::mutex mutex_;
  Entries entries_;  ///< the last to fail in front
  std::unordered_map<std::string, Entries::iterator> by_address_;
};

/// The part of "address:port" that counts; for IPv6 its first 64 bits.
std::string network_of(std::string_view remote);

}  // namespace romp::auth
