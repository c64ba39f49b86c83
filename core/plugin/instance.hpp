// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "config/settings.hpp"
#include "plugin/breaker.hpp"
#include "plugin/chain.hpp"
#include "plugin/clients.hpp"
#include "plugin/counters.hpp"
#include "plugin/current.hpp"
#include "plugin/deferrals.hpp"
#include "plugin/door.hpp"
#include "plugin/events.hpp"
#include "plugin/gate.hpp"
#include "plugin/gateway.hpp"
#include "plugin/http_chain.hpp"
#include "plugin/keys.hpp"
#include "plugin/metrics.hpp"
#include "plugin/retained.hpp"
#include "plugin/snapshots.hpp"
#include "plugin/subscriptions.hpp"
#include "plugin/tasks.hpp"
#include "plugin/throttle.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

class Instance;

/// What all instances of a host share.
struct Environment {
  Gateway& gateway;
  Deferrals& deferrals;
  std::size_t longest_body = std::size_t{16} << 20;
  std::size_t longest_header = 8192;  ///< name and value
  std::size_t most_headers = 64;
  base::Duration start_timeout = std::chrono::seconds(30);
  base::Duration stop_timeout = std::chrono::seconds(10);
  /// All instances of the host, by name. Any thread.
  std::function<std::vector<std::shared_ptr<Instance>>()> all = [] {
    return std::vector<std::shared_ptr<Instance>>();
  };
};

/// One configured use of a plugin: its life, its filters, its counters, and what it may do.
///
/// Without ROMP_PLUGIN_CONCURRENT no two callbacks overlap, whatever their mark. What is called
/// while the instance is not running is not called. The object outlives the plugin's own: host and
/// chain may go on pointing at it, and find it stopped.
class Instance {
 public:
  /// Bits, so that a rule can name several.
  enum State : std::uint8_t {
    creating = 1,
    created = 2,
    running = 4,
    stopping = 8,
    drained = 16,
    gone = 32,
  };

  struct Setup {
    std::string name;
    std::size_t number = 0;  ///< of its slots; never given twice by one host
    std::uint64_t capabilities = 0;
    base::Duration budget = std::chrono::milliseconds(1);
    romp_config config;
    config::OnFault on_fault = config::OnFault::reject;
    Breaker::Rules breaker = {};
  };

  Instance(const romp_plugin& descriptor, Setup setup, Environment environment);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  // Life, in this order, all of it [main]. create and start return a sentence when they fail, and
  // have then ended the instance. stop and destroy do nothing when it is not their turn.
  std::string create();
  std::string start();
  void stop();
  void destroy();
  /// New settings for a running instance, while no callback of it runs: the workers have to wait.
  /// Empty: taken. Else it wants a new instance, or says why these are wrong.
  romp_status reconfigure(romp_config config, std::string& why);

  State state() const noexcept { return state_.load(); }
  /// A reload has exchanged it: its last frames are still under way.
  bool is_ending() const noexcept { return ending_.load(std::memory_order_relaxed); }
  void begin_to_end() noexcept { ending_.store(true, std::memory_order_relaxed); }
  const std::string& name() const noexcept { return setup_.name; }
  std::string_view id() const noexcept { return descriptor_.id; }
  const romp_plugin& descriptor() const noexcept { return descriptor_; }
  std::size_t number() const noexcept { return setup_.number; }
  base::Duration budget() const noexcept { return setup_.budget; }
  bool has(std::uint64_t capability) const noexcept {
    return (setup_.capabilities & capability) == capability;
  }
  std::uint64_t capabilities() const noexcept { return setup_.capabilities; }
  /// The settings that create or reconfigure is reading; null at other times.
  const romp_config* config_in_hand() const noexcept { return config_in_hand_; }
  const romp_config& config() const noexcept { return configs_.back(); }
  const romp_host* host() const noexcept { return door_.table(); }

  /// In the order of registration. Fixed once created.
  const std::deque<Filter>& filters() const noexcept { return filters_; }
  void add(Filter filter);
  /// Null where the plugin asked for none.
  Events* events() noexcept { return events_.get(); }
  void listen(std::unique_ptr<Events> events) { events_ = std::move(events); }
  /// Leaves an event for the strand, if the plugin asked for it. Any thread.
  void tell(const Event& event);
  const std::deque<HttpFilter>& http_filters() const noexcept { return http_filters_; }
  void add(HttpFilter filter);

  const Environment& environment() const noexcept { return environment_; }
  Tasks& tasks() noexcept { return *tasks_; }
  Metrics& metrics() noexcept { return metrics_; }
  const Metrics& metrics() const noexcept { return metrics_; }
  RetainedFrames& retained() noexcept { return retained_; }
  const std::shared_ptr<Subscriptions>& subscriptions() noexcept { return subscriptions_; }
  const std::shared_ptr<Clients>& clients() const noexcept { return clients_; }
  Snapshots& snapshots() noexcept { return snapshots_; }
  Breaker& breaker() noexcept { return breaker_; }
  const Breaker& breaker() const noexcept { return breaker_; }

