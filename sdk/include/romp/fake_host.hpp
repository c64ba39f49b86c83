// SPDX-License-Identifier: Apache-2.0
/// romp/fake_host.hpp - a host in memory, to test one instance of a plugin without a broker.
///
///   romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
///   ASSERT_EQ(host.load(), ROMP_OK) << host.why;
///   EXPECT_EQ(host.send("/virt/ping", "hello").verdict, ROMP_HANDLED);
///   EXPECT_EQ(host.sent.at(0).body, "pong");
///
/// It keeps the rules of plugin.h that a plugin can break: states, capabilities, declared flags,
/// exactly one end for tasks, subscriptions, connections and slots. Time stands still until
/// advance(). It offers the interfaces of a broker, made of what the test puts into it.
#ifndef ROMP_FAKE_HOST_HPP
#define ROMP_FAKE_HOST_HPP

#include <romp/admin.h>
#include <romp/plugin.h>
#include <romp/sessions.h>
#include <romp/v1/fake_broker.hpp>
#include <romp/v1/fake_config.hpp>
#include <romp/v1/fake_frame.hpp>
#include <romp/v1/fake_http.hpp>

#include <algorithm>
#include <any>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace romp {

/// One client, as the plugin sees it. Change it before frames of it are sent.
struct fake_session {
  std::string user = "guest";
  std::string remote = "192.0.2.1:5000";
  std::uint32_t transport = ROMP_TRANSPORT_TCP;
  std::uint32_t flags = ROMP_SESSION_AUTHENTICATED;
  std::map<std::string, std::string, std::less<>> attributes;
  void* slot = nullptr;
  std::int64_t since_ns = 0;
};

/// What the filters made of a frame.
struct fake_result {
  romp_verdict verdict = ROMP_CONTINUE;
  std::string reply;                  ///< of a REJECT
  std::string log;                    ///< of a REJECT, or the text of fail()
  bool fatal = false;                 ///< of a REJECT
  romp_defer_id deferred = 0;         ///< of a DEFER
  std::shared_ptr<fake_frame> frame;  ///< as the filters left it
};

class fake_host {
 public:
  explicit fake_host(const romp_plugin* descriptor);
  fake_host(const fake_host&) = delete;
  fake_host& operator=(const fake_host&) = delete;
  ~fake_host() { unload(); }

  /// A key of the ini section; before load().
  fake_host& set(std::string key, std::string value) {
    config_.set(std::move(key), std::move(value));
    return *this;
  }
  /// Checks the section, creates and starts the instance. `why` says what went wrong.
  romp_status load();
  /// Stops and destroys the instance. The destructor does it as well.
  void unload();

  /// Made at the first use.
  fake_session& session(romp_session_id id);
  /// The client has gone: its slot is dropped.
  void close(romp_session_id id);

  /// Runs the filters of a stage on a frame. Different sessions from different threads, if the
  /// plugin is concurrent.
  fake_result run(const fake_frame& frame, std::uint32_t stage = ROMP_STAGE_FRAME,
                  romp_session_id from = 1);
  /// A SEND, at ROMP_STAGE_FRAME.
  fake_result send(std::string destination, std::string body, fake_headers headers = {},
                   romp_session_id from = 1) {
    headers.insert(headers.begin(), {"destination", std::move(destination)});
    return run(fake_frame(ROMP_CMD_SEND, std::move(headers), std::move(body)), ROMP_STAGE_FRAME,
               from);
  }

  /// Tells the plugin that something happened; false when it did not ask for that event.
  bool tell(std::uint32_t type, const std::string& destination = {}, std::int64_t value = 0,
            romp_session_id about = 0);
  /// Gives a message to the plugin's subscriptions to that destination. Returns how many there are.
  std::size_t deliver(const std::string& destination, const std::string& body,
                      fake_headers headers = {});
  /// Asks the HTTP filters; a request that one defers is waited for by running what was posted.
  fake_reply http(std::string method, std::string_view target, fake_headers headers = {},
                  std::string body = {});

  /// Runs what was posted, and what that posts.
  void run_tasks();
  /// Lets time pass; timers fire in order.
  void advance(std::int64_t ns);

  std::string why;                             ///< the last text of fail() outside of a filter
  std::vector<fake_message> sent;              ///< session_send
  std::vector<fake_message> published;         ///< publish
  std::vector<romp_session_id> closed;         ///< session_close
  std::vector<std::string> log;                ///< log, at any level
  std::vector<fake_result> resumed;            ///< resume; `deferred` says of what
  std::map<std::string, double> metrics;       ///< by name; a histogram is the sum of its values
  std::map<std::string, romp_status> answers;  ///< what shall fail: {"publish", ROMP_E_AGAIN}
  int retained = 0;                            ///< frames not yet released
  std::map<std::uint64_t, bool> settled;       ///< ack: its token, and whether it was positive
  std::int64_t now_ns = 1000000000;

