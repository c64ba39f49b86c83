// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "support/socket.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace romp::support {

/// What a client of TLS asks for and shows. Paths are of PEM files; empty: without.
struct TlsWish {
  std::string ca{};           ///< whom to believe; empty: everybody
  std::string certificate{};  ///< its own, with the key in the same file
  std::string server_name{};  ///< SNI
  std::string protocols{};    ///< ALPN, as on the wire: "\x08http/1.1"
  int newest = 0;             ///< version, as OpenSSL counts; 0: any
};

/// The client's side of TLS on a connected socket. One thread.
class TlsClient {
 public:
  /// Shakes hands; throws Failure when that fails.
  TlsClient(int descriptor, const TlsWish& wish);
  ~TlsClient();

  std::size_t write_some(std::string_view octets);
  /// Appends what has come; `nothing` when the socket has to be waited for.
  Socket::Read read(std::string& into);
  void finish_writing();

  /// Of the server's certificate.
  std::string server_common_name() const;
  std::string protocol() const;  ///< that ALPN chose
  std::string version() const;   ///< "TLSv1.3"

 private:
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
};

}  // namespace romp::support
