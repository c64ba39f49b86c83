// SPDX-License-Identifier: Apache-2.0
#include "stomp/frame_cutter.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "stomp/utf8.hpp"

namespace romp::stomp {
namespace {

constexpr std::string_view length_is = "content-length:";

std::string_view view(const iovec& piece) noexcept {
  return {static_cast<const char*>(piece.iov_base), piece.iov_len};
}

/// Pieces, read as one sequence.
class Octets {
 public:
  explicit Octets(std::span<const iovec> pieces) noexcept : pieces_(pieces) { settle(); }

  bool at_end() const noexcept { return pieces_.empty(); }
  char front() const noexcept { return view(pieces_.front())[at_]; }
  std::size_t passed() const noexcept { return passed_; }

  /// False: there were fewer.
  bool skip(std::size_t count) noexcept {
    while (count != 0 && !at_end()) {
      const std::size_t n = std::min(count, here().size());
      step(n);
      count -= n;
    }
    return count == 0;
  }
  /// The next line without its LF; nothing where that is missing. Good until the next call.
  std::optional<std::string_view> line() {
    long_.clear();
    while (!at_end()) {
      const std::string_view rest = here();
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const bool found = end != rest.size();
      const std::string_view part = rest.substr(0, end);
      if (!found || !long_.empty()) long_.append(part);
      step(found ? end + 1 : end);
      if (found) return long_.empty() ? part : std::string_view(long_);
    }
    return std::nullopt;
  }
  /// False: there is none.
  bool skip_behind_nul() noexcept {
    while (!at_end()) {
      const std::string_view rest = here();
      const std::size_t end = rest.find('\0');
      step(std::min(end, rest.size() - 1) + 1);
      if (end != rest.npos) return true;
    }
    return false;
  }

 private:
  std::string_view here() const noexcept { return view(pieces_.front()).substr(at_); }
  void step(std::size_t count) noexcept {
    at_ += count;
    passed_ += count;
    settle();
  }
  void settle() noexcept {
    while (!pieces_.empty() && at_ == pieces_.front().iov_len) {
      pieces_ = pieces_.subspan(1);
      at_ = 0;
    }
  }

  std::span<const iovec> pieces_;
  std::size_t at_ = 0;
  std::size_t passed_ = 0;
  std::string long_;
};

/// Are the first `count` octets UTF-8? A character may lie across two pieces.
bool are_utf8(std::span<const iovec> pieces, std::size_t count) {
  std::string split;
  for (const iovec& piece : pieces) {
    std::string_view text = view(piece).substr(0, count);
    count -= text.size();
    while (!split.empty() && !text.empty() && unfinished_tail(split) == split.size()) {
      split += text.front();
      text.remove_prefix(1);
    }
    if (unfinished_tail(split) != split.size()) {
      if (!is_utf8(split)) return false;
      split.clear();
    }
    const std::size_t tail = unfinished_tail(text);
    if (!is_utf8(text.substr(0, text.size() - tail))) return false;
    split += text.substr(text.size() - tail);
    if (count == 0) break;
  }
  return split.empty();
}

FirstFrame line_ends(Octets& octets) noexcept {
  while (!octets.at_end() && octets.front() == '\n') octets.skip(1);
  return {octets.passed(), true, true};
}

}  // namespace

FirstFrame find_first_frame(std::span<const iovec> pieces) {
  Octets octets(pieces);
  if (octets.front() == '\n') return line_ends(octets);
  std::optional<std::size_t> length;
  for (auto line = octets.line(); true; line = octets.line()) {
    if (!line) return {octets.passed(), false, false};
    if (line->empty()) break;
    if (length || !line->starts_with(length_is)) continue;
    std::size_t number = 0;
    std::from_chars(line->data() + length_is.size(), line->data() + line->size(), number);
    length = number;
  }
  const std::size_t head = octets.passed();
  const bool whole = length ? octets.skip(*length) && octets.skip(1) : octets.skip_behind_nul();
  const std::size_t total = length ? head + *length + 1 : octets.passed();
  return {total, whole, whole && are_utf8(pieces, total)};
}

}  // namespace romp::stomp
