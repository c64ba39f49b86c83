// SPDX-License-Identifier: Apache-2.0
#include "client/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <climits>
#include <utility>

#include "net/tcp.hpp"

namespace romp::client {
namespace {

namespace asio = boost::asio;
using net::error_code;

/// What OpenSSL says, as an error of the network. Values below 1000 are those of X509_V_ERR_.
class TlsErrors final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "tls"; }
  std::string message(int value) const override {
    if (value < 1000) return std::string("certificate: ") + X509_verify_cert_error_string(value);
    const char* const reason = ERR_reason_error_string(static_cast<unsigned long>(value));
    return reason != nullptr ? std::string("TLS: ") + reason : "TLS failed";
  }
};

const TlsErrors& tls_errors() noexcept {
  static const TlsErrors errors;
  return errors;
}

std::string last_error(const std::string& what) {
  const char* const reason = ERR_reason_error_string(ERR_get_error());
  return what + ": " + (reason != nullptr ? reason : "cannot be used");
}

/// TLS over a TCP socket, the client's side; OpenSSL reads and writes the socket itself.
class TlsTransport final : public net::Transport {
 public:
  TlsTransport(asio::io_context& context, int descriptor, bool is_v6, ssl_st* ssl)
      : context_(context), tcp_(context, descriptor, is_v6), ssl_(ssl) {}
  ~TlsTransport() override { SSL_free(ssl_); }

  std::size_t read_some(std::span<const iovec> into, error_code& error) override {
    const std::size_t n = one_of(into.front(), error, SSL_read_ex);
    if (writer_ && SSL_is_init_finished(ssl_) == 1) {
      asio::post(context_, [user = std::exchange(writer_, nullptr)] { user->on_writable({}); });
    }
    return n;
  }
  std::size_t write_some(std::span<const iovec> from, error_code& error) override {
    return one_of(from.front(), error, SSL_write_ex);
  }
  void wait_readable(net::TransportUser& user) override {
    if (SSL_pending(ssl_) != 0) {
      asio::post(context_,
                 [keep = base::Ptr<net::TransportUser>(&user)] { keep->on_readable({}); });
    } else {
      tcp_.wait_readable(user);
    }
  }
  /// Until hands are shaken, writing waits for what the server says: reading brings it on.
  void wait_writable(net::TransportUser& user) override {
    if (SSL_is_init_finished(ssl_) == 1) return tcp_.wait_writable(user);
    writer_ = &user;
  }
  void put_back(std::string octets) override { tcp_.put_back(std::move(octets)); }
  void finish_writing() noexcept override {
    ERR_clear_error();
    if (SSL_is_init_finished(ssl_) == 1) SSL_shutdown(ssl_);
    tcp_.finish_writing();
  }
  void close() noexcept override {
    writer_ = nullptr;
    tcp_.close();
  }
  std::string remote() const override { return tcp_.remote(); }
  std::uint16_t local_port() const override { return tcp_.local_port(); }

 private:
  template <class F>
  std::size_t one_of(const iovec& piece, error_code& error, F f) {
    std::size_t done = 0;
    ERR_clear_error();
    errno = 0;
    const int result = f(ssl_, static_cast<char*>(piece.iov_base), piece.iov_len, &done);
    error = result == 1 ? error_code() : error_of(result);
    return done;
  }

  error_code error_of(int result) {
    const int system_error = errno;
    const int kind = SSL_get_error(ssl_, result);
    if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE)
      return asio::error::would_block;
    if (kind == SSL_ERROR_ZERO_RETURN) return asio::error::eof;
    if (kind == SSL_ERROR_SYSCALL) {
      return system_error == 0 ? error_code(asio::error::eof)
                               : error_code(system_error, boost::system::system_category());
    }
    const long verified = SSL_get_verify_result(ssl_);
    if (verified != X509_V_OK) return {static_cast<int>(verified), tls_errors()};
    return {static_cast<int>(ERR_peek_last_error() & INT_MAX), tls_errors()};
  }

  asio::io_context& context_;
  net::Tcp tcp_;  ///< the socket, for waiting and closing
  ssl_st* ssl_;
  base::Ptr<net::TransportUser> writer_;  ///< waits for the end of the handshake
};

bool name_server(ssl_st* ssl, const std::string& host) {
  error_code no_address;
  asio::ip::make_address(host, no_address);
  if (!no_address) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  }
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

bool load_own(ssl_ctx_st* context, const TlsSettings& settings, std::string& why) {
  if (settings.certificate.empty() && settings.key.empty()) return true;
  if (SSL_CTX_use_certificate_chain_file(context, settings.certificate.c_str()) != 1) {
    why = last_error(settings.certificate);
  } else if (SSL_CTX_use_PrivateKey_file(context, settings.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    why = last_error(settings.key);
  } else if (SSL_CTX_check_private_key(context) != 1) {
    why = settings.key + ": is not the key of " + settings.certificate;
  }
  return why.empty();
}

bool load_trust(ssl_ctx_st* context, const std::string& ca, std::string& why) {
  const bool loaded = ca.empty() ? SSL_CTX_set_default_verify_paths(context) == 1
                                 : SSL_CTX_load_verify_locations(context, ca.c_str(), nullptr) == 1;
  if (!loaded) why = last_error(ca.empty() ? "the system's certificates" : ca);
  return loaded;
}

}  // namespace

std::shared_ptr<TlsContext> TlsContext::make(const TlsSettings& settings, std::string& why) {
  ERR_clear_error();
  std::shared_ptr<TlsContext> made(new TlsContext(SSL_CTX_new(TLS_client_method())));
  if (made->context_ == nullptr) {
    why = "no memory for TLS";
    return nullptr;
  }
  SSL_CTX_set_min_proto_version(made->context_, TLS1_2_VERSION);
  SSL_CTX_set_verify(made->context_, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(made->context_, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                       SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(made->context_, SSL_OP_IGNORE_UNEXPECTED_EOF);
  const bool sound =
      load_trust(made->context_, settings.ca, why) && load_own(made->context_, settings, why);
  return sound ? made : nullptr;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

std::unique_ptr<net::Transport> TlsContext::connect(asio::io_context& context, int descriptor,
                                                    bool is_v6, const std::string& host,
                                                    std::string& why) {
  ssl_st* const ssl = SSL_new(context_);
  auto transport = std::make_unique<TlsTransport>(context, descriptor, is_v6, ssl);
  if (ssl == nullptr || SSL_set_fd(ssl, descriptor) != 1 || !name_server(ssl, host)) {
    why = last_error("TLS for " + host);
    return nullptr;
  }
  SSL_set_connect_state(ssl);
  return transport;
}

}  // namespace romp::client
