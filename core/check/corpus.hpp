// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "plugin/call.hpp"
#include "plugin/chain.hpp"

namespace romp::check {

/// A frame that a filter is tried with, as a session would keep it for one that may defer.
struct Trial {
  explicit Trial(plugin::Peer& peer) : call(peer, frame, 1) {}

  std::string what;  ///< "1000 headers"
  std::string text;  ///< what the frame's views refer to
  stomp::Frame frame;
  plugin::Call call;
};

/// Frames that match a filter: usual ones, and the worst that a client may send.
class Corpus {
 public:
  Corpus(const plugin::Filter& filter, std::uint64_t seed);

  static constexpr unsigned kinds = 9;
  static constexpr std::size_t many_headers = 1000;

  /// Number `kind` below `kinds`; beyond, random ones.
  std::shared_ptr<Trial> make(plugin::Peer& peer, unsigned kind);

 private:
  std::string destination();
  std::string random_text(std::size_t longest);
  void fill(Trial& trial, unsigned kind);

  const plugin::Filter& filter_;
  std::mt19937_64 random_;
};

}  // namespace romp::check
