// SPDX-License-Identifier: Apache-2.0
#include "net/addresses.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace romp::net {
namespace {

/// IPv4 in the form of IPv6 is IPv4. Those two never meet: no address of IPv6 begins with ::ffff.
Addresses::Key key_of(const sockaddr_storage& peer) noexcept {
  Addresses::Key key{};
  if (peer.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(peer);
    std::memcpy(key.data() + 4, &v4.sin_addr, 4);
    return key;
  }
  const auto& address = reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    std::memcpy(key.data() + 4, address.s6_addr + 12, 4);
  } else {
    std::memcpy(key.data(), address.s6_addr, key.size());
  }
  return key;
}

}  // namespace

std::unique_ptr<Addresses::Visit> Addresses::enter(const sockaddr_storage& peer, base::Time now,
                                                   Refusal& refusal) {
  const Key key = key_of(peer);
  const std::lock_guard lock(mutex_);
  auto at = rows_.find(key);
  refusal = Refusal::memory;
  if (at == rows_.end()) {
    if (rows_.size() >= most_rows) return nullptr;
    at = rows_.emplace(key, std::make_unique<Row>(limits_)).first;
  }
  Row& row = *at->second;
  refusal = Refusal::connections;
  if (limits_.connections != 0 && row.connections >= limits_.connections) return nullptr;
  refusal = Refusal::rate;
  if (row.rate.is_limited() && !row.rate.take_one(now)) return nullptr;
  refusal = Refusal::none;
  ++row.connections;
  return std::make_unique<Visit>(*this, key, row);
}

void Addresses::leave(const Key& key) {
  const std::lock_guard lock(mutex_);
  --rows_.at(key)->connections;
}

void Addresses::sweep(base::Time now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(rows_, [now](const auto& entry) {
    Row& row = *entry.second;
    return row.connections == 0 && row.rate.is_full(now) && row.octets.is_full(now);
  });
}

std::size_t Addresses::size() const {
  const std::lock_guard lock(mutex_);
  return rows_.size();
}

}  // namespace romp::net
