// SPDX-License-Identifier: Apache-2.0
#include "body.hpp"

#include <algorithm>
#include <cstring>

namespace romp::bench {
namespace {

constexpr std::size_t offsets = 1024;
constexpr int sequence_bits = 40;
constexpr int due_bits = 44;

constexpr std::uint64_t low_bits(int count) { return (std::uint64_t{1} << count) - 1; }

std::uint64_t checksum(std::uint64_t name, std::uint64_t due) {
  const std::uint64_t mixed = (name ^ (due * 0xD6E8FEB86659FD93u)) * 0x9E3779B97F4A7C15u;
  return mixed >> due_bits;
}

std::string make_pattern(std::size_t size) {
  std::string pattern(size, '\0');
  std::uint64_t state = 0x853C49E6748FEA9Bu;
  for (char& octet : pattern) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    octet = static_cast<char>(state >> 56);
  }
  return pattern;
}

}  // namespace

Body::Body(std::size_t size)
    : size_(std::max(size, stamp_size)), pattern_(make_pattern(size_ - stamp_size + offsets)) {}

void Body::write_stamp(char* to, const Stamp& stamp) {
  const std::uint64_t name =
      (stamp.sequence & low_bits(sequence_bits)) | (std::uint64_t{stamp.source} << sequence_bits);
  const std::uint64_t due = static_cast<std::uint64_t>(stamp.due_ns) & low_bits(due_bits);
  const std::uint64_t words[2] = {name, due | (checksum(name, due) << due_bits)};
  std::memcpy(to, words, sizeof words);
}

bool Body::read_stamp(std::string_view body, Stamp& stamp) const {
  if (body.size() != size_) return false;
  std::uint64_t words[2];
  std::memcpy(words, body.data(), sizeof words);
  const std::uint64_t due = words[1] & low_bits(due_bits);
  stamp.sequence = words[0] & low_bits(sequence_bits);
  stamp.source = static_cast<std::uint32_t>(words[0] >> sequence_bits);
  stamp.due_ns = static_cast<std::int64_t>(due);
  return checksum(words[0], due) == words[1] >> due_bits;
}

// Neighbours start at different places of the pattern, so the rest of one is wrong for the other.
const char* Body::rest(std::uint64_t sequence) const {
  return pattern_.data() + (sequence * 61) % offsets;
}

void Body::write_rest(char* to, std::uint64_t sequence) const {
  if (size_ > stamp_size) std::memcpy(to, rest(sequence), size_ - stamp_size);
}

bool Body::rest_matches(std::string_view body, const Stamp& stamp) const {
  if (size_ == stamp_size) return true;
  return std::memcmp(body.data() + stamp_size, rest(stamp.sequence), size_ - stamp_size) == 0;
}

}  // namespace romp::bench
