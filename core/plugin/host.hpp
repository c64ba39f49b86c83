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
  /// Stops what still runs.
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Looks at every file and section, creates every instance, builds the chain. [main]
  /// Returns one sentence for each file or section that is refused ("ping.so: not an ELF file").
  std::vector<std::string> load();
  /// Starts the instances in the order of their names; returns what failed. [main]
  std::vector<std::string> start();
  /// Stops them in reverse, runs what is pending with ROMP_E_CANCELLED, destroys them. Sessions are
  /// to have ended before, or what they left in their slots is lost. [main]
  void stop();

  /// The chain in force. Good until the next reload; workers take it once a batch. Any thread.
  const Chain& chain() const noexcept;

  /// A session has gone: its deferred frame can no longer be resumed. Its worker.
  void forget(romp_defer_id id) noexcept;
  /// A deferral has taken too long. "timed out in plugin x": the frame is now rejected with that,
  /// and neither call nor frame may be touched any more. Empty: resume() was faster, and is on its
  /// way. The session's worker.
  std::string time_out(romp_defer_id id);

  /// The last of a session: hands the contents of its slots back to their plugins. Its worker.
  void ended(Peer& peer);

  /// One line a plugin, as logged at start: id, version, ABI, filters, capabilities.
  std::vector<std::string> lines() const;

  /// In the order of their names, for counters and metrics. Good until the next reload.
  std::vector<const Instance*> instances() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace romp::plugin
