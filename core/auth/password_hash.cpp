// SPDX-License-Identifier: Apache-2.0
#include "auth/password_hash.hpp"

#include <crypt.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "auth/digest.hpp"

namespace romp::auth {
namespace {

static_assert(longest_password < CRYPT_MAX_PASSPHRASE_SIZE);

struct Form {
  std::string_view prefix;
  HashKind kind;
  std::size_t salt_end;  ///< dollar signs up to the hash itself; 0: the salt is part of it
  std::size_t length;    ///< of what is behind them
};

constexpr std::array forms{
    Form{"$y$", HashKind::yescrypt, 4, 43},
    Form{"$6$", HashKind::sha512, 3, 86},
    Form{"$2b$", HashKind::bcrypt, 3, 53},
    Form{"$2y$", HashKind::bcrypt, 3, 53},
};

/// Never matches: no password has it.
constexpr std::string_view nobodys =
    "$y$j9T$0123456789abcdefghijk.$0000000000000000000000000000000000000000000";

bool is_of_crypt(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '/' || c == '$' || c == '=';
  });
}

/// `$6$rounds=5000$salt$hash` has a part more.
std::size_t length_of_last_part(std::string_view hash) { return hash.size() - hash.rfind('$') - 1; }

/// The memory of crypt_r, without the password once it is done.
class Crypt {
 public:
  Crypt() : memory_(std::make_unique<crypt_data>()) {}
  ~Crypt() { OPENSSL_cleanse(memory_.get(), sizeof(crypt_data)); }
  Crypt(const Crypt&) = delete;
  Crypt& operator=(const Crypt&) = delete;

  std::string run(std::string_view password, std::string_view setting) {
    std::string text(password);
    const char* const made = crypt_r(text.c_str(), std::string(setting).c_str(), memory_.get());
    forget(text);
    return made == nullptr || *made == '*' ? std::string() : std::string(made);
  }

 private:
  std::unique_ptr<crypt_data> memory_;
};

bool matches_old_line(std::string_view hash, std::string_view password) {
  std::string text = std::string(password) + "\n";
  const auto digest = sha256(text);
  forget(text);
  const auto wanted = sha256_from_hex(hash);
  return wanted && CRYPTO_memcmp(wanted->data(), digest.data(), digest.size()) == 0;
}

}  // namespace

HashKind kind_of_hash(std::string_view hash) {
  if (sha256_from_hex(hash)) return HashKind::romp_sha256;
  if (!is_of_crypt(hash)) return HashKind::unknown;
  for (const auto& form : forms) {
    if (!hash.starts_with(form.prefix)) continue;
    const auto parts = static_cast<std::size_t>(std::ranges::count(hash, '$'));
    const bool whole = parts >= form.salt_end && length_of_last_part(hash) == form.length;
    const bool usable = crypt_checksalt(std::string(hash).c_str()) == CRYPT_SALT_OK;
    return whole && usable ? form.kind : HashKind::unknown;
  }
  return HashKind::unknown;
}

std::string_view why_bad_password(std::string_view password) noexcept {
  if (password.empty()) return "is empty";
  if (password.size() > longest_password) return "is longer than 511 octets";
  return password.find('\0') == password.npos ? "" : "holds a NUL";
}

bool is_password_of(std::string_view hash, std::string_view password) {
  if (!why_bad_password(password).empty()) {
    pretend_to_check("x");
    return false;
  }
  if (kind_of_hash(hash) == HashKind::romp_sha256) {
    pretend_to_check(password);
    return matches_old_line(hash, password);
  }
  return equal_in_constant_time(Crypt().run(password, hash), hash);
}

void pretend_to_check(std::string_view password) {
  Crypt().run(why_bad_password(password).empty() ? password : "x", nobodys);
}

std::string hash_password(std::string_view password) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  if (crypt_gensalt_rn("$y$", 0, nullptr, 0, setting.data(), setting.size()) == nullptr) {
    throw std::runtime_error("crypt(3) makes no salt");
  }
  std::string hash = Crypt().run(password, setting.data());
  if (hash.empty()) throw std::runtime_error("crypt(3) makes no hash");
  return hash;
}

}  // namespace romp::auth
