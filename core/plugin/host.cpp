// SPDX-License-Identifier: Apache-2.0
#include "plugin/host.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "plugin/description.hpp"
#include "plugin/host_state.hpp"

namespace romp::plugin {

Host::State::State(const config::Settings& given, Gateway& to_broker, std::filesystem::path probing,
                   std::atomic<std::uint64_t>& events)
    : settings(given),
      gateway(to_broker),
      prober(std::move(probing)),
      wanted_events(events),
      journal(given.plugin_journal),
      libraries(journal) {
  publish();
}

Environment Host::State::environment() {
  return {gateway,
          deferrals,
          settings.max_message_size,
          settings.max_header_len,
          settings.max_headers,
          settings.plugin_start_timeout,
          settings.plugin_stop_timeout,
          [this] { return table()->all; }};
}

Host::State::Problems Host::State::start_all() {
  Problems problems;
  for (const auto& entry : entries) {
    if (entry.instance->state() == Instance::created) start(entry, problems);
  }
  if (!problems.empty()) publish();
  return problems;
}

/// Sessions have just ended: the strands get a moment to tell that.
void Host::State::let_events_be_told() const {
  constexpr auto patience = std::chrono::seconds(1);
  constexpr auto look_every = std::chrono::milliseconds(1);
  const auto limit = base::Clock::now() + patience;
  for (const auto& instance : table()->listeners) {
    while (instance->state() == Instance::running && !instance->events()->is_idle() &&
           base::Clock::now() < limit) {
      std::this_thread::sleep_for(look_every);
    }
  }
}

void Host::State::stop_all() {
  finish_endings(true);
  let_events_be_told();
  for (auto it = entries.rbegin(); it != entries.rend(); ++it) {
    it->instance->stop();
    it->instance->destroy();
  }
}

void Host::State::publish() {
  std::vector<Filter> filters;
  std::vector<HttpFilter> http_filters;
  auto next = std::make_shared<Table>();
  std::uint64_t events = 0;
  for (const auto& entry : entries) {
    auto& instance = *entry.instance;
    if (instance.state() == Instance::gone) continue;
    filters.insert(filters.end(), instance.filters().begin(), instance.filters().end());
    http_filters.insert(http_filters.end(), instance.http_filters().begin(),
                        instance.http_filters().end());
    next->all.push_back(entry.instance);
    if (instance.events() == nullptr) continue;
    next->listeners.push_back(entry.instance);
    events |= instance.events()->mask();
  }
  auto next_chain = std::make_shared<const Chain>(std::move(filters), next->all);
  auto next_http = std::make_shared<const HttpChain>(std::move(http_filters), next->all);
  for (const auto& ending : endings) next->all.push_back(ending.instance);
  for (const auto& instance : next->all) next->by_number[instance->number()] = instance;
  {
    const std::lock_guard lock(mutex);
    chain.swap(next_chain);
    http_chain.swap(next_http);
    shown = std::move(next);
    current_chain.store(chain.get(), std::memory_order_release);
  }
  wanted_events.store(events, std::memory_order_relaxed);
}

std::shared_ptr<const Host::State::Table> Host::State::table() const {
  const std::lock_guard lock(mutex);
  return shown;
}

Host::Host(const config::Settings& settings, Gateway& gateway, std::filesystem::path prober)
    : state_(std::make_unique<State>(settings, gateway, std::move(prober), wanted_events_)) {}

Host::~Host() { stop(); }

std::vector<std::string> Host::load() { return state_->load(); }

std::vector<std::string> Host::start() { return state_->start_all(); }

void Host::stop() { state_->stop_all(); }

Host::Reloaded Host::reload(const config::Settings& settings) { return state_->reload(settings); }

void Host::tend() {
  state_->finish_endings(false);
  const auto& settings = state_->settings;
  if (settings.plugin_stuck_after.count() == 0) return;
  const auto found = state_->stuck.find(base::Clock::now(), settings.plugin_stuck_after);
  for (const auto& text : found) base::log::error(text);
  if (found.empty() || settings.on_stuck == config::OnStuck::log) return;
  base::log::error("[plugins] on_stuck = abort: the broker ends");
  base::log::flush();
  std::abort();
}

const Chain& Host::chain() const noexcept {
  return *state_->current_chain.load(std::memory_order_acquire);
}

void Host::follow(std::shared_ptr<const Chain>& mine) const {
  if (mine.get() == state_->current_chain.load(std::memory_order_acquire)) return;
  std::shared_ptr<const Chain> next;
  {
    const std::lock_guard lock(state_->mutex);
    next = state_->chain;
  }
  mine.swap(next);
}

void Host::tell(const Event& event) const {
  if (!wants(event.type)) return;
  for (const auto& instance : state_->table()->listeners) instance->tell(event);
}

std::shared_ptr<const HttpChain> Host::http_chain() const {
  const std::lock_guard lock(state_->mutex);
  return state_->http_chain;
}

bool Host::time_out_http(romp_defer_id id) {
  const auto* filter = state_->deferrals.http().give_up(id);
  if (filter != nullptr) Counters::count(filter->counters->timeouts);
  return filter != nullptr;
}

void Host::forget(romp_defer_id id) noexcept {
  if (HttpDeferrals::is_one(id)) {
    state_->deferrals.http().give_up(id);
  } else {
    state_->deferrals.give_up(id);
  }
}

std::string Host::time_out(romp_defer_id id) {
  const auto* filter = state_->deferrals.give_up(id);
  if (filter == nullptr) return {};
  Counters::count(filter->counters->timeouts);
  return "timed out in plugin " + filter->instance->name();
}

void Host::ended(Peer& peer) {
  const auto is_empty = [](const void* slot) { return slot == nullptr; };
  if (std::ranges::all_of(peer.slots, is_empty)) return;
  const auto table = state_->table();
  for (std::size_t number = 0; number < peer.slots.size(); ++number) {
    auto* slot = std::exchange(peer.slots[number], nullptr);
    if (slot == nullptr) continue;
    if (const auto of = table->by_number.find(number); of != table->by_number.end()) {
      of->second->drop_slot(slot);
    }
  }
}

std::vector<std::string> Host::lines() const {
  std::vector<std::string> lines;
  for (const auto* instance : instances()) lines.push_back(describe(*instance));
  return lines;
}

std::vector<const Instance*> Host::instances() const {
  std::vector<const Instance*> all;
  for (const auto& entry : state_->entries) {
    if (entry.instance->state() != Instance::gone) all.push_back(entry.instance.get());
  }
  return all;
}

std::vector<std::shared_ptr<const Instance>> Host::kept_instances() const {
  const auto table = state_->table();
  return {table->all.begin(), table->all.end()};
}

}  // namespace romp::plugin
