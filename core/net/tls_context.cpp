// SPDX-License-Identifier: Apache-2.0
#include "net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>
#include <string_view>
#include <tuple>

#include "net/tls_name.hpp"

namespace romp::net {
namespace {

constexpr char ciphers_of_1_2[] = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view session_context = "romp";

/// Keys with a passphrase are refused: there is nobody to ask.
int no_passphrase(char*, int, int, void*) { return 0; }

/// The certificate whose name the client asks for; else it stays with the first.
int choose_certificate(SSL* ssl, int*, void* argument) {
  const char* const name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (name == nullptr) return SSL_TLSEXT_ERR_NOACK;
  for (SSL_CTX* context : *static_cast<const std::vector<SSL_CTX*>*>(argument)) {
    X509* const certificate = SSL_CTX_get0_certificate(context);
    if (X509_check_host(certificate, name, std::strlen(name), 0, nullptr) == 1) {
      SSL_set_SSL_CTX(ssl, context);
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return SSL_TLSEXT_ERR_NOACK;
}

/// Who names protocols gets one of ours, or a clear alert (RFC 7301); HTTP/2 is none of ours.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned offered_length, void*) {
  static constexpr unsigned char known[] = "\x08http/1.1\x05stomp";
  unsigned char* found = nullptr;
  const int result =
      SSL_select_next_proto(&found, length, known, sizeof known - 1, offered, offered_length);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

TlsContext::Time end_of(const X509* certificate) {
  tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1) return TlsContext::Time::max();
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::string reason() {
  const char* const text = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return text == nullptr ? "it cannot be used" : text;
}

}  // namespace

/// Fills a context and gathers what is wrong.
class TlsContext::Maker {
 public:
  Maker(TlsContext& made, std::vector<std::string>& problems) : made_(made), problems_(problems) {}

  void run() {
    const TlsSettings& settings = made_.settings_;
    for (std::size_t i = 0; i < settings.certificates.size(); ++i) {
      const std::string& certificate = settings.certificates[i];
      SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
      if (context == nullptr) throw std::bad_alloc();
      made_.contexts_.push_back(context);
      set_up(context);
      load_pair(context, certificate, settings.keys.empty() ? certificate : settings.keys[i]);
      if (settings.verify != config::Verify::no) load_authorities(context, i == 0);
    }
    if (made_.contexts_.empty()) problems_.emplace_back("there is no certificate");
    if (!problems_.empty()) return;
    SSL_CTX* const first = made_.contexts_.front();
    SSL_CTX_set_tlsext_servername_callback(first, choose_certificate);
    SSL_CTX_set_tlsext_servername_arg(first, &made_.contexts_);
  }

 private:
  using TlsSettings = config::TlsSettings;

  void set_up(SSL_CTX* context) {
    const TlsSettings& settings = made_.settings_;
    SSL_CTX_set_min_proto_version(context, settings.only_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, ciphers_of_1_2);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(context,
                                   reinterpret_cast<const unsigned char*>(session_context.data()),
                                   session_context.size());
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    set_verification(context);
  }

  /// Who must be known is looked at each time: a ticket would outlive a revocation.
  void set_verification(SSL_CTX* context) {
    const auto verify = made_.settings_.verify;
    const bool verifies = verify != config::Verify::no;
    SSL_CTX_set_num_tickets(context, verifies ? 0 : 1);
    if (!verifies) return;
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    const bool required = verify == config::Verify::required;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                       nullptr);
  }

  void load_pair(SSL_CTX* context, const std::string& certificate, const std::string& key) {
    if (!is_readable("certificate", certificate)) return;
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
      report("certificate", certificate);
      return;
    }
    made_.expires_ = std::min(made_.expires_, end_of(SSL_CTX_get0_certificate(context)));
    if (!is_readable("key", key)) return;
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
      report("key", key);
    }
  }

  void load_authorities(SSL_CTX* context, bool is_first) {
    const auto& [ca, crl] = std::tie(made_.settings_.ca, made_.settings_.crl);
    if (!is_first && !problems_.empty()) return;  // the same files have been looked at
    if (!is_readable("ca", ca)) return;
    auto* const names = SSL_load_client_CA_file(ca.c_str());
    if (names == nullptr || SSL_CTX_load_verify_file(context, ca.c_str()) != 1) {
      sk_X509_NAME_pop_free(names, X509_NAME_free);
      report("ca", ca);
      return;
    }
    SSL_CTX_set_client_CA_list(context, names);
    if (!crl.empty()) load_revoked(SSL_CTX_get_cert_store(context), crl);
  }

  void load_revoked(X509_STORE* store, const std::string& crl) {
    if (!is_readable("crl", crl)) return;
    X509_LOOKUP* const files = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    if (files == nullptr || X509_load_crl_file(files, crl.c_str(), X509_FILETYPE_PEM) < 1) {
      report("crl", crl);
      return;
    }
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  }

  /// What the system says is clearer than what the library makes of it.
  bool is_readable(std::string_view what, const std::string& file) {
    errno = 0;
    if (std::ifstream(file).get() != std::ifstream::traits_type::eof()) return true;
    const std::string why = errno != 0 ? std::strerror(errno) : "it is empty";
    problems_.push_back(std::string(what) + " " + file + ": " + why);
    return false;
  }

  void report(std::string_view what, const std::string& file) {
    problems_.push_back(std::string(what) + " " + file + ": " + reason());
  }

  TlsContext& made_;
  std::vector<std::string>& problems_;
};

TlsContext::TlsContext(const config::TlsSettings& settings) : settings_(settings) {}

TlsContext::~TlsContext() {
  for (SSL_CTX* context : contexts_) SSL_CTX_free(context);
}

std::shared_ptr<const TlsContext> TlsContext::make(const config::TlsSettings& settings,
                                                   std::vector<std::string>& problems) {
  std::vector<std::string> found;
  const std::shared_ptr<TlsContext> made(new TlsContext(settings));
  ERR_clear_error();
  Maker(*made, found).run();
  problems.insert(problems.end(), found.begin(), found.end());
  return found.empty() ? made : nullptr;
}

ssl_st* TlsContext::make_ssl() const noexcept {
  SSL* const ssl = SSL_new(contexts_.front());
  if (ssl != nullptr) SSL_set_accept_state(ssl);
  return ssl;
}

std::string TlsContext::name_of(const ssl_st* ssl) const {
  const X509* const certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr || SSL_get_verify_result(ssl) != X509_V_OK) return {};
  return name_in(*certificate, settings_.user_from);
}

}  // namespace romp::net