  std::set<std::string> absent;                ///< interfaces that the host shall not have
  std::vector<fake_destination> destinations;  ///< for romp.destinations/1, which purges them
  std::vector<std::string> purged;             ///< their names
  std::vector<fake_setting> settings;          ///< for romp.admin/1
  int reloads = 0;                             ///< asked for by romp.admin/1
  /// The connections that were opened by romp.client/1, in that order.
  fake_client& client(std::size_t number = 0);

  const romp_host* table() const { return &table_; }

 private:
  enum class state { fresh, creating, running, stopping, gone };
  struct filter {
    romp_filter raw;
    std::string name, destination, header;
    mutable romp_admin_filter counts;  // changed with the lock held
  };
  struct http_filter {
    romp_http_filter raw;
    std::string name, path;
  };
  struct call {
    fake_host* host;
    romp_session_id id;
    fake_session* peer;
    const filter* running;
    fake_result* result;
    std::map<std::string, std::string, std::less<>> attributes;
  };
  struct timer {
    std::int64_t at, every;
    romp_task task;
    void* arg;
  };
  struct pending {
    romp_task task;
    void* arg;
    romp_status status;
  };

  struct subscription {
    romp_subscription raw;
    std::string destination;
    bool closing;
  };

  friend class fake_client;
  friend struct fake_table;
  friend struct fake_http_table;
  friend struct fake_client_table;
  friend struct fake_lists;
  friend struct fake_destinations_table;
  friend struct fake_sessions_table;
  friend struct fake_admin_table;
  static fake_host& self(const romp_host* h) { return *static_cast<fake_host*>(h->impl); }
  /// The filter that runs on this thread.
  static call*& current() {
    static thread_local call* it = nullptr;
    return it;
  }
  bool may(std::uint64_t capability) const { return (plugin_->capabilities & capability) != 0; }
  romp_status answer(const char* function) const {
    const auto at = answers.find(function);
    return at == answers.end() ? ROMP_OK : at->second;
  }
  bool matches(const filter& f, const fake_frame& frame, std::uint32_t stage) const;
  romp_verdict call_filter(const filter& f, call& c, fake_frame& frame, std::uint32_t stage);
  static bool matches(const http_filter& f, const fake_request& request);
  romp_verdict ask(const http_filter& f, fake_request& request);
  fake_request* find_request(const romp_http* raw);  // with the lock held
  void cancel_all();
  void end_subscriptions(bool all);
  void end_clients(bool all);
  void count(const filter& f, romp_verdict v);
  const void* interface_of(std::string_view id) const;
  std::string missing_interface() const;
  romp_status may_use(std::uint64_t capability) const;

  const romp_plugin* plugin_;
  romp_host table_{};
  fake_config config_;
  void* instance_ = nullptr;
  state state_ = state::fresh;
  std::mutex mutex_;  // never held while the plugin runs
  std::vector<filter> filters_;
  std::vector<http_filter> http_filters_;
  std::vector<std::shared_ptr<fake_request>> requests_;  // in hand, or deferred
  std::map<romp_session_id, fake_session> sessions_;
  std::map<romp_defer_id, std::shared_ptr<fake_frame>> deferrals_;
  std::map<romp_timer_id, timer> timers_;
  std::vector<pending> tasks_;
  std::map<romp_sub_id, subscription> subscriptions_;
  std::map<std::uint64_t, romp_sub_id> unsettled_;
  std::uint64_t events_ = 0;
  void (*on_event_)(void*, const romp_event*) = nullptr;
  void* event_user_ = nullptr;
  std::vector<std::string> metric_names_;
  std::vector<std::shared_ptr<fake_client>> clients_;
  std::vector<std::function<void()>> later_;  // the host's own, run as tasks are
  std::map<romp_list_id, std::any> lists_;
  std::uint64_t last_id_ = 0;
};

}  // namespace romp

#include <romp/v1/fake_table.hpp>

namespace romp {

inline fake_host::fake_host(const romp_plugin* descriptor) : plugin_(descriptor) {
  fake_table::fill(table_, this);
}

inline romp_status fake_host::load() {
  why = missing_interface();
  if (!why.empty()) return ROMP_E_UNSUPPORTED;
  why = config_.resolve(*plugin_);
  if (!why.empty()) return ROMP_E_INVAL;
  state_ = state::creating;
  romp_status s =
      plugin_->create(&table_, reinterpret_cast<const romp_config*>(&config_), &instance_);
  state_ = s == ROMP_OK ? state::running : state::gone;
  if (s != ROMP_OK) return s;
  if (plugin_->start) s = plugin_->start(instance_);
  if (s != ROMP_OK) {
    cancel_all();
    if (plugin_->destroy) plugin_->destroy(instance_);
    state_ = state::gone;
  }
  return s;
}

inline void fake_host::unload() {
  if (state_ != state::running) return;
  state_ = state::stopping;
  if (plugin_->stop) plugin_->stop(instance_);
  cancel_all();
  while (!sessions_.empty()) close(sessions_.begin()->first);
  if (plugin_->destroy) plugin_->destroy(instance_);
  state_ = state::gone;
}

inline void fake_host::cancel_all() {
  state_ = state::stopping;
  std::vector<pending> rest;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    rest.swap(tasks_);
    for (const auto& entry : timers_)
      rest.push_back({entry.second.task, entry.second.arg, ROMP_OK});
    timers_.clear();
  }
  for (const pending& p : rest) p.task(p.arg, ROMP_E_CANCELLED);
  end_subscriptions(true);
  end_clients(true);
}

