// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "stomp/frame.hpp"

namespace romp::stomp {

/// The highest version in an accept-version list that we speak; nothing where there is none. A
/// client that sends no list speaks 1.0 (STOMP 1.2, "Protocol Negotiation"); `list.data()` is null
/// then.
std::optional<Version> choose_version(std::string_view list) noexcept;

using std::chrono::milliseconds;

/// What the operator allows.
struct HeartBeatLimits {
  milliseconds read;       ///< the slowest beat asked of a client; 0: none is asked for
  milliseconds write_min;  ///< the fastest beat promised
  milliseconds write_max;  ///< the slowest beat promised; 0: none is promised
};

/// The outcome of "Heart-beating" (STOMP 1.2): what either side has promised.
struct HeartBeat {
  milliseconds we_send{0};    ///< at least one octet in this time; 0: no promise
  milliseconds they_send{0};  ///< the client's promise; 0: none
  milliseconds offered{0};    ///< sx of CONNECTED
  milliseconds wanted{0};     ///< sy of CONNECTED

  /// A sender must be early: half of what is promised.
  milliseconds send_after() const noexcept { return we_send / 2; }
  /// A receiver must be patient: twice what is promised.
  milliseconds give_up_after() const noexcept { return they_send * 2; }
};

/// `header` is the client's "cx,cy"; a null view means 0,0. Throws ProtocolError unless it is two
/// numbers. A number that is too large counts as 49 days.
HeartBeat negotiate(std::string_view header, const HeartBeatLimits& limits);

}  // namespace romp::stomp
