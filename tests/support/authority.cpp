// SPDX-License-Identifier: Apache-2.0
#include "support/authority.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

namespace romp::support {
namespace {

constexpr long day = 24 * 60 * 60;

using Bio = std::unique_ptr<BIO, int (*)(BIO*)>;

Bio new_bio() { return {BIO_new(BIO_s_mem()), BIO_free}; }

std::string text_of(const Bio& bio) {
  char* octets = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &octets);
  return {octets, static_cast<std::size_t>(size)};
}

EVP_PKEY* new_key() { return EVP_EC_gen("P-256"); }

void set_name(X509_NAME* name, const std::string& common_name) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.data()),
                             static_cast<int>(common_name.size()), -1, 0);
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509* new_certificate(long number, const std::string& name, EVP_PKEY* key, long ends_after) {
  X509* const certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), number);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -100 * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), ends_after);
  X509_set_pubkey(certificate, key);
  set_name(X509_get_subject_name(certificate), name);
  return certificate;
}

}  // namespace

Authority::Authority(const std::string& name)
    : key_(new_key()), certificate_(new_certificate(1000, name, key_, 100 * day)) {
  X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
  add_extension(certificate_, certificate_, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate_, key_, EVP_sha256());
}

Authority::~Authority() {
  X509_free(certificate_);
  EVP_PKEY_free(key_);
}

std::string Authority::certificate() const {
  const Bio bio = new_bio();
  PEM_write_bio_X509(bio.get(), certificate_);
  return text_of(bio);
}

std::string Authority::issue(const Wish& wish) {
  EVP_PKEY* const key = new_key();
  X509* const certificate = new_certificate(++last_, wish.common_name, key, wish.days * day);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate_));
  if (!wish.alternative_names.empty()) {
    add_extension(certificate, certificate_, NID_subject_alt_name, wish.alternative_names);
  }
  X509_sign(certificate, key_, EVP_sha256());
  const Bio bio = new_bio();
  PEM_write_bio_X509(bio.get(), certificate);
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return text_of(bio);
}

std::string Authority::revocations(const std::vector<long>& numbers) const {
  X509_CRL* const list = X509_CRL_new();
  X509_CRL_set_version(list, X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(list, X509_get_subject_name(certificate_));
  ASN1_TIME* const now = X509_gmtime_adj(nullptr, -day);
  ASN1_TIME* const next = X509_gmtime_adj(nullptr, 30 * day);
  X509_CRL_set1_lastUpdate(list, now);
  X509_CRL_set1_nextUpdate(list, next);
  for (const long number : numbers) {
    X509_REVOKED* const revoked = X509_REVOKED_new();
    ASN1_INTEGER* const serial = ASN1_INTEGER_new();
    ASN1_INTEGER_set(serial, number);
    X509_REVOKED_set_serialNumber(revoked, serial);
    X509_REVOKED_set_revocationDate(revoked, now);
    X509_CRL_add0_revoked(list, revoked);
    ASN1_INTEGER_free(serial);
  }
  X509_CRL_sign(list, key_, EVP_sha256());
  const Bio bio = new_bio();
  PEM_write_bio_X509_CRL(bio.get(), list);
  ASN1_TIME_free(now);
  ASN1_TIME_free(next);
  X509_CRL_free(list);
  return text_of(bio);
}

}  // namespace romp::support
