// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Digests of OpenSSL and what is done with them. Any thread; throws std::runtime_error when
/// OpenSSL fails.
namespace romp::auth {

using Sha256 = std::array<unsigned char, 32>;
using Sha1 = std::array<unsigned char, 20>;

Sha256 sha256(std::string_view text);
Sha1 sha1(std::string_view text);
/// RFC 2104 with SHA-256.
Sha256 hmac_sha256(std::string_view key, std::string_view text);

/// In base64 with padding (RFC 4648, 4), without line ends.
std::string base64(const unsigned char* octets, std::size_t size);
template <std::size_t Size>
std::string base64(const std::array<unsigned char, Size>& digest) {
  return base64(digest.data(), digest.size());
}

/// What base64 stands for; nothing for other text.
std::optional<std::string> from_base64(std::string_view text);

/// 64 hexadecimal digits in either case; nothing for other text.
std::optional<Sha256> sha256_from_hex(std::string_view text);

/// Takes as long wherever the two differ; how long the texts are may show.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

/// So many random octets as hexadecimal digits, twice as many.
std::string random_hex(std::size_t octets);

/// Overwrites a secret that is no longer needed, and empties it.
void forget(std::string& secret) noexcept;

}  // namespace romp::auth
