// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>

#include "base/log.hpp"
#include "plugin/host_state.hpp"
#include "plugin/watchdog.hpp"

namespace romp::plugin {
namespace {

constexpr const char* stays = " (the running one stays)";

/// Where a section was written does not change what it says.
config::PluginSettings without_places(config::PluginSettings section) {
  section.where.clear();
  for (auto& [key, value] : section.values) value = {value.text, value.file, 0};
  return section;
}

bool differ_in_keys_only(config::PluginSettings a, config::PluginSettings b) {
  a = without_places(std::move(a));
  b = without_places(std::move(b));
  const bool differ = a.values != b.values;
  a.values.clear();
  b.values.clear();
  return differ && a == b;
}

}  // namespace

/// What is wrong concerns the plugin it names; the others are exchanged all the same.
Host::Reloaded Host::State::reload(const config::Settings& loaded) {
  take_options(loaded);
  Directory directory;
  if (!settings.plugin_dir.empty()) {
    directory = scan(std::filesystem::absolute(settings.plugin_dir));
    if (!directory.refusal.empty()) return {{}, {directory.refusal}};
    warn(directory);
  }
  auto plan = plan_for(directory);
  Reloaded done{{}, std::move(plan.problems)};
  for (const auto& use : plan.uses) renew(use, done);
  std::vector<std::shared_ptr<Instance>> unwanted;
  std::erase_if(entries, [&](const Entry& entry) {
    const auto in_use = [&](const Use& use) { return use.name == entry.instance->name(); };
    if (std::ranges::any_of(plan.uses, in_use) || is_wanted(entry, directory)) return false;
    done.changes.push_back("plugin " + entry.instance->name() + ": ended");
    unwanted.push_back(entry.instance);
    return true;
  });
  for (auto& instance : unwanted) let_end(std::move(instance));
  publish();
  let_workers_follow();
  finish_endings(false);
  return done;
}

/// Until its worker comes by here, a frame may still be handed to an instance of the old chain.
void Host::State::let_workers_follow() {
  gateway.on_every_peer([](Peer&) {});
}

void Host::State::take_options(const config::Settings& loaded) {
  settings.plugins = loaded.plugins;
  settings.plugin_probe = loaded.plugin_probe;
  settings.plugin_probe_timeout = loaded.plugin_probe_timeout;
  settings.plugin_start_timeout = loaded.plugin_start_timeout;
  settings.plugin_stop_timeout = loaded.plugin_stop_timeout;
  settings.plugin_stuck_after = loaded.plugin_stuck_after;
  settings.on_stuck = loaded.on_stuck;
}

Host::State::Entry* Host::State::find(const std::string& name) {
  const auto at = std::ranges::find_if(
      entries, [&](const Entry& entry) { return entry.instance->name() == name; });
  return at == entries.end() ? nullptr : &*at;
}

bool Host::State::is_same(const Entry& entry, const Use& use) const {
  if (entry.identity != use.file->identity || entry.instance->is_disabled()) return false;
  if (use.section == nullptr || !entry.section) return use.section == nullptr && !entry.section;
  return without_places(*entry.section) == without_places(*use.section);
}

/// An instance that is in no plan stays where the operator still wants it: its file is refused now.
bool Host::State::is_wanted(const Entry& entry, const Directory& directory) const {
  const bool is_there = directory.find(entry.file) != nullptr;
  const auto names_it = [&](const config::PluginSettings& section) {
    return section.name == entry.instance->name() && section.enabled &&
           (is_there || !section.optional);
  };
  if (entry.section) return std::ranges::any_of(settings.plugins, names_it);
  const auto takes_file = [&](const config::PluginSettings& section) {
    return (section.file.empty() ? section.name + ".so" : section.file) == entry.file;
  };
  return is_there && std::ranges::none_of(settings.plugins, takes_file);
}

void Host::State::renew(const Use& use, Reloaded& done) {
  auto* old = find(use.name);
  if (old != nullptr && old->instance->state() != Instance::gone) {
    if (is_same(*old, use)) return;
    bool settled = false;
    if (reconfigure(*old, use, done, settled) || settled) return;
    const bool exclusive = (old->instance->descriptor().flags & ROMP_PLUGIN_EXCLUSIVE) != 0;
    return exclusive ? exchange_exclusive(*old, use, done) : exchange(*old, use, done);
  }
  auto made = prepare(use, done.problems);
  if (!made || !create(*made, done.problems) || !start(*made, done.problems)) return;
  if (old != nullptr) {
    *old = std::move(*made);
  } else {
    const auto at = std::ranges::upper_bound(
        entries, use.name, {}, [](const Entry& entry) { return entry.instance->name(); });
    entries.insert(at, std::move(*made));
  }
  done.changes.push_back("plugin " + use.name + ": started");
  publish();
}

/// True when the instance has taken its new settings; `settled` when it has said that they are
/// wrong.
bool Host::State::reconfigure(Entry& entry, const Use& use, Reloaded& done, bool& settled) {
  const auto& descriptor = entry.instance->descriptor();
  if (descriptor.reconfigure == nullptr || entry.identity != use.file->identity) return false;
  if (use.section == nullptr || !entry.section || entry.instance->is_disabled()) return false;
  if (!differ_in_keys_only(*entry.section, *use.section)) return false;
  const auto before = done.problems.size();
  auto config = read_keys(std::span(descriptor.config_keys, descriptor.config_key_count), use.name,
                          use.section, done.problems);
  settled = done.problems.size() != before;
  if (settled) return false;
  std::string why;
  romp_status status = ROMP_OK;
  gateway.while_workers_wait([&] { status = entry.instance->reconfigure(std::move(config), why); });
  if (status == ROMP_E_UNSUPPORTED) return false;
  settled = true;
  if (status != ROMP_OK) {
    done.problems.push_back(entry.subject + ": " + why + stays);
    return false;
  }
  entry.section = *use.section;
  done.changes.push_back("plugin " + use.name + ": reconfigured");
  return true;
}

void Host::State::exchange(Entry& old, const Use& use, Reloaded& done) {
  const auto before = done.problems.size();
  auto made = prepare(use, done.problems);
  if (!made || !create(*made, done.problems) || !start(*made, done.problems)) {
    for (auto i = before; i < done.problems.size(); ++i) done.problems[i] += stays;
    if (made) spare_numbers.insert(made->instance->number());
    return;
  }
  auto instance = std::exchange(old, std::move(*made)).instance;
  done.changes.push_back("plugin " + use.name + ": exchanged");
  let_end(std::move(instance));
  publish();
}

/// There may be only one: frames wait for as long as it takes, which is why nothing is lost.
void Host::State::exchange_exclusive(Entry& old, const Use& use, Reloaded& done) {
  auto made = prepare(use, done.problems);
  if (!made) return;
  bool good = false;
  gateway.while_workers_wait([&] {
    old.instance->stop();
    good = create(*made, done.problems) && start(*made, done.problems);
    if (!good) return bring_back(old, use, done);
    auto instance = std::exchange(old, std::move(*made)).instance;
    done.changes.push_back("plugin " + use.name + ": exchanged");
    let_end(std::move(instance));
    publish();
  });
}

void Host::State::bring_back(Entry& old, const Use& use, Reloaded& done) {
  const auto& stopped = *old.instance;
  Use again = use;
  again.section = old.section ? &*old.section : nullptr;
  auto entry = old;
  entry.instance = std::make_shared<Instance>(
      stopped.descriptor(), setup_of(again, stopped.capabilities(), stopped.config()),
      environment());
  if (create(entry, done.problems) && start(entry, done.problems)) {
    done.problems.push_back(entry.subject + ": the old one has been brought back");
  } else {
    done.problems.push_back(entry.subject + ": the old one could not be brought back");
  }
  let_end(std::exchange(old, std::move(entry)).instance);
  publish();
}

void Host::State::let_end(std::shared_ptr<Instance> instance) {
  instance->begin_to_end();
  endings.push_back({std::move(instance), base::Clock::now() + settings.defer_timeout});
}

bool Host::State::is_waited_for(const Instance& instance) const {
  return deferrals.waiting_for(instance) != 0 || deferrals.http().waiting_for(instance) != 0;
}

/// An instance ends once no worker uses a chain with it, and nobody waits for a frame it deferred.
void Host::State::finish_endings(bool all) {
  const auto now = base::Clock::now();
  std::vector<Ending> ready;
  std::erase_if(endings, [&](const Ending& ending) {
    if (!all && ending.limit > now && is_waited_for(*ending.instance)) return false;
    ready.push_back(ending);
    return true;
  });
  if (ready.empty()) return;
  const Watchdog watchdog("reload: the end of the old plugins",
                          settings.plugin_stop_timeout * (ready.size() + 1));
  for (const auto& ending : ready) finish(*ending.instance);
  // Whoever found one of them before has let go of it after this.
  let_workers_follow();
  for (const auto& ending : ready) spare_numbers.insert(ending.instance->number());
  publish();
}

void Host::State::finish(Instance& instance) {
  gateway.on_every_peer([&](Peer& peer) {
    if (instance.number() >= peer.slots.size()) return;
    if (auto* slot = std::exchange(peer.slots[instance.number()], nullptr)) {
      instance.drop_slot(slot);
    }
  });
  instance.stop();
  instance.destroy();
}

}  // namespace romp::plugin
