// SPDX-License-Identifier: Apache-2.0
#include "broker/selector.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

namespace {

using romp::broker::Selector;

class FewHeaders : public romp::broker::HeaderLookup {
 public:
  std::optional<std::string_view> header(std::string_view name) const override {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> headers{{
        {"a", "12"},
        {"b", "true"},
        {"c-d", "text/plain"},
        {"e", ""},
        {"f", "-9223372036854775808"},
    }};
    for (const auto& [known, value] : headers) {
      if (name == known) return value;
    }
    return std::nullopt;
  }
};

void parse_and_match(romp::base::Ptr<const Selector> (*parse)(std::string_view),
                     std::string_view text) {
  try {
    const auto selector = parse(text);
    const bool matches = selector->matches(FewHeaders());
    // What a selector says of itself is a selector that means the same.
    if (Selector::parse(selector->text())->matches(FewHeaders()) != matches) std::abort();
  } catch (const romp::broker::SelectorError& error) {
    if (error.position() > text.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  parse_and_match(&Selector::parse, text);
  parse_and_match(&Selector::parse_romp_filter, text);
  return 0;
}
