// SPDX-License-Identifier: Apache-2.0
#include "plugin/description.hpp"

#include <array>

#include "plugin/capabilities.hpp"

namespace romp::plugin {
namespace {

constexpr std::array<std::string_view, Chain::stages> stage_names{
    "ACCEPT", "AUTH", "FRAME", "PRE_ROUTE", "POST_ROUTE", "OUTBOUND", "UNHANDLED"};

std::string commands_text(std::uint64_t commands) {
  if (commands == ROMP_MASK_ANY) return "any command";
  std::string text;
  const auto add = [&text](std::string_view word) {
    if (!text.empty()) text += '|';
    text += word;
  };
  for (unsigned i = 0; i < ROMP_CMD_UNKNOWN; ++i) {
    const auto word = stomp::name_of(static_cast<stomp::Command>(i));
    if ((commands & ROMP_MASK(i)) != 0 && !word.empty()) add(word);
  }
  if ((commands & ROMP_MASK(ROMP_CMD_UNKNOWN)) != 0) add("unknown commands");
  return text.empty() ? "no command" : text;
}

}  // namespace

std::string describe(const Filter& filter) {
  std::string text = filter.name + " on " + commands_text(filter.commands);
  if (!filter.any_destination) text += " " + filter.destination + (filter.prefix ? "*" : "");
  if (!filter.header.empty()) text += " with " + filter.header;
  if (filter.stage != ROMP_STAGE_FRAME) {
    text += " at ";
    text += stage_names[filter.stage];
  }
  return text;
}

std::string describe(const Instance& instance) {
  const auto& d = instance.descriptor();
  std::string text = "plugin " + instance.name();
  if (instance.name() != d.id) text += std::string(": ") + d.id;
  text += std::string(" ") + d.version + " (ABI " + std::to_string(ROMP_ABI_MAJOR_OF(d.abi)) + "." +
          std::to_string(ROMP_ABI_MINOR_OF(d.abi)) + "): ";
  std::string_view before = "filters ";
  for (const auto& filter : instance.filters()) {
    text += std::string(before) + describe(filter);
    before = ", ";
  }
  for (const auto& filter : instance.http_filters()) {
    text +=
        std::string(before) + filter.name + " on HTTP " + filter.path + (filter.prefix ? "*" : "");
    before = ", ";
  }
  if (instance.filters().empty() && instance.http_filters().empty()) text += "no filters";
  return text + "; capabilities " + names_of_capabilities(instance.capabilities());
}

}  // namespace romp::plugin
