// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <optional>

#include "config/settings.hpp"
#include "net/addresses.hpp"
#include "net/metered.hpp"
#include "server/port.hpp"

namespace romp::server {

/// Decides who may come in, by the limits of the port and of the address. Outlives the clients. Any
/// thread.
class Admission {
 public:
  explicit Admission(const config::Settings& settings);

  struct Decision {
    std::optional<net::Toll> toll;  ///< nothing: there is nothing to count
    const char* refusal = nullptr;  ///< one sentence for the client; null: it may come in
  };
  Decision admit(const sockaddr_storage& peer, Port& port);

  /// To be called about once a second.
  void sweep() { addresses_.sweep(base::Clock::now()); }

  std::size_t addresses() const { return addresses_.size(); }
  /// How often a connection had to wait before it was read on.
  std::uint64_t pauses() const noexcept { return pauses_.load(std::memory_order_relaxed); }

 private:
  static Decision refuse(Port& port, Port::Limit limit, const char* why);

  const bool counts_addresses_;
  const std::size_t connection_octets_;
  net::Addresses addresses_;
  std::atomic<std::uint64_t> pauses_{0};
};

}  // namespace romp::server
