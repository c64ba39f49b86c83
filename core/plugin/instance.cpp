// SPDX-License-Identifier: Apache-2.0
#include "plugin/instance.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "plugin/text.hpp"
#include "plugin/watchdog.hpp"

namespace romp::plugin {
namespace {

using base::log::Level;

constexpr std::size_t longest_line = 4096;

Level level_of(std::uint32_t level) {
  return static_cast<Level>(std::min<std::uint32_t>(level, ROMP_LOG_ERROR));
}

/// Calls into the plugin; what is thrown becomes a status.
template <class F>
romp_status guarded(F&& f, std::string& why) {
  try {
    return f();
  } catch (const std::exception& e) {
    why = std::string("it threw an exception: ") + e.what();
  } catch (...) {
    why = "it threw an exception";
  }
  return ROMP_E_FAULT;
}

std::int64_t now_ns() {
  return std::chrono::nanoseconds(base::Clock::now().time_since_epoch()).count();
}

std::string failed(std::string_view what, romp_status status, const std::string& why) {
  std::string text = std::string(what) + " failed (" + std::to_string(status) + ")";
  return why.empty() ? text : text + ": " + why;
}

}  // namespace

Instance::Instance(const romp_plugin& descriptor, Setup setup, Environment environment)
    : descriptor_(descriptor),
      setup_(std::move(setup)),
      environment_(environment),
      door_(Door::make(*this, setup_.name)),
      gate_((descriptor.flags & ROMP_PLUGIN_CONCURRENT) == 0),
      breaker_(setup_.breaker, gate_.caution()),
      tasks_(std::make_shared<Tasks>(environment.gateway,
                                     [this](const Tasks::Task& task, romp_status status,
                                            Mark mark) { run_task(task, status, mark); })),
      subscriptions_(std::make_shared<Subscriptions>(environment.gateway, tasks_)),
      clients_(std::make_shared<Clients>(environment.gateway, tasks_)) {
  configs_.push_back(setup_.config);
}

Instance::~Instance() {
  stop();
  destroy();
  door_.close();
}

std::string Instance::create() {
  std::string why;
  config_in_hand_ = &configs_.back();
  const auto status = call(
      "create", environment_.start_timeout,
      [this] { return descriptor_.create(host(), config_in_hand_, &self_); }, why);
  config_in_hand_ = nullptr;
  if (status == ROMP_OK) {
    state_ = created;
    return {};
  }
  state_ = gone;
  door_.close();
  filters_.clear();
  events_.reset();
  http_filters_.clear();
  return failed("create", status, why);
}

std::string Instance::start() {
  if (state() != created) return {};
  std::string why;
  romp_status status = ROMP_OK;
  if (descriptor_.start != nullptr) {
    status = call(
        "start", environment_.start_timeout, [this] { return descriptor_.start(self_); }, why);
  }
  if (status == ROMP_OK) {
    state_ = running;
    gate_.open();
    return {};
  }
  destroy();
  return failed("start", status, why);
}

void Instance::stop() {
  if (state() != running) return;
  state_ = stopping;
  gate_.close();
  tasks_->pause();
  subscriptions_->pause();
  clients_->pause();
  const Watchdog watchdog(subject("stop"), environment_.stop_timeout);
  std::string why;
  const auto stop_plugin = [this] { return descriptor_.stop(self_), ROMP_OK; };
  if (descriptor_.stop != nullptr && call("stop", {}, stop_plugin, why) != ROMP_OK) {
    log(ROMP_LOG_ERROR, "stop: " + why);
  }
  gate_.wait();
  reject_deferred();
  state_ = drained;
  finish_tasks();
}

/// Whatever was started ends: what was posted, timers, subscriptions, connections; and nobody hears
/// of events.
void Instance::finish_tasks() {
  const auto as_strand = [this](const std::function<void()>& closed) {
    const Turn turn(*this, Mark::plugin, nullptr, "the end of what it has opened", now_ns());
    std::string why;
    if (guarded([&] { return closed(), ROMP_OK; }, why) != ROMP_OK) {
      log_rarely("on_closed failed: " + why);
    }
  };
  tasks_->finish();
  subscriptions_->finish(as_strand);
  clients_->finish(as_strand);
  if (events_) events_->clear();
}

void Instance::destroy() {
  if (state() == gone || state() == creating) return;
  {
    const Watchdog watchdog(subject("the end of its tasks"), environment_.stop_timeout);
    state_ = drained;
    finish_tasks();
  }
  state_ = gone;
  door_.close();
  std::string why;
  const auto destroy_plugin = [this] { return descriptor_.destroy(self_), ROMP_OK; };
  if (descriptor_.destroy != nullptr &&
      call("destroy", environment_.stop_timeout, destroy_plugin, why) != ROMP_OK) {
    log(ROMP_LOG_ERROR, "destroy: " + why);
  }
  retained_.clear();
  snapshots_.clear();
}

romp_status Instance::reconfigure(romp_config config, std::string& why) {
  if (descriptor_.reconfigure == nullptr || state() != running) return ROMP_E_UNSUPPORTED;
  const std::unique_lock rest(at_rest_);
  configs_.push_back(std::move(config));
  config_in_hand_ = &configs_.back();
  const auto status = call(
      "reconfigure", environment_.start_timeout,
      [this] { return descriptor_.reconfigure(self_, config_in_hand_); }, why);
  config_in_hand_ = nullptr;
  // Texts of the settings it refused may have been kept all the same, so only their order changes.
  if (status != ROMP_OK) configs_.splice(configs_.begin(), configs_, std::prev(configs_.end()));
  if (status != ROMP_OK && status != ROMP_E_UNSUPPORTED) why = failed("reconfigure", status, why);
  return status;
}

romp_status Instance::call(const char* what, base::Duration limit,
                           const std::function<romp_status()>& f, std::string& why) {
  const Watchdog watchdog(subject(what), limit);
  const Turn turn(*this, Mark::main, nullptr, what, now_ns());
  const auto status = guarded(f, why);
  if (why.empty()) why = turn.why();
  return status;
}

void Instance::add(Filter filter) {
  filter.instance = this;
  filter.counters = &counters_.emplace_back();
  filter.plugin = door_.name();
  filter.doing = door_.keep("filter " + filter.name);
  filter.slot = number();
  filter.sort = has(ROMP_CAP_CREDENTIALS) ? Filter::sees_passcode : Filter::sees_no_passcode;
  filters_.push_back(std::move(filter));
  filters_.back().original = &filters_.back();
}

void Instance::tell(const Event& event) {
  if (!events_ || !events_->wants(event.type) || state() != running) return;
  if (events_->push(event, now_ns())) tasks_->post_own({deliver_events, this});
}

void Instance::deliver_events(void* self, romp_status status) {
  auto& instance = *static_cast<Instance*>(self);
  if (status != ROMP_OK) return;
  bool more = true;
  try {
    more = instance.events_->deliver();
  } catch (...) {
    instance.tasks_->post_own({deliver_events, self});
    throw;
  }
  if (more) instance.tasks_->post_own({deliver_events, self});
}

void Instance::add(HttpFilter filter) {
  filter.instance = this;
  filter.counters = &counters_.emplace_back();
  filter.doing = door_.keep("HTTP filter " + filter.name);
  http_filters_.push_back(std::move(filter));
  http_filters_.back().original = &http_filters_.back();
}

void Instance::run_task(const Tasks::Task& task, romp_status status, Mark mark) {
  std::shared_lock rest(at_rest_, std::defer_lock);
  if (mark == Mark::worker) rest.lock();
  const Turn turn(*this, mark, nullptr, "a task", now_ns());
  std::string why;
  const auto run = [&] { return task.function(task.arg, status), ROMP_OK; };
  if (guarded(run, why) != ROMP_OK) log_rarely("a task failed: " + why);
}

void Instance::reject_deferred() {
  for (const auto& [id, deferral] : environment_.deferrals.take_all(*this)) {
    environment_.gateway.resume(deferral.session, id, resumption_after_fault(*deferral.filter));
  }
  for (const auto& [id, deferral] : environment_.deferrals.http().take_all(*this)) {
    deferral.call->client().resume_http(id, ROMP_REJECT);
  }
}

void Instance::log(std::uint32_t level, std::string_view text) {
  std::uint64_t missed = 0;
  if (!base::log::enabled(level_of(level)) || !lines_.pass(base::Clock::now(), missed)) return;
  if (missed != 0) {
    base::log::warning(subject(std::to_string(missed) + " lines were dropped: too many"));
  }
  const bool cut = text.size() > longest_line;
  base::log::write(level_of(level), subject(text.substr(0, longest_line)) + (cut ? "..." : ""));
}

void Instance::complain(std::string_view text) {
  log_rarely(text);
  if (current.instance == this && current.why->empty()) current.say_why(text);
}

void Instance::fault(const Filter& filter, std::string_view what) {
  fault(*filter.counters, filter.name, what);
}

void Instance::fault(Counters& counters, std::string_view filter, std::string_view what) {
  Counters::count(counters.faults);
  log_rarely("filter " + std::string(filter) + " " + std::string(what));
  if (breaker_.note_fault(base::Clock::now())) give_up(filter);
}

void Instance::give_up(std::string_view filter) {
  const auto& rules = breaker_.rules();
  const bool disabled = setup_.on_fault == config::OnFault::disable;
  const bool opens = setup_.on_fault == config::OnFault::let_through;
  base::log::error(subject("it failed " + std::to_string(rules.limit) + " times in " +
                           spoken(rules.window) + ", the last time in filter " +
                           std::string(filter) + ": ") +
                   (disabled ? "it is disabled until the next reload"
                             : "it is not called for " + spoken(rules.window) +
                                   ", and its frames " + (opens ? "go on" : "are rejected")));
}

bool Instance::fails_open(const Filter& filter) const noexcept {
  return setup_.on_fault == config::OnFault::let_through ||
         (filter.flags & ROMP_FILTER_FAIL_OPEN) != 0;
}

void Instance::over_budget(const Filter& filter, base::Duration took) {
  over_budget(*filter.counters, filter.name, took);
}

void Instance::over_budget(Counters& counters, std::string_view filter, base::Duration took) {
  Counters::count(counters.over_budget);
  log_rarely("filter " + std::string(filter) + " took " + spoken(took) + ", its budget is " +
             spoken(setup_.budget));
}

void Instance::look_at_time(Counters& counters, std::string_view filter, base::Duration took) {
  Counters::count(counters.sampled_calls);
  Counters::count(counters.sampled_ns, static_cast<std::uint64_t>(took.count()));
  if (took > setup_.budget) over_budget(counters, filter, took);
}

std::string Instance::failure_text() const { return "plugin " + in_quotes(name()) + " failed"; }

Resumption Instance::resumption_after_fault(const Filter& filter) const {
  if (fails_open(filter)) return {};
  return {ROMP_REJECT, failure_text(), {}, false};
}

void Instance::drop_slot(void* slot) {
  if (descriptor_.drop_slot == nullptr) return;
  const auto drop = [&] {
    std::string why;
    const auto call = [&] { return descriptor_.drop_slot(self_, slot), ROMP_OK; };
    if (guarded(call, why) != ROMP_OK) log_rarely("drop_slot: " + why);
  };
  if (const Visit visit(*this, Mark::session, nullptr, "drop_slot", now_ns()); visit) return drop();
  // Of an instance that a reload has stopped, and ends only when its slots have been emptied.
  if (state() != drained || !is_ending()) return;
  const Turn turn(*this, Mark::session, nullptr, "drop_slot", now_ns());
  drop();
}

void Instance::log_rarely(std::string_view text) {
  std::uint64_t missed = 0;
  if (!faults_.pass(base::Clock::now(), missed)) return;
  std::string line = subject(text);
  if (missed != 0) line += " (and " + std::to_string(missed) + " more since)";
  base::log::error(line);
}

std::string Instance::subject(std::string_view what) const {
  return "plugin " + name() + ": " + std::string(what);
}

}  // namespace romp::plugin
