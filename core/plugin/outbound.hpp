// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "romp/client.h"
#include "stomp/batch.hpp"

namespace romp::plugin {

struct Outgoing;

/// What a plugin wants of an outbound connection; see romp_client_options. Texts are its own.
struct OutboundWish {
  std::string instance;  ///< who asks; sessions are its user
  std::uint32_t flags = 0;
  std::string address;
  std::string login;
  std::string passcode;
  std::optional<std::string> vhost;
  std::string versions;
  std::string tls_ca;
  std::string tls_certificate;
  std::string tls_key;
  std::vector<std::pair<std::string, std::string>> headers;
  std::uint32_t heart_out_ms = 0;
  std::uint32_t heart_in_ms = 0;
  std::int64_t connect_timeout_ns = 0;
  std::int64_t retry_min_ns = 0;
  std::int64_t retry_max_ns = 0;
  std::int64_t max_age_ns = 0;
};

/// Something that came over an outbound connection.
struct Arrived {
  enum class Kind : std::uint8_t { up, frames, answers, down };

  Kind kind = Kind::frames;
  std::uint64_t epoch = 0;               ///< of `up`
  romp_status why = ROMP_OK;             ///< of `down`
  std::string text;                      ///< of `down`; of `answers`: the client
  std::unique_ptr<stomp::Batch> frames;  ///< CONNECTED, frames, answers
};

/// An outbound connection as plugins use it; the layers above implement it. Any thread.
class Outbound {
 public:
  virtual ~Outbound() = default;

  /// ROMP_E_STATE: there is no connection of that epoch; ROMP_E_AGAIN; ROMP_E_INVAL.
  virtual romp_status send(std::uint64_t epoch, const Outgoing& frame) = 0;
  /// ROMP_E_AGAIN: too much waits.
  virtual romp_status submit(std::string_view client, const Outgoing& frame) = 0;
  /// Stops reading, or goes on: for the plugin itself, and for the queue of what has come.
  enum class Reason : std::uint8_t { plugin = 1, queue = 2, sessions = 4 };
  virtual void hold(Reason reason, bool on) = 0;
  virtual void restart(std::string_view why) = 0;
  /// Nothing more comes, but for what is on its way.
  virtual void close() = 0;
  /// All but `size`.
  virtual romp_client_status status() const = 0;
};

/// Leaves what has come for the plugin. Never blocks.
using PutArrived = std::function<void(Arrived)>;

}  // namespace romp::plugin
