// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace romp::net {

/// What a listener shows its clients of TLS: certificates, keys, whom it believes. Read from its
/// files once and then immutable; connections keep the one that they began with. Any thread.
class TlsContext {
 public:
  using Time = std::chrono::system_clock::time_point;

  /// Reads the files. Null with `problems` filled, one sentence a problem, each with its file.
  static std::shared_ptr<const TlsContext> make(const config::TlsSettings& settings,
                                                std::vector<std::string>& problems);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// A new connection's SSL object, for the server's side; the caller frees it. Null: no memory.
  ssl_st* make_ssl() const noexcept;

  /// The verified name of that connection's client, as `user_from` says; empty: none.
  std::string name_of(const ssl_st* ssl) const;

  /// When the first of the server's certificates ends.
  Time expires() const noexcept { return expires_; }

 private:
  explicit TlsContext(const config::TlsSettings& settings);
  class Maker;

  config::TlsSettings settings_;
  std::vector<ssl_ctx_st*> contexts_;  ///< one a certificate; the first is the usual one
  Time expires_ = Time::max();
};

}  // namespace romp::net
