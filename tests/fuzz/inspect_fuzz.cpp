// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "plugin/inspect.hpp"

/// Any bytes give a note or a sentence, never both, and nothing is read beyond them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto result = romp::plugin::inspect_bytes(std::as_bytes(std::span(data, size)));
  if (result.ok() == !result.refusal.empty()) std::abort();
  if (result.ok() && result.note->id.empty()) std::abort();
  return 0;
}
