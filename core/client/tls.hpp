// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "client/settings.hpp"
#include "net/transport.hpp"

struct ssl_ctx_st;

namespace romp::client {

/// Whom outbound connections believe, and what they show of themselves. Immutable; any thread.
///
/// TLS 1.2 and later. The server has to show a certificate for the host that was dialled, vouched
/// for by `ca` or by whom the system trusts; there is no way to leave that out.
class TlsContext {
 public:
  /// Reads the files. Null, with the reason in `why`, where that fails.
  static std::shared_ptr<TlsContext> make(const TlsSettings& settings, std::string& why);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// Takes over a connected, non-blocking socket. Shakes hands when it is first read or written; a
  /// certificate that is not believed is an error of reading and writing. Null: `why` says why.
  std::unique_ptr<net::Transport> connect(boost::asio::io_context& context, int descriptor,
                                          bool is_v6, const std::string& host, std::string& why);

 private:
  explicit TlsContext(ssl_ctx_st* context) noexcept : context_(context) {}

  ssl_ctx_st* context_;
};

}  // namespace romp::client
