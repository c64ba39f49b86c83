// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "broker/broker.hpp"
#include "config/settings.hpp"
#include "support/stomp_client.hpp"

namespace romp::support {

/// The broker's defaults on a free port, with one worker.
config::Settings test_settings();

/// What a test says about one destination, on top of the broker's defaults.
config::DestinationSettings queue_named(std::string_view name);
config::DestinationSettings topic_named(std::string_view name);

/// A real broker within the test: its workers, and a thread that runs its control context. It
/// listens when the constructor returns and has ended when the destructor does.
class TestServer {
 public:
  explicit TestServer(config::Settings settings = test_settings());
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::uint16_t port() const noexcept;
  /// That of [server] ports and listeners number `index`.
  std::uint16_t port(std::size_t index) const;

  /// A connection without a session.
  StompClient client() const { return StompClient(port()); }
  /// A session.
  StompClient connect(std::string_view version = "1.2", const Headers& more = {}) const;

  broker::Broker& broker() noexcept;
  broker::Counts counts(std::string_view destination);
  std::size_t connections() const noexcept;
  /// Sessions that have gone on on another worker.
  std::uint64_t moves() const noexcept;

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

/// The worker that a session came in on, by the id in CONNECTED.
unsigned worker_of(const StompClient& client);

}  // namespace romp::support
