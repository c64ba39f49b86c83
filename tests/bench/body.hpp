// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace romp::bench {

/// What the first 16 octets of a body say: its number, from which source, and when it was due.
struct Stamp {
  std::uint64_t sequence = 0;  ///< 40 bits
  std::uint32_t source = 0;    ///< 24 bits
  std::int64_t due_ns = 0;     ///< 44 bits, ns_since_start
};

/// The bodies of one size: a stamp with a checksum, then octets that depend on the number, so that
/// neither a changed octet nor a mixture of two bodies passes.
class Body {
 public:
  static constexpr std::size_t stamp_size = 16;

  /// `size` below stamp_size is made stamp_size.
  explicit Body(std::size_t size);

  std::size_t size() const { return size_; }

  void write(char* to, const Stamp& stamp) const {
    write_stamp(to, stamp);
    write_rest(to + stamp_size, stamp.sequence);
  }

  /// False when the length or the checksum is wrong; then `stamp` means nothing.
  bool read_stamp(std::string_view body, Stamp& stamp) const;

  /// Whether everything behind the stamp is what write() wrote for that number.
  bool rest_matches(std::string_view body, const Stamp& stamp) const;

 private:
  static void write_stamp(char* to, const Stamp& stamp);
  void write_rest(char* to, std::uint64_t sequence) const;
  const char* rest(std::uint64_t sequence) const;

  std::size_t size_;
  std::string pattern_;
};

}  // namespace romp::bench
