// SPDX-License-Identifier: Apache-2.0
#include "plugin/library.hpp"

#include <boost/dll/shared_library.hpp>
#include <exception>
#include <span>
#include <string_view>
#include <vector>

#include "plugin/capabilities.hpp"
#include "plugin/extent.hpp"
#include "plugin/keys.hpp"

namespace romp::plugin {
namespace {

constexpr std::uint32_t known_flags = ROMP_PLUGIN_CONCURRENT | ROMP_PLUGIN_EXCLUSIVE;
constexpr std::uint32_t most_keys = 1000;

std::string version_text(std::uint32_t major, std::uint32_t minor) {
  return std::to_string(major) + "." + std::to_string(minor);
}

std::string this_abi() { return version_text(ROMP_ABI_MAJOR, ROMP_ABI_MINOR); }

std::string hex(std::uint64_t bits) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  do {
    out.insert(out.begin(), digits[bits & 15U]);
  } while ((bits >>= 4U) != 0);
  return "0x" + out;
}

/// Of "... (dlerror system message: /a/b.so: undefined symbol: x): Bad file descriptor" the part
/// that says something.
std::string reason_in(std::string_view what, std::string_view path) {
  constexpr std::string_view before = "dlerror system message: ";
  const auto at = what.find(before);
  if (at == what.npos) return std::string(what);
  what.remove_prefix(at + before.size());
  what = what.substr(0, what.rfind(')'));
  if (what.starts_with(path)) what.remove_prefix(path.size());
  if (what.starts_with(": ")) what.remove_prefix(2);
  return std::string(what);
}

boost::dll::shared_library& keep_for_ever(boost::dll::shared_library library) {
  static auto* const libraries = new std::vector<boost::dll::shared_library>;
  return libraries->emplace_back(std::move(library));
}

std::string refusal_of_abi(std::uint32_t abi) {
  const auto major = ROMP_ABI_MAJOR_OF(abi);
  const auto minor = ROMP_ABI_MINOR_OF(abi);
  if (major != ROMP_ABI_MAJOR) {
    return "built for plugin ABI " + std::to_string(major) + ", this broker speaks " +
           std::to_string(ROMP_ABI_MAJOR) + " (" + this_abi() + "): rebuild it with SDK " +
           std::to_string(ROMP_ABI_MAJOR) + ".x";
  }
  if (minor > ROMP_ABI_MINOR) {
    return "needs plugin ABI " + version_text(major, minor) + ", this broker offers " + this_abi() +
           ": upgrade romp, or rebuild with ROMP_REQUIRE_MINOR=" + std::to_string(ROMP_ABI_MINOR);
  }
  return {};
}

std::string disagreement(const romp_plugin& d, const Note& note) {
  const std::string_view both = "descriptor and note disagree on the ";
  if (d.id == nullptr || note.id != d.id) return std::string(both) + "id";
  if (d.version == nullptr || note.version != d.version) return std::string(both) + "version";
  if (d.abi != ROMP_ABI(note.abi_major, note.least_minor)) return std::string(both) + "ABI";
  return {};
}

std::string refusal_of_content(const romp_plugin& d) {
  if (d.create == nullptr) return "descriptor has no create function";
  if (const auto unknown = d.flags & ~known_flags; unknown != 0) {
    return "descriptor has the unknown flags " + hex(unknown);
  }
  if (const auto unknown = d.capabilities & ~known_capabilities(); unknown != 0) {
    return "descriptor has the unknown capabilities " + hex(unknown);
  }
  if (d.config_key_count > most_keys || (d.config_key_count != 0 && d.config_keys == nullptr)) {
    return "descriptor has no array of " + std::to_string(d.config_key_count) + " config keys";
  }
  return problem_of_declaration(std::span(d.config_keys, d.config_key_count));
}

}  // namespace

std::string refusal_of_descriptor(const romp_plugin* descriptor, const Note& note) {
  if (descriptor == nullptr) {
    const auto major = std::to_string(ROMP_ABI_MAJOR);
    return "romp_plugin_entry(" + major + ") returned NULL: it does not serve ABI " + major;
  }
  if (descriptor->size < sizeof(romp_plugin)) {
    return "descriptor is " + std::to_string(descriptor->size) + " bytes, ABI " + this_abi() +
           " needs at least " + std::to_string(sizeof(romp_plugin));
  }
  if (const auto extent = extent_of(descriptor, sizeof(romp_plugin)); !extent.problem.empty()) {
    return "descriptor: " + extent.problem;
  }
  if (auto refusal = refusal_of_abi(descriptor->abi); !refusal.empty()) return refusal;
  if (auto refusal = disagreement(*descriptor, note); !refusal.empty()) return refusal;
  return refusal_of_content(*descriptor);
}

Loaded load_library(const std::filesystem::path& path, const Note& note,
                    const std::function<void()>& before_entry) {
  using boost::dll::load_mode::rtld_local;
  using boost::dll::load_mode::rtld_now;
  try {
    // The throwing constructor: the other one loses the text of dlerror().
    auto& library = keep_for_ever(boost::dll::shared_library(path, rtld_now | rtld_local));
    if (!library.has("romp_plugin_entry")) {
      return {nullptr, "it exports no symbol romp_plugin_entry"};
    }
    if (before_entry) before_entry();
    const auto* descriptor =
        library.get<const romp_plugin*(std::uint32_t)>("romp_plugin_entry")(ROMP_ABI_MAJOR);
    auto refusal = refusal_of_descriptor(descriptor, note);
    return {refusal.empty() ? descriptor : nullptr, std::move(refusal)};
  } catch (const std::exception& e) {
    return {nullptr, reason_in(e.what(), path.native())};
  } catch (...) {
    return {nullptr, "romp_plugin_entry threw an exception"};
  }
}

}  // namespace romp::plugin
