// SPDX-License-Identifier: Apache-2.0
#include "auth/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace romp::auth {
namespace {

template <class Digest>
Digest digest_of(std::string_view text, const EVP_MD* kind) {
  Digest digest{};
  unsigned size = 0;
  const int done = EVP_Digest(text.data(), text.size(), digest.data(), &size, kind, nullptr);
  if (done != 1 || size != digest.size()) throw std::runtime_error("OpenSSL makes no digest");
  return digest;
}

int value_of_hex(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

Sha256 sha256(std::string_view text) { return digest_of<Sha256>(text, EVP_sha256()); }

Sha1 sha1(std::string_view text) { return digest_of<Sha1>(text, EVP_sha1()); }

Sha256 hmac_sha256(std::string_view key, std::string_view text) {
  Sha256 digest{};
  unsigned size = 0;
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), from, text.size(), digest.data(),
           &size) == nullptr ||
      size != digest.size()) {
    throw std::runtime_error("OpenSSL makes no HMAC");
  }
  return digest;
}

std::string base64(const unsigned char* octets, std::size_t size) {
  std::string text((size + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with NUL
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets, static_cast<int>(size));
  text.pop_back();
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > std::size_t{1} << 20) return std::nullopt;
  std::string octets(text.size() / 4 * 3, '\0');
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()), from,
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with('=') ? 1 : 0);
  octets.resize(static_cast<std::size_t>(size) - std::min<std::size_t>(padding, octets.size()));
  return octets;
}

std::optional<Sha256> sha256_from_hex(std::string_view text) {
  Sha256 digest{};
  if (text.size() != 2 * digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = value_of_hex(text[2 * i]);
    const int low = value_of_hex(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<unsigned char>(high << 4 | low);
  }
  return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_hex(std::size_t octets) {
  std::vector<unsigned char> random(octets);
  if (::getentropy(random.data(), octets) != 0) {
    throw std::runtime_error("the system has no random numbers");
  }
  std::string text;
  for (const unsigned char octet : random) {
    text += "0123456789abcdef"[octet >> 4];
    text += "0123456789abcdef"[octet & 15];
  }
  return text;
}

void forget(std::string& secret) noexcept {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace romp::auth
