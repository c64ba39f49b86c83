// SPDX-License-Identifier: Apache-2.0
#include "plugin/host.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <filesystem>
#include <map>
#include <span>
#include <utility>

#include "base/log.hpp"
#include "plugin/deferrals.hpp"
#include "plugin/description.hpp"
#include "plugin/directory.hpp"
#include "plugin/instance.hpp"
#include "plugin/keys.hpp"
#include "plugin/library.hpp"
#include "plugin/plan.hpp"
#include "plugin/watchdog.hpp"

namespace romp::plugin {

struct Host::State {
  struct Entry {
    std::unique_ptr<Instance> instance;
    std::string subject;
  };
  using Problems = std::vector<std::string>;

  State(const config::Settings& s, Gateway& gateway)
      : settings(s),
        environment{gateway,
                    deferrals,
                    s.max_message_size,
                    s.max_header_len,
                    s.max_headers,
                    s.plugin_start_timeout,
                    s.plugin_stop_timeout} {}

  Problems load();
  void warn() const;
  const Loaded& library_of(const FoundFile& file);
  void prepare(const Use& use, Problems& problems);
  void create_all(Problems& problems);
  Problems start_all();
  void stop_all();
  void build_chain();

  const config::Settings& settings;
  Deferrals deferrals;
  const Environment environment;
  Directory directory;
  std::map<std::string, Loaded> libraries;  // by the file's name
  std::vector<Entry> entries;               // in the order of the instances' names and numbers
  std::deque<Chain> chains;                 // all there ever were: a walk may be on any of them
  std::atomic<const Chain*> chain{nullptr};
};

Host::State::Problems Host::State::load() {
  const auto& dir = settings.plugin_dir;
  Problems problems;
  if (!dir.empty()) {
    directory = scan(std::filesystem::absolute(dir));
    if (!directory.refusal.empty()) return {directory.refusal};
    warn();
  }
  auto plan =
      make_plan(directory, settings.plugins, dir.empty() ? "[plugins] dir, which is empty" : dir);
  problems = std::move(plan.problems);
  for (const auto& use : plan.uses) prepare(use, problems);
  create_all(problems);
  return problems;
}

void Host::State::warn() const {
  for (const auto& text : warnings_of_directory(settings.plugin_dir)) base::log::warning(text);
  for (const auto& file : directory.files) {
    for (const auto& text : file.inspection.warnings) {
      base::log::warning(file.name + ": " + text);
    }
  }
}

const Loaded& Host::State::library_of(const FoundFile& file) {
  const auto known = libraries.find(file.name);
  if (known != libraries.end()) return known->second;
  const Watchdog watchdog("plugin file " + file.name + ": loading", environment.start_timeout);
  return libraries[file.name] = load_library(file.inspection.path, *file.inspection.note);
}

void Host::State::prepare(const Use& use, Problems& problems) {
  const auto before = problems.size();
  const auto say = [&](const std::string& text) {
    if (!text.empty()) problems.push_back(use.subject() + ": " + text);
  };
  const auto& loaded = library_of(*use.file);
  if (loaded.descriptor == nullptr) return say(loaded.refusal);
  const auto& descriptor = *loaded.descriptor;
  say(refusal_of_needs(descriptor));
  const auto granted = grant(descriptor, use);
  say(granted.refusal);
  auto config = read_keys(std::span(descriptor.config_keys, descriptor.config_key_count), use.name,
                          use.section, problems);
  if (problems.size() != before) return;
  Instance::Setup setup{use.name, entries.size(), granted.capabilities,
                        std::chrono::milliseconds(1), std::move(config)};
  if (use.section != nullptr) setup.budget = use.section->budget;
  entries.push_back(
      {std::make_unique<Instance>(descriptor, std::move(setup), environment), use.subject()});
}

void Host::State::create_all(Problems& problems) {
  for (auto& [instance, subject] : entries) {
    if (const auto text = instance->create(); !text.empty()) {
      problems.push_back(subject + ": " + text);
    }
  }
  build_chain();
}

Host::State::Problems Host::State::start_all() {
  Problems problems;
  for (auto& [instance, subject] : entries) {
    if (const auto text = instance->start(); !text.empty()) {
      problems.push_back(subject + ": " + text);
    }
  }
  if (!problems.empty()) build_chain();
  return problems;
}

void Host::State::stop_all() {
  for (auto it = entries.rbegin(); it != entries.rend(); ++it) {
    it->instance->stop();
    it->instance->destroy();
  }
}

void Host::State::build_chain() {
  std::vector<Filter> filters;
  for (const auto& entry : entries) {
    if (entry.instance->state() == Instance::gone) continue;
    const auto& added = entry.instance->filters();
    filters.insert(filters.end(), added.begin(), added.end());
  }
  chain.store(&chains.emplace_back(std::move(filters)), std::memory_order_release);
}

Host::Host(const config::Settings& settings, Gateway& gateway)
    : state_(std::make_unique<State>(settings, gateway)) {
  state_->build_chain();
}

Host::~Host() { stop(); }

std::vector<std::string> Host::load() { return state_->load(); }

std::vector<std::string> Host::start() { return state_->start_all(); }

void Host::stop() { state_->stop_all(); }

const Chain& Host::chain() const noexcept { return *state_->chain.load(std::memory_order_acquire); }

void Host::forget(romp_defer_id id) noexcept { state_->deferrals.give_up(id); }

std::string Host::time_out(romp_defer_id id) {
  const auto* filter = state_->deferrals.give_up(id);
  if (filter == nullptr) return {};
  Counters::count(filter->counters->timeouts);
  return "timed out in plugin " + filter->instance->name();
}

void Host::ended(Peer& peer) {
  for (const auto& entry : state_->entries) {
    const auto number = entry.instance->number();
    if (number >= peer.slots.size()) continue;
    if (auto* slot = std::exchange(peer.slots[number], nullptr)) entry.instance->drop_slot(slot);
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

}  // namespace romp::plugin
