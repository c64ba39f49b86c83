// SPDX-License-Identifier: Apache-2.0
#include "http/desk.hpp"

#include "http/connection.hpp"

namespace romp::http {
namespace {

constexpr std::size_t read_size = 64 * 1024;

}  // namespace

Desk::Desk(net::Worker& worker, Environment& environment, Above above)
    : worker_(worker),
      environment_(environment),
      above_(std::move(above)),
      read_buffer_(read_size) {}

Desk::~Desk() = default;

void Desk::add(std::unique_ptr<net::Transport> transport,
               const config::ListenerSettings& listener) {
  const base::Ptr<Connection> connection(new Connection(std::move(transport), *this, listener));
  connections_.emplace(connection.get(), connection);
  size_.store(connections_.size(), std::memory_order_relaxed);
  counters_.connections.add();
  connection->start();
}

void Desk::remove(Connection& connection) {
  connections_.erase(&connection);
  size_.store(connections_.size(), std::memory_order_relaxed);
}

void Desk::finish_all() {
  const auto all = connections_;
  for (const auto& [key, connection] : all) connection->finish();
}

void Desk::close_all() {
  const auto all = connections_;
  for (const auto& [key, connection] : all) connection->close();
}

}  // namespace romp::http
