// SPDX-License-Identifier: Apache-2.0
#include "auth/login_throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace romp::auth {
namespace {

constexpr base::Duration first_wait = std::chrono::milliseconds(100);

}  // namespace

std::string network_of(std::string_view remote) {
  auto host = remote.substr(0, remote.rfind(':'));
  if (host.starts_with('[')) host = host.substr(1, host.find(']') - 1);
  std::array<unsigned char, sizeof(in6_addr)> octets{};
  const std::string text(host.substr(0, host.find('%')));
  if (::inet_pton(AF_INET6, text.c_str(), octets.data()) != 1) return text;
  const bool is_v4 = IN6_IS_ADDR_V4MAPPED(reinterpret_cast<const in6_addr*>(octets.data()));
  return {octets.begin(), octets.begin() + (is_v4 ? 16 : 8)};
}

std::optional<base::Duration> LoginThrottle::wait_for(std::string_view remote, base::Time now) {
  if (longest_.count() == 0) return base::Duration::zero();
  const std::lock_guard lock(mutex_);
  const auto at = find(network_of(remote), now);
  if (at == entries_.end() || at->failures <= free_failures) return base::Duration::zero();
  const base::Time turn = std::max(now, at->next);
  if (turn - now > longest_) return std::nullopt;
  at->next = turn + spacing(at->failures);
  return turn - now;
}

void LoginThrottle::failed(std::string_view remote, base::Time now) {
  if (longest_.count() == 0) return;
  const std::string address = network_of(remote);
  const std::lock_guard lock(mutex_);
  auto at = find(address, now);
  if (at == entries_.end()) {
    if (entries_.size() >= most_addresses) {
      by_address_.erase(entries_.back().address);
      entries_.pop_back();
    }
    at = entries_.insert(entries_.begin(), Entry{address, 0, now, now});
    by_address_.emplace(address, at);
  }
  entries_.splice(entries_.begin(), entries_, at);
  ++at->failures;
  at->last = now;
  at->next = std::max(at->next, now + spacing(at->failures));
}

void LoginThrottle::succeeded(std::string_view remote) {
  if (longest_.count() == 0) return;
  const std::lock_guard lock(mutex_);
  const auto known = by_address_.find(network_of(remote));
  if (known == by_address_.end()) return;
  entries_.erase(known->second);
  by_address_.erase(known);
}

std::size_t LoginThrottle::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

/// Doubles with each failure behind the free ones.
base::Duration LoginThrottle::spacing(unsigned failures) const {
  if (failures <= free_failures) return base::Duration::zero();
  const unsigned doublings = std::min(failures - free_failures - 1, 16U);
  return std::min(longest_, first_wait * (1U << doublings));
}

/// What has been quiet for long is forgotten.
LoginThrottle::Entries::iterator LoginThrottle::find(const std::string& address, base::Time now) {
  const auto known = by_address_.find(address);
  if (known == by_address_.end()) return entries_.end();
  const auto at = known->second;
  if (now - at->last <= forget_after) return at;
  by_address_.erase(known);
  entries_.erase(at);
  return entries_.end();
}

}  // namespace romp::auth
