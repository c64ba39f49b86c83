// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <span>

namespace romp::stomp {

/// The first frame of a stream that was written by this server, or the line ends before it.
struct FirstFrame {
  std::size_t octets = 0;  ///< its length, as far as what is there tells; never 0
  bool is_whole = false;   ///< all of it is there
  bool is_utf8 = false;    ///< and it is UTF-8, header and body
};

/// Looks at frames that were rendered already, in pieces of any size. Line ends between frames are
/// reported by themselves: they are heart-beats. There must be at least one octet.
FirstFrame find_first_frame(std::span<const iovec> pieces);

}  // namespace romp::stomp
