// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "base/clock.hpp"
#include "net/budget.hpp"

struct sockaddr_storage;

namespace romp::net {

/// Limits of one address; 0: none.
struct AddressLimits {
  std::size_t connections = 0;
  std::size_t rate = 0;    ///< new connections a second
  std::size_t octets = 0;  ///< a second, read from all of its connections

  bool any() const noexcept { return connections != 0 || rate != 0 || octets != 0; }
};

/// Who is connected from where. An address is one of IPv4, or 64 bits of IPv6: who has one of those
/// has them all. Any thread.
class Addresses {
 public:
  explicit Addresses(AddressLimits limits) noexcept : limits_(limits) {}

  struct Row {
    explicit Row(const AddressLimits& limits) : rate(limits.rate), octets(limits.octets) {}
    std::size_t connections = 0;  ///< guarded by the table
    Budget rate;
    Budget octets;
  };
  using Key = std::array<std::uint8_t, 8>;

  /// One connection of an address, until it ends.
  class Visit {
   public:
    Visit(Addresses& table, const Key& key, Row& row) noexcept
        : table_(table), key_(key), row_(row) {}
    ~Visit() { table_.leave(key_); }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    Budget& octets() noexcept { return row_.octets; }

   private:
    Addresses& table_;
    const Key key_;
    Row& row_;
  };

  enum class Refusal { none, connections, rate, memory };

  /// Null with the reason.
  std::unique_ptr<Visit> enter(const sockaddr_storage& peer, base::Time now, Refusal& refusal);

  /// Forgets who has gone and owes nothing. To be called about once a second.
  void sweep(base::Time now);
  std::size_t size() const;

 private:
  friend class Visit;
  void leave(const Key& key);

  static constexpr std::size_t most_rows = 1'000'000;

  const AddressLimits limits_;
  mutable std::mutex mutex_;
  std::map<Key, std::unique_ptr<Row>> rows_;
};

}  // namespace romp::net
