// SPDX-License-Identifier: Apache-2.0
#include "net/tls_name.hpp"

#include <openssl/x509v3.h>

#include <algorithm>

namespace romp::net {
namespace {

constexpr std::size_t longest_name = 256;

/// In UTF-8. A NUL in the middle is how "admin\0.example.org" passes for "admin" elsewhere.
std::string text_of(const ASN1_STRING* string) {
  unsigned char* octets = nullptr;
  const int length = ASN1_STRING_to_UTF8(&octets, string);
  if (length < 0) return {};
  std::string text(reinterpret_cast<const char*>(octets), static_cast<std::size_t>(length));
  OPENSSL_free(octets);
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (text.size() > longest_name || std::ranges::any_of(text, is_control)) return {};
  return text;
}

std::string common_name(const X509& certificate) {
  const X509_NAME* const subject = X509_get_subject_name(&certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return {};
  return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

std::string text_of(const GENERAL_NAME& name) {
  int type = 0;
  const void* const value = GENERAL_NAME_get0_value(&name, &type);
  const bool is_text = type == GEN_EMAIL || type == GEN_DNS || type == GEN_URI;
  return is_text ? text_of(static_cast<const ASN1_STRING*>(value)) : std::string();
}

std::string alternative_name(const X509& certificate) {
  auto* const names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr));
  std::string found;
  for (int i = 0; i < sk_GENERAL_NAME_num(names) && found.empty(); ++i) {
    found = text_of(*sk_GENERAL_NAME_value(names, i));
  }
  GENERAL_NAMES_free(names);
  return found;
}

}  // namespace

std::string name_in(const x509_st& certificate, config::UserFrom from) {
  switch (from) {
    case config::UserFrom::common_name:
      return common_name(certificate);
    case config::UserFrom::alternative_name:
      return alternative_name(certificate);
    case config::UserFrom::nothing:
      break;
  }
  return {};
}

}  // namespace romp::net
