// SPDX-License-Identifier: Apache-2.0
#include "plugin/probe_order.hpp"

#include <charconv>
#include <vector>

namespace romp::plugin {
namespace {

constexpr std::size_t texts_before_keys = 3;
constexpr std::size_t texts_of_a_key = 4;

/// Texts with their length before them, since a value may hold anything.
void put(std::string& out, std::string_view text) {
  out.append(std::to_string(text.size())).append(1, ':').append(text);
}

std::optional<std::vector<std::string>> texts_in(std::string_view from) {
  std::vector<std::string> texts;
  while (!from.empty()) {
    std::size_t length = 0;
    const auto [colon, error] = std::from_chars(from.data(), from.data() + from.size(), length);
    if (error != std::errc{} || colon == from.data() + from.size() || *colon != ':') {
      return std::nullopt;
    }
    from.remove_prefix(static_cast<std::size_t>(colon - from.data()) + 1);
    if (length > from.size()) return std::nullopt;
    texts.emplace_back(from.substr(0, length));
    from.remove_prefix(length);
  }
  return texts;
}

int number_in(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string ProbeOrder::text() const {
  std::string out;
  put(out, file.native());
  put(out, instance);
  put(out, section ? "section" : "");
  if (!section) return out;
  for (const auto& [key, value] : section->values) {
    put(out, key);
    put(out, value.text);
    put(out, value.file);
    put(out, std::to_string(value.line));
  }
  return out;
}

std::optional<ProbeOrder> ProbeOrder::from(std::string_view text) {
  const auto texts = texts_in(text);
  if (!texts || texts->size() < texts_before_keys) return std::nullopt;
  if ((texts->size() - texts_before_keys) % texts_of_a_key != 0) return std::nullopt;
  ProbeOrder order{texts->at(0), texts->at(1), std::nullopt};
  if (texts->at(2).empty()) return order;
  auto& section = order.section.emplace();
  section.name = order.instance;
  for (std::size_t i = texts_before_keys; i < texts->size(); i += texts_of_a_key) {
    section.values[(*texts)[i]] = {(*texts)[i + 1], (*texts)[i + 2], number_in((*texts)[i + 3])};
  }
  return order;
}

}  // namespace romp::plugin
