// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Hashes of passwords, as the password file holds them. Any thread; throws std::runtime_error when
/// the system has no random numbers or no memory.
namespace romp::auth {

enum class HashKind {
  unknown,
  yescrypt,     ///< $y$, what is made today
  bcrypt,       ///< $2b$ and $2y$
  sha512,       ///< $6$
  romp_sha256,  ///< romp's old lines: hex of SHA-256 over the password and a newline, no salt
};

/// What a hash is by its form; unknown also for one that is cut or was never whole.
HashKind kind_of_hash(std::string_view hash);

/// Longer passwords are refused: crypt(3) takes no more.
inline constexpr std::size_t longest_password = 511;

/// Why a password cannot be one ("is empty"), or "".
std::string_view why_bad_password(std::string_view password) noexcept;

/// Is it the password of that hash? Takes tens of milliseconds, and as long where it is not.
bool is_password_of(std::string_view hash, std::string_view password);

/// Takes the time of a check, so that nobody can tell by it who has a line in the file.
void pretend_to_check(std::string_view password);

/// A new hash in yescrypt with its own salt. Takes tens of milliseconds.
std::string hash_password(std::string_view password);

}  // namespace romp::auth
