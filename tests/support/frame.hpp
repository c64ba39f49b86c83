// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace romp::support {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// A STOMP frame as a client means it: headers unescaped, in the order of the wire. Written apart
/// from core/stomp, so that a mistake there is not repeated here.
struct Frame {
  std::string command;
  Headers headers;
  std::string body;

  /// The first header of that name; empty where there is none.
  std::string header(std::string_view name) const;
  bool has(std::string_view name) const;
};

/// For failure texts: the frame in one line, what cannot be printed as \xNN.
std::string describe(const Frame& frame);
std::string printable(std::string_view octets);

/// The octets of a frame for a client of this version ("1.0", "1.1", "1.2").
std::string encode(const Frame& frame, std::string_view version);

/// Takes the first whole frame out of `received`, line ends before it counted in `beats`. Nothing:
/// it is not whole yet. Throws Failure where the octets are no frame.
std::optional<Frame> take_frame(std::string& received, std::string_view version,
                                std::size_t& beats);

}  // namespace romp::support
