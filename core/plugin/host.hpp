// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "plugin/chain.hpp"
#include "plugin/gateway.hpp"

namespace romp::plugin {

/// All plugins of a broker: finds, checks, loads, starts and stops them.
class Host {
 public:
  Host(const config::Settings& settings, Gateway& gateway);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Looks at every file and section, creates every instance, builds the chain. [main]
  /// Returns one sentence for each file or section that is refused ("ping.so: not an ELF file").
  std::vector<std::string> load();
  /// Starts the instances in the order of their names; returns what failed. [main]
  std::vector<std::string> start();
  /// Stops them in reverse, runs what is pending with ROMP_E_CANCELLED, destroys them. [main]
  void stop();

  /// The chain in force. Good until the next reload; workers take it once a batch. Any thread.
  const Chain& chain() const noexcept;

  /// A session has gone: its deferred frame can no longer be resumed. Its worker.
  void forget(romp_defer_id id) noexcept;

  /// One line a plugin, as logged at start: id, version, ABI, filters, capabilities.
  std::vector<std::string> lines() const;

 private:
  class Files;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace romp::plugin
