// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stomp/frame.hpp"
#include "stomp/parser.hpp"

namespace romp::stomp {

/// Frames that came together, with the octets they refer to: for whoever hands them to another
/// thread. Immutable once made.
struct Batch {
  struct Item {
    Command command = Command::unknown;
    std::string_view word;
    std::string_view body;
    std::uint32_t first = 0;  ///< of its headers
    std::uint32_t count = 0;
  };

  std::span<const Header> headers_of(const Item& item) const noexcept {
    return std::span(headers).subspan(item.first, item.count);
  }
  /// The first value of a header; `data()` is null where it is absent.
  std::string_view find(const Item& item, std::string_view name) const noexcept;

  std::string octets;
  std::vector<Header> headers;
  std::vector<Item> items;
};

/// Cuts a stream of octets into batches of whole frames. One thread at a time.
class BatchReader {
 public:
  explicit BatchReader(const Limits& limits);

  /// For the frames that have not been taken yet.
  void set_version(Version version) noexcept { parser_.set_version(version); }
  /// What is whole with `octets` behind what was kept, at most so many frames; null: nothing is.
  /// Throws ProtocolError; then only `clear` makes it usable again.
  std::unique_ptr<Batch> take(std::string_view octets, std::size_t most = SIZE_MAX);
  /// Forgets what was kept, for a new stream.
  void clear();
  /// Octets of frames that are not whole.
  std::size_t kept() const noexcept { return rest_.size(); }

 private:
  Limits limits_;
  Parser parser_;
  Frame frame_;
  std::string rest_;
};

}  // namespace romp::stomp
