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

std::string failed(std::string_view what, romp_status status, const std::string& why) {
  std::string text = std::string(what) + " failed (" + std::to_string(status) + ")";
  return why.empty() ? text : text + ": " + why;
}

}  // namespace

Instance::Turn::Turn(Instance& instance, Mark mark, Call* call)
    : alone_(instance.serial_ ? std::unique_lock(instance.alone_) : std::unique_lock<std::mutex>()),
      marked_(mark, instance, call) {}

Instance::Visit::Visit(Instance& instance, Mark mark, Call* call) : gate_(instance.gate_) {
  if (!gate_.enter()) return;
  turn_.emplace(instance, mark, call);
  // It may have been stopped while we waited for our turn.
  if (!gate_.closed()) return;
  turn_.reset();
  gate_.leave();
}

Instance::Visit::~Visit() {
  if (!turn_) return;
  turn_.reset();
  gate_.leave();
}

Instance::Instance(const romp_plugin& descriptor, Setup setup, Environment environment)
    : descriptor_(descriptor),
      setup_(std::move(setup)),
      environment_(environment),
      door_(Door::make(*this, setup_.name)),
      serial_((descriptor.flags & ROMP_PLUGIN_CONCURRENT) == 0),
      tasks_(std::make_shared<Tasks>(
          environment.gateway, [this](const Tasks::Task& task, romp_status status, Mark mark) {
            run_task(task, status, mark);
          })) {}

Instance::~Instance() {
  stop();
  destroy();
  door_.close();
}

std::string Instance::create() {
  std::string why;
  const auto status = call(
      "create", environment_.start_timeout,
      [this] { return descriptor_.create(host(), &setup_.config, &self_); }, why);
  if (status == ROMP_OK) {
    state_ = created;
    return {};
  }
  state_ = gone;
  door_.close();
  filters_.clear();
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
  const Watchdog watchdog(subject("stop"), environment_.stop_timeout);
  std::string why;
  const auto stop_plugin = [this] { return descriptor_.stop(self_), ROMP_OK; };
  if (descriptor_.stop != nullptr && call("stop", {}, stop_plugin, why) != ROMP_OK) {
    log(ROMP_LOG_ERROR, "stop: " + why);
  }
  gate_.wait();
  reject_deferred();
  state_ = drained;
  tasks_->finish();
}

void Instance::destroy() {
  if (state() == gone || state() == creating) return;
  {
    const Watchdog watchdog(subject("the end of its tasks"), environment_.stop_timeout);
    state_ = drained;
    tasks_->finish();
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
}

romp_status Instance::call(const char* what, base::Duration limit,
                           const std::function<romp_status()>& f, std::string& why) {
  const Watchdog watchdog(subject(what), limit);
  const Turn turn(*this, Mark::main, nullptr);
  const auto status = guarded(f, why);
  if (why.empty()) why = turn.why();
  return status;
}

void Instance::add(Filter filter) {
  filter.instance = this;
  filter.counters = &counters_.emplace_back();
  filters_.push_back(std::move(filter));
}

void Instance::run_task(const Tasks::Task& task, romp_status status, Mark mark) {
  const Turn turn(*this, mark, nullptr);
  std::string why;
  const auto run = [&] { return task.function(task.arg, status), ROMP_OK; };
  if (guarded(run, why) != ROMP_OK) log_rarely("a task failed: " + why);
}

void Instance::reject_deferred() {
  for (const auto& [id, deferral] : environment_.deferrals.take_all(*this)) {
    environment_.gateway.resume(deferral.session, id, resumption_after_fault(*deferral.filter));
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
  if (current.instance == this && current.why->empty()) *current.why = text;
}

void Instance::fault(const Filter& filter, std::string_view what) {
  Counters::count(filter.counters->faults);
  log_rarely("filter " + filter.name + " " + std::string(what));
}

void Instance::over_budget(const Filter& filter, base::Duration took) {
  Counters::count(filter.counters->over_budget);
  log_rarely("filter " + filter.name + " took " + spoken(took) + ", its budget is " +
             spoken(setup_.budget));
}

std::string Instance::failure_text() const { return "plugin " + in_quotes(name()) + " failed"; }

Resumption Instance::resumption_after_fault(const Filter& filter) const {
  if ((filter.flags & ROMP_FILTER_FAIL_OPEN) != 0) return {};
  return {ROMP_REJECT, failure_text(), {}, false};
}

void Instance::drop_slot(void* slot) {
  const Visit visit(*this, Mark::session, nullptr);
  if (!visit || descriptor_.drop_slot == nullptr) return;
  std::string why;
  const auto drop = [&] { return descriptor_.drop_slot(self_, slot), ROMP_OK; };
  if (guarded(drop, why) != ROMP_OK) log_rarely("drop_slot: " + why);
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
