// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "config/settings.hpp"

namespace romp::broker {

/// Those settings of a destination that may change while it is used. Any thread; each is read and
/// written on its own.
struct LiveSettings {
  explicit LiveSettings(const config::DestinationSettings& from) { set(from); }

  void set(const config::DestinationSettings& from) {
    max_connections = from.max_connections;
    max_messages = from.max_messages;
    max_message_size = from.max_message_size;
    expiry_ms = from.expiry.count();
    write_block = from.write_block;
    read_block = from.read_block;
    web_write_block = from.web_write_block;
    web_read_block = from.web_read_block;
  }
  void get(config::DestinationSettings& to) const {
    to.max_connections = max_connections;
    to.max_messages = max_messages;
    to.max_message_size = max_message_size;
    to.expiry = config::milliseconds(expiry_ms);
    to.write_block = write_block;
    to.read_block = read_block;
    to.web_write_block = web_write_block;
    to.web_read_block = web_read_block;
  }

  bool blocks_sender(bool from_web) const { return write_block || (from_web && web_write_block); }
  bool blocks_reader(bool from_web) const { return read_block || (from_web && web_read_block); }

  std::atomic<std::size_t> max_connections;
  std::atomic<std::size_t> max_messages;
  std::atomic<std::size_t> max_message_size;
  std::atomic<std::int64_t> expiry_ms;
  std::atomic<bool> write_block;
  std::atomic<bool> read_block;
  std::atomic<bool> web_write_block;
  std::atomic<bool> web_read_block;
};

}  // namespace romp::broker
