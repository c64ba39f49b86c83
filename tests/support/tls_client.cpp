// SPDX-License-Identifier: Apache-2.0
#include "support/tls_client.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>

#include "support/failure.hpp"

namespace romp::support {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  throw Failure(what + ": " + (reason == nullptr ? "the server has closed" : reason));
}

}  // namespace

TlsClient::TlsClient(int descriptor, const TlsWish& wish)
    : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
      ssl_(SSL_new(context_.get()), SSL_free) {
  ERR_clear_error();
  if (!wish.ca.empty()) {
    if (SSL_CTX_load_verify_file(context_.get(), wish.ca.c_str()) != 1) refuse(wish.ca);
    SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, nullptr);
  }
  if (!wish.certificate.empty() &&
      (SSL_use_certificate_file(ssl_.get(), wish.certificate.c_str(), SSL_FILETYPE_PEM) != 1 ||
       SSL_use_PrivateKey_file(ssl_.get(), wish.certificate.c_str(), SSL_FILETYPE_PEM) != 1)) {
    refuse(wish.certificate);
  }
  if (!wish.server_name.empty()) SSL_set_tlsext_host_name(ssl_.get(), wish.server_name.c_str());
  if (!wish.protocols.empty()) {
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(wish.protocols.data()),
                        static_cast<unsigned>(wish.protocols.size()));
  }
  if (wish.newest != 0) SSL_set_max_proto_version(ssl_.get(), wish.newest);
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_set_fd(ssl_.get(), descriptor);
  if (SSL_connect(ssl_.get()) != 1) refuse("no TLS");
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

TlsClient::~TlsClient() = default;

std::size_t TlsClient::write_some(std::string_view octets) {
  std::size_t written = 0;
  ERR_clear_error();
  const int result = SSL_write_ex(ssl_.get(), octets.data(), octets.size(), &written);
  if (result == 1) return written;
  if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_WRITE) return 0;
  refuse("cannot send to the server");
}

Socket::Read TlsClient::read(std::string& into) {
  std::array<char, 16 * 1024> buffer;
  std::size_t n = 0;
  ERR_clear_error();
  const int result = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &n);
  if (result == 1) {
    into.append(buffer.data(), n);
    return Socket::Read::some;
  }
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ) return Socket::Read::nothing;
  return error == SSL_ERROR_ZERO_RETURN ? Socket::Read::closed : Socket::Read::reset;
}

void TlsClient::finish_writing() { SSL_shutdown(ssl_.get()); }

std::string TlsClient::server_common_name() const {
  std::array<char, 256> name{};
  const X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                            name.size());
  return name.data();
}

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &length);
  return {reinterpret_cast<const char*>(name), length};
}

std::string TlsClient::version() const { return SSL_get_version(ssl_.get()); }

}  // namespace romp::support
