// SPDX-License-Identifier: Apache-2.0
#include "config/kinds.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace romp::config {
namespace {

bool is_address(std::string_view text) {
  const std::string host(text.substr(0, text.find('%')));  // fe80::1%eth0
  std::array<unsigned char, sizeof(in6_addr)> binary;
  const bool whole = host.size() == text.size();
  return (whole && inet_pton(AF_INET, host.c_str(), binary.data()) == 1) ||
         inet_pton(AF_INET6, host.c_str(), binary.data()) == 1;
}

std::optional<std::vector<std::uint16_t>> parse_ports(std::string_view text) {
  std::vector<std::uint16_t> numbers;
  for (const std::string& word : parse_list(text)) {
    const auto port = count<std::uint16_t>(0, 65535).parse(word);
    if (!port || (*port != 0 && std::ranges::count(numbers, *port) > 0)) return std::nullopt;
    numbers.push_back(*port);
  }
  if (numbers.empty()) return std::nullopt;
  return numbers;
}

std::string print_ports(const std::vector<std::uint16_t>& numbers) {
  std::vector<std::string> words;
  for (const std::uint16_t port : numbers) words.push_back(std::to_string(port));
  return print_list(words);
}

}  // namespace

Kind<std::size_t> octets(std::size_t least, std::size_t most) {
  const auto parse = [least, most](std::string_view text) -> std::optional<std::size_t> {
    const auto size = parse_octets(text);
    if (!size || *size < least || *size > most) return std::nullopt;
    return static_cast<std::size_t>(*size);
  };
  return {"octets such as 4096, 64k or 16MiB, from " + print_octets(least) + " to " +
              print_octets(most),
          parse, [](const std::size_t& size) { return print_octets(size); }};
}

Kind<milliseconds> duration(milliseconds least, milliseconds most) {
  const auto parse = [least, most](std::string_view text) -> std::optional<milliseconds> {
    const auto time = parse_duration(text);
    if (!time || *time < least || *time > most) return std::nullopt;
    return time;
  };
  return {"a duration such as 250ms, 30s or 5m, from " + print_duration(least) + " to " +
              print_duration(most),
          parse, [](const milliseconds& time) { return print_duration(time); }};
}

Kind<bool> flag() {
  return {"yes or no", parse_flag, [](const bool& value) { return print_flag(value); }};
}

Kind<std::string> text() {
  return {"text", [](std::string_view value) { return std::optional<std::string>(value); },
          [](const std::string& value) { return value; }};
}

Kind<std::string> word() {
  Kind<std::string> kind = text();
  kind.expects = "text that is not empty";
  kind.parse = [](std::string_view value) -> std::optional<std::string> {
    if (value.empty()) return std::nullopt;
    return std::string(value);
  };
  return kind;
}

Kind<std::string> address() {
  Kind<std::string> kind = text();
  kind.expects = "an IPv4 or IPv6 address such as 127.0.0.1, 0.0.0.0 or ::";
  kind.parse = [](std::string_view value) -> std::optional<std::string> {
    if (!is_address(value)) return std::nullopt;
    return std::string(value);
  };
  return kind;
}

Kind<std::vector<std::string>> list() {
  return {"words separated by commas",
          [](std::string_view value) { return std::optional(parse_list(value)); },
          [](const std::vector<std::string>& words) { return print_list(words); }};
}

Kind<std::vector<std::uint16_t>> ports() {
  return {"one or more ports from 0 to 65535, none twice but 0", parse_ports, print_ports};
}

}  // namespace romp::config
