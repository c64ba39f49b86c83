// SPDX-License-Identifier: Apache-2.0
#include "xtomp.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace downstream {
namespace {

constexpr std::size_t most_headers = 5;
constexpr std::size_t longest_header = 200;
constexpr std::size_t largest_head = 4096;
/// The words and line ends of a MESSAGE head, before any value.
constexpr std::size_t fixed_part = 64;
/// Ids of subscriptions are the clients', and of messages are counted: the longest there can be.
constexpr std::size_t id_digits = 19;
constexpr std::size_t message_digits = 10;

std::string_view view(romp_str s) { return {s.data != nullptr ? s.data : "", s.len}; }

bool is_known(std::string_view name) {
  static constexpr std::array<std::string_view, 9> names{
      "host",    "destination", "content-length", "login", "passcode",
      "receipt", "heart-beat",  "message-id",     "id"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_clean(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

std::string in_quotes(std::string_view text) { return "'" + std::string(text.substr(0, 60)) + "'"; }

/// Its own headers may only be those of the frame; all others count.
std::string why_header_unfit(std::string_view name, std::string_view value) {
  if (!is_clean(name) || !is_clean(value)) return "header " + in_quotes(name) + " has a line end";
  if (name == "receipt") return value.size() > 178 ? "the receipt is too long" : "";
  if (name.empty() || name.find(':') != std::string_view::npos || is_known(name)) {
    return "header " + in_quotes(name) + " is not for users";
  }
  if (name.substr(0, 7) == "session") return "header " + in_quotes(name) + " would be dropped";
  if (name.size() + value.size() + 1 > longest_header) {
    return "header " + in_quotes(name) + " is over " + std::to_string(longest_header) + " bytes";
  }
  return {};
}

/// Headers of the users, and their bytes in the head of a MESSAGE.
struct Sum {
  std::size_t count = 0;
  std::size_t bytes = 0;

  void add(std::string_view name, std::string_view value) {
    ++count;
    bytes += name.size() + value.size() + 2;
  }
};

}  // namespace

std::string why_unfit(const romp_message& message, const XtompLimits& limits) {
  Sum sum;
  if (message.content_type.len != 0) sum.add("content-type", view(message.content_type));
  for (std::uint32_t i = 0; i < message.header_count; ++i) {
    const auto name = view(message.headers[i].name);
    const auto value = view(message.headers[i].value);
    if (auto why = why_header_unfit(name, value); !why.empty()) return why;
    if (name != "receipt") sum.add(name, value);
  }
  if (sum.count > most_headers) {
    return std::to_string(sum.count) + " headers, and " + std::to_string(most_headers) +
           " are allowed";
  }
  if (message.body.len > limits.max_message) {
    return "a body of " + std::to_string(message.body.len) + " bytes";
  }
  const std::size_t head = fixed_part + id_digits + message_digits + message.destination.len +
                           std::to_string(message.body.len).size() + sum.bytes;
  if (head > limits.buffer || sum.bytes > largest_head / 2) {
    return "its head would have " + std::to_string(head) + " bytes, and " +
           std::to_string(limits.buffer) + " are allowed";
  }
  return {};
}

}  // namespace downstream
