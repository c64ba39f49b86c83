// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/first_bytes.hpp"

/// What is judged stays judged when more octets come, and there is an answer in time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using romp::net::judge_first_bytes;
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const auto whole = judge_first_bytes(octets);
  if (!whole && size >= romp::net::enough_first_bytes) std::abort();
  for (std::size_t n = 0; n <= size && n <= 64; ++n) {
    const auto early = judge_first_bytes(octets.substr(0, n));
    if (early && (!whole || early->protocol != whole->protocol || early->name != whole->name)) {
      std::abort();
    }
  }
  return 0;
}