  /// A line of the plugin's own. Any thread; bounded in length and number.
  void log(std::uint32_t level, std::string_view text);
  /// The plugin called the host in a wrong way: logged, and the reason for a failing create.
  void complain(std::string_view text);
  /// A filter failed: counted and logged, and too many of them open the breaker.
  void fault(const Filter& filter, std::string_view what);
  /// Does a request go on past the filters while they are not asked?
  bool lets_through() const noexcept {
    return is_disabled() || setup_.on_fault == config::OnFault::let_through;
  }
  /// Does a frame go on when this filter has failed?
  bool fails_open(const Filter& filter) const noexcept;
  /// The breaker is open for good: the filters are as good as not there.
  bool is_disabled() const noexcept {
    return setup_.on_fault == config::OnFault::disable && breaker_.seems_open();
  }
  void fault(Counters& counters, std::string_view filter, std::string_view what);
  void over_budget(const Filter& filter, base::Duration took);
  void over_budget(Counters& counters, std::string_view filter, base::Duration took);
  /// A call that was timed: counted, and logged where it was over the budget.
  void look_at_time(Counters& counters, std::string_view filter, base::Duration took);
  /// What a client is told when a filter failed: `plugin "x" failed`.
  std::string failure_text() const;
  /// A fault of a deferred frame, or of none: how the frame goes on.
  Resumption resumption_after_fault(const Filter& filter) const;

  /// A session has ended and left this in its slot. Its worker.
  void drop_slot(void* slot);

  /// A callback: the mark of the thread, its place in the thread's slot, and alone inside a plugin
  /// that is not concurrent.
  class Turn {
   public:
    /// `doing` lives for ever, as "a task"; `since` is a time of the steady clock in ns.
    Turn(Instance& instance, Mark mark, Call* call, const char* doing, std::int64_t since);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    /// What the callback said by fail(); empty when it did not.
    const std::string& why() const noexcept { return layer_.why; }

    /// ThreadSlot::number().
    std::size_t thread() const noexcept { return slot_.number(); }

   protected:
    Turn(Instance& instance, Mark mark, Call* call, const char* doing, std::int64_t since,
         bool only_if_running);
    bool is_in() const noexcept { return is_in_; }

   private:
    void begin(Instance& instance, Mark mark, Call* call, const char* doing, std::int64_t since);
    void end() noexcept;

    ThreadSlot& slot_;
    Layer* const pushed_;
    Layer& layer_;
    std::mutex* alone_ = nullptr;
    Current before_;
    bool is_in_ = false;
  };

  /// A turn in a running instance; false in one that is not, and then nothing may be called.
  class Visit : public Turn {
   public:
    Visit(Instance& instance, Mark mark, Call* call, const char* doing, std::int64_t since)
        : Turn(instance, mark, call, doing, since, true) {}
    explicit operator bool() const noexcept { return is_in(); }
  };

  /// Visits to the filters of a row, with the work shared; walk.hpp.
  class Walk;

 private:
  romp_status call(const char* what, base::Duration limit, const std::function<romp_status()>& f,
                   std::string& why);
  void run_task(const Tasks::Task& task, romp_status status, Mark mark);
  void reject_deferred();
  void finish_tasks();
  static void deliver_events(void* self, romp_status status);
  void give_up(std::string_view filter);
  void log_rarely(std::string_view text);
  std::string subject(std::string_view what) const;

  const romp_plugin& descriptor_;
  const Setup setup_;  // but for its config, which is the first of configs_
  const Environment environment_;
  Door& door_;
  Gate gate_;
  Breaker breaker_;
  void* self_ = nullptr;
  std::atomic<State> state_{creating};
  std::atomic<bool> ending_{false};

  std::mutex alone_;                // the serial plugin's
  std::shared_mutex at_rest_;       // held by tasks of the pool; whole by reconfigure
  std::list<romp_config> configs_;  // all there were, since their texts live until destroy
  const romp_config* config_in_hand_ = nullptr;
  std::deque<Filter> filters_;
  std::deque<HttpFilter> http_filters_;
  std::deque<Counters> counters_;
  Metrics metrics_;
  RetainedFrames retained_;
  const std::shared_ptr<Tasks> tasks_;
  const std::shared_ptr<Subscriptions> subscriptions_;
  const std::shared_ptr<Clients> clients_;
  Snapshots snapshots_;
  std::unique_ptr<Events> events_;
  Throttle lines_{1000};
  Throttle faults_{10};
};

}  // namespace romp::plugin
