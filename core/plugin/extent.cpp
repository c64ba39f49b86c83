// SPDX-License-Identifier: Apache-2.0
#include "plugin/extent.hpp"

#include <algorithm>

namespace romp::plugin {
namespace {

std::string abi_text() {
  return "ABI " + std::to_string(ROMP_ABI_MAJOR) + "." + std::to_string(ROMP_ABI_MINOR);
}

}  // namespace

Extent extent_of(const void* from_plugin, std::size_t known) {
  if (from_plugin == nullptr) return {ROMP_E_INVAL, "it is NULL"};
  std::uint32_t size = 0;
  std::memcpy(&size, from_plugin, sizeof size);
  if (size < known) {
    return {ROMP_E_INVAL, "it is " + std::to_string(size) + " bytes, " + abi_text() +
                              " needs at least " + std::to_string(known)};
  }
  if (size > extent_limit) {
    return {ROMP_E_TOOBIG, "its size, " + std::to_string(size) + ", cannot be true"};
  }
  const auto* bytes = static_cast<const unsigned char*>(from_plugin);
  if (std::all_of(bytes + known, bytes + size, [](unsigned char b) { return b == 0; })) return {};
  return {ROMP_E_TOOBIG,
          std::to_string(size - known) + " bytes beyond " + abi_text() + " are not zero"};
}

}  // namespace romp::plugin
