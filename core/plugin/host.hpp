// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "plugin/chain.hpp"
#include "plugin/events.hpp"
#include "plugin/gateway.hpp"
#include "plugin/http_chain.hpp"

namespace romp::plugin {

/// All plugins of a broker: finds, checks, loads, starts, exchanges and stops them.
class Host {
 public:
  /// `prober` is the program that tries files out (see probe.hpp); empty: none does.
  Host(const config::Settings& settings, Gateway& gateway, std::filesystem::path prober = {});
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

  struct Reloaded {
    std::vector<std::string> changes;   ///< "plugin ping: exchanged"
    std::vector<std::string> problems;  ///< as load(); what they are about stays as it was
  };
  /// Looks at files and sections again and exchanges the instances whose file or section has
  /// changed, while frames flow: the new one is started before the chain is exchanged, the old one
  /// ends when its last frame has. Of `settings` only what concerns plugins counts. [main]
  Reloaded reload(const config::Settings& settings);
  /// Ends what a reload has exchanged as soon as it can end, and names calls that do not return. To
  /// be called about once a second. [main]
  void tend();

  /// The chain in force. Good until the next reload. Any thread.
  const Chain& chain() const noexcept;
  /// Makes `mine` the chain in force, and keeps it in memory; costs one load where it is already.
  /// Any thread.
  void follow(std::shared_ptr<const Chain>& mine) const;

  /// Does any plugin want to hear of this? One load. Any thread.
  bool wants(std::uint32_t event) const noexcept {
    return (wanted_events_.load(std::memory_order_relaxed) & ROMP_MASK(event)) != 0;
  }
  /// Leaves an event for every plugin that asked for it. Never waits. Any thread.
  void tell(const Event& event) const;
  /// That of the HTTP filters; whoever holds it keeps it in memory. Any thread.
  std::shared_ptr<const HttpChain> http_chain() const;

  /// A session has gone: its deferred frame can no longer be resumed. Its worker.
  void forget(romp_defer_id id) noexcept;
  /// A deferral has taken too long. "timed out in plugin x": the frame is now rejected with that,
  /// and neither call nor frame may be touched any more. Empty: resume() was faster, and is on its
  /// way. The session's worker.
  std::string time_out(romp_defer_id id);
  /// The same for a deferred HTTP request: neither call nor request may be touched any more. False:
  /// resume() was faster, and is on its way.
  bool time_out_http(romp_defer_id id);

  /// The last of a session: hands the contents of its slots back to their plugins. Its worker.
  void ended(Peer& peer);

  /// One line a plugin, as logged at start: id, version, ABI, filters, capabilities. [main]
  std::vector<std::string> lines() const;

  /// In the order of their names, for counters and metrics. Good until the next reload. [main]
  std::vector<const Instance*> instances() const;
  /// The same and those that end, kept in memory. Any thread.
  std::vector<std::shared_ptr<const Instance>> kept_instances() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::atomic<std::uint64_t> wanted_events_{0};
};

}  // namespace romp::plugin
