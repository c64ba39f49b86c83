// SPDX-License-Identifier: Apache-2.0
#include "server/admission.hpp"

#include <sys/socket.h>

namespace romp::server {
namespace {

net::AddressLimits limits_of(const config::Settings& settings) noexcept {
  return {settings.address_connections, settings.address_rate, settings.address_octets};
}

std::shared_ptr<void> take_place(Port& port) {
  ++port.connections;
  return {&port, [](Port* left) { --left->connections; }};
}

}  // namespace

Admission::Admission(const config::Settings& settings)
    : counts_addresses_(limits_of(settings).any()),
      connection_octets_(settings.connection_octets),
      addresses_(limits_of(settings)) {}

Admission::Decision Admission::refuse(Port& port, Port::Limit limit, const char* why) {
  ++port.refused[static_cast<std::size_t>(limit)];
  return {std::nullopt, why};
}

Admission::Decision Admission::admit(const sockaddr_storage& peer, Port& port) {
  const std::size_t most = port.settings.max_connections;
  if (most == 0 && !counts_addresses_ && connection_octets_ == 0) return {};
  if (most != 0 && port.connections >= most) {
    return refuse(port, Port::Limit::connections, "this listener has all the connections it takes");
  }
  net::Toll toll{nullptr, nullptr, connection_octets_, &pauses_};
  auto refusal = net::Addresses::Refusal::none;
  if (counts_addresses_) toll.visit = addresses_.enter(peer, base::Clock::now(), refusal);
  switch (refusal) {
    case net::Addresses::Refusal::none:
      break;
    case net::Addresses::Refusal::connections:
      return refuse(port, Port::Limit::address_connections,
                    "there are too many connections from this address");
    case net::Addresses::Refusal::rate:
      return refuse(port, Port::Limit::address_rate, "connections come too fast from this address");
    case net::Addresses::Refusal::memory:
      return refuse(port, Port::Limit::addresses, "there are too many clients");
  }
  if (most != 0) toll.place = take_place(port);
  return {std::move(toll), nullptr};
}

}  // namespace romp::server