inline fake_session& fake_host::session(romp_session_id id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return sessions_[id];
}

inline void fake_host::close(romp_session_id id) {
  void* slot = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    slot = at->second.slot;
    sessions_.erase(at);
  }
  if (slot && plugin_->drop_slot) plugin_->drop_slot(instance_, slot);
}

inline bool fake_host::matches(const filter& f, const fake_frame& frame,
                               std::uint32_t stage) const {
  if (f.raw.stage != stage || !(f.raw.commands & ROMP_MASK(frame.command))) return false;
  if (f.raw.header && !frame.has(f.header)) return false;
  if (!f.raw.destination) return true;
  const std::string to = frame.header("destination");
  if (f.destination.empty() || f.destination.back() != '*') return to == f.destination;
  return to.compare(0, f.destination.size() - 1, f.destination, 0, f.destination.size() - 1) == 0;
}

inline romp_verdict fake_host::call_filter(const filter& f, call& c, fake_frame& frame,
                                           std::uint32_t stage) {
  const fake_session& peer = *c.peer;
  romp_ctx ctx{};
  ctx.size = sizeof ctx;
  ctx.stage = stage;
  ctx.session = c.id;
  ctx.user = {peer.user.data(), peer.user.size()};
  ctx.remote = {peer.remote.data(), peer.remote.size()};
  ctx.transport = peer.transport;
  ctx.session_flags = peer.flags;
  ctx.now_ns = now_ns;
  ctx.slot = &c.peer->slot;
  ctx.impl = &c;
  c.running = &f;
  current() = &c;
  const romp_verdict v = f.raw.on_frame(f.raw.user, &ctx, frame.refresh(may(ROMP_CAP_CREDENTIALS)));
  current() = nullptr;
  const romp_verdict said = v == ROMP_DEFER && c.result->deferred == 0 ? ROMP_E_FAULT : v;
  count(f, said);
  return said;
}

inline void fake_host::count(const filter& f, romp_verdict v) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++f.counts.calls;
  if (v == ROMP_HANDLED) ++f.counts.handled;
  if (v == ROMP_REJECT) ++f.counts.rejected;
  if (v == ROMP_DEFER) ++f.counts.deferred;
  if (v < ROMP_CONTINUE || v > ROMP_DEFER) ++f.counts.faults;
}

inline fake_result fake_host::run(const fake_frame& given, std::uint32_t stage,
                                  romp_session_id from) {
  fake_result result;
  result.frame = std::make_shared<fake_frame>(given);
  call c{this, from, &session(from), nullptr, &result, {}};
  for (const filter& f : filters_) {
    if (!matches(f, *result.frame, stage)) continue;
    if ((given.flags & ROMP_FRAME_BODY_PENDING) && (f.raw.flags & ROMP_FILTER_NEED_BODY)) continue;
    result.verdict = call_filter(f, c, *result.frame, stage);
    if (result.verdict < 0 && (f.raw.flags & ROMP_FILTER_FAIL_OPEN)) result.verdict = ROMP_CONTINUE;
    if (result.verdict != ROMP_CONTINUE) break;
  }
  return result;
}

inline void fake_host::run_tasks() {
  for (;;) {
    std::vector<pending> batch;
    std::vector<std::function<void()>> own;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      batch.swap(tasks_);
      own.swap(later_);
    }
    end_subscriptions(false);
    end_clients(false);
    if (batch.empty() && own.empty()) return;
    for (const pending& p : batch) p.task(p.arg, p.status);
    for (const auto& f : own) f();
  }
}

inline void fake_host::advance(std::int64_t ns) {
  const std::int64_t until = now_ns + ns;
  for (;;) {
    auto due = std::min_element(timers_.begin(), timers_.end(), [](const auto& a, const auto& b) {
      return a.second.at < b.second.at;
    });
    if (due == timers_.end() || due->second.at > until) break;
    now_ns = due->second.at;
    const timer t = due->second;
    if (t.every > 0) {
      due->second.at += t.every;
    } else {
      timers_.erase(due);
    }
    t.task(t.arg, ROMP_OK);
    run_tasks();
  }
  now_ns = until;
  run_tasks();
}

}  // namespace romp

#include <romp/v1/fake_messages.hpp>

#endif
