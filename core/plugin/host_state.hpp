// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>

#include "plugin/deferrals.hpp"
#include "plugin/directory.hpp"
#include "plugin/host.hpp"
#include "plugin/instance.hpp"
#include "plugin/libraries.hpp"
#include "plugin/plan.hpp"
#include "plugin/stuck.hpp"

namespace romp::plugin {

/// What a Host consists of. Everything is [main], but for the table, the chain and the deferrals.
struct Host::State {
  using Problems = std::vector<std::string>;

  /// An instance, and what it was made of.
  struct Entry {
    std::shared_ptr<Instance> instance;
    std::string subject;  ///< how problems with it begin
    std::string file;     ///< the file's name
    FileIdentity identity;
    std::optional<config::PluginSettings> section;
  };

  /// An instance that a reload has taken out of the chain.
  struct Ending {
    std::shared_ptr<Instance> instance;
    base::Time limit;  ///< then it ends with frames deferred or not
  };

  /// What other threads look up. Immutable; a change makes another one.
  struct Table {
    std::vector<std::shared_ptr<Instance>> all;        ///< by name; those that end are the last
    std::vector<std::shared_ptr<Instance>> listeners;  ///< that want events
    std::map<std::size_t, std::shared_ptr<Instance>> by_number;
  };

  State(const config::Settings& given, Gateway& to_broker, std::filesystem::path probing,
        std::atomic<std::uint64_t>& events);

  Environment environment();
  std::size_t free_number();

  // Making instances:
  Problems load();
  void warn(const Directory& directory) const;
  Plan plan_for(const Directory& directory) const;
  /// Not created yet; nothing where something is wrong, which is added to `problems`.
  std::optional<Entry> prepare(const Use& use, Problems& problems);
  Instance::Setup setup_of(const Use& use, std::uint64_t capabilities, romp_config config);
  std::string try_out(const Use& use) const;
  /// Both run with the journal naming the file; false when a problem was added.
  bool create(const Entry& entry, Problems& problems);
  bool start(const Entry& entry, Problems& problems);
  Problems start_all();
  void let_events_be_told() const;
  void stop_all();

  // Exchanging them:
  Reloaded reload(const config::Settings& loaded);
  void take_options(const config::Settings& loaded);
  bool is_same(const Entry& entry, const Use& use) const;
  bool is_wanted(const Entry& entry, const Directory& directory) const;
  void renew(const Use& use, Reloaded& done);
  bool reconfigure(Entry& entry, const Use& use, Reloaded& done, bool& settled);
  void exchange(Entry& old, const Use& use, Reloaded& done);
  void exchange_exclusive(Entry& old, const Use& use, Reloaded& done);
  void bring_back(Entry& old, const Use& use, Reloaded& done);
  void let_end(std::shared_ptr<Instance> instance);
  void finish(Instance& instance);
  void let_workers_follow();
  void finish_endings(bool all);
  bool is_waited_for(const Instance& instance) const;
  Entry* find(const std::string& name);

  void publish();  ///< chain and table
  std::shared_ptr<const Table> table() const;

  config::Settings settings;  ///< as they are in force
  Gateway& gateway;
  const std::filesystem::path prober;
  std::atomic<std::uint64_t>& wanted_events;
  Deferrals deferrals;
  Journal journal;
  Libraries libraries;
  std::vector<Entry> entries;  ///< in the order of the instances' names
  std::vector<Ending> endings;
  std::set<std::size_t> spare_numbers;
  std::size_t numbers = 0;
  StuckCalls stuck;

  mutable std::mutex mutex;  ///< of the next three
  std::shared_ptr<const Chain> chain;
  std::shared_ptr<const HttpChain> http_chain;
  std::shared_ptr<const Table> shown;
  std::atomic<const Chain*> current_chain{nullptr};
};

}  // namespace romp::plugin
