// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "net/tls_context.hpp"
#include "net/tls_files.hpp"

namespace romp::server {

/// The TLS of one port. Its files are read again when they change or when it is told so; what
/// cannot be used leaves the old in force. The control thread, but for what says otherwise.
class PortTls {
 public:
  /// `listener` is its name, for messages.
  PortTls(std::string listener, config::TlsSettings settings);

  /// What whoever comes now is shown. Null before the first `take`. Any thread.
  std::shared_ptr<const net::TlsContext> context() const;

  /// New settings with their files, read and found good.
  struct Prepared {
    config::TlsSettings settings;
    net::TlsFiles files;
    std::shared_ptr<const net::TlsContext> context;
  };
  /// Nothing where `problems` has grown, by a sentence each.
  std::optional<Prepared> prepare(const config::TlsSettings& settings,
                                  std::vector<std::string>& problems) const;
  std::optional<Prepared> prepare(std::vector<std::string>& problems) const {
    return prepare(settings_, problems);
  }
  void take(Prepared prepared);

  /// To be called once in a while: takes over what has changed and then kept still from one call to
  /// the next, and warns before the certificate ends.
  void tend();

  std::atomic<std::uint64_t> handshakes{0};
  std::atomic<std::uint64_t> failures{0};  ///< handshakes that failed, or took too long
  std::atomic<std::uint64_t> in_clear{0};  ///< clients that spoke no TLS
  std::atomic<std::uint64_t> loads{0};
  std::atomic<std::uint64_t> failed_loads{0};

 private:
  using Time = std::chrono::system_clock::time_point;

  void warn_of_end(Time now);

  const std::string listener_;
  config::TlsSettings settings_;
  net::TlsFiles loaded_;  ///< as they were when they were read
  net::TlsFiles seen_;    ///< as they were at the last look
  net::TlsFiles failed_;  ///< as they were when they could not be used
  Time next_warning_{};
  mutable std::mutex mutex_;
  std::shared_ptr<const net::TlsContext> context_;
};

/// Reads the files of all listeners and says what is wrong with them, a sentence each.
std::vector<std::string> problems_of_tls(const config::Settings& settings);

/// "2027-01-31", in UTC.
std::string day_of(std::chrono::system_clock::time_point time);

}  // namespace romp::server
