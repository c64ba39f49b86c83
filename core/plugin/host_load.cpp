// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <span>

#include "base/log.hpp"
#include "plugin/host_state.hpp"
#include "plugin/keys.hpp"
#include "plugin/probe.hpp"

namespace romp::plugin {

Host::State::Problems Host::State::load() {
  Directory directory;
  if (!settings.plugin_dir.empty()) {
    directory = scan(std::filesystem::absolute(settings.plugin_dir));
    if (!directory.refusal.empty()) return {directory.refusal};
    warn(directory);
  }
  auto plan = plan_for(directory);
  Problems problems = std::move(plan.problems);
  for (const auto& use : plan.uses) {
    if (auto entry = prepare(use, problems)) entries.push_back(std::move(*entry));
  }
  for (const auto& entry : entries) create(entry, problems);
  publish();
  return problems;
}

Plan Host::State::plan_for(const Directory& directory) const {
  const auto& dir = settings.plugin_dir;
  auto plan =
      make_plan(directory, settings.plugins, dir.empty() ? "[plugins] dir, which is empty" : dir);
  for (const auto& text : plan.left_out) base::log::info(text + ": left out");
  return plan;
}

void Host::State::warn(const Directory& directory) const {
  for (const auto& text : warnings_of_directory(settings.plugin_dir)) base::log::warning(text);
  for (const auto& file : directory.files) {
    for (const auto& text : file.inspection.warnings) {
      base::log::warning(file.name + ": " + text);
    }
  }
}

std::string Host::State::try_out(const Use& use) const {
  if (!settings.plugin_probe || prober.empty()) return {};
  return probe(prober, use, settings.plugin_probe_timeout);
}

std::optional<Host::State::Entry> Host::State::prepare(const Use& use, Problems& problems) {
  const auto before = problems.size();
  const auto say = [&](const std::string& text) {
    if (!text.empty()) problems.push_back(use.subject() + ": " + text);
  };
  const auto& file = *use.file;
  if (journal.skips(file)) {
    base::log::error(use.subject() + ": skipped, since the broker did not survive it (" +
                     journal.path().string() + "): replace the file, or delete that one");
    return std::nullopt;
  }
  say(try_out(use));
  if (problems.size() != before) return std::nullopt;
  const auto& loaded = libraries.of(file, settings.plugin_start_timeout);
  if (loaded.descriptor == nullptr) return say(loaded.refusal), std::nullopt;
  const auto& descriptor = *loaded.descriptor;
  say(refusal_of_needs(descriptor));
  const auto granted = grant(descriptor, use);
  say(granted.refusal);
  auto config = read_keys(std::span(descriptor.config_keys, descriptor.config_key_count), use.name,
                          use.section, problems);
  if (problems.size() != before) return std::nullopt;
  Entry entry{nullptr, use.subject(), file.name, file.identity, std::nullopt};
  if (use.section != nullptr) entry.section = *use.section;
  entry.instance = std::make_shared<Instance>(
      descriptor, setup_of(use, granted.capabilities, std::move(config)), environment());
  return entry;
}

Instance::Setup Host::State::setup_of(const Use& use, std::uint64_t capabilities,
                                      romp_config config) {
  const config::PluginSettings usual;
  const auto& section = use.section == nullptr ? usual : *use.section;
  const bool for_ever = section.on_fault == config::OnFault::disable;
  return {use.name,
          free_number(),
          capabilities,
          section.budget,
          std::move(config),
          section.on_fault,
          {section.max_faults, section.fault_window, for_ever}};
}

/// Small, so that sessions need few slots: those of instances that have ended are given again.
std::size_t Host::State::free_number() {
  if (spare_numbers.empty()) return numbers++;
  return spare_numbers.extract(spare_numbers.begin()).value();
}

bool Host::State::create(const Entry& entry, Problems& problems) {
  const Journal::Loading loading(journal, entry.file, entry.identity);
  const auto text = entry.instance->create();
  if (!text.empty()) problems.push_back(entry.subject + ": " + text);
  return text.empty();
}

bool Host::State::start(const Entry& entry, Problems& problems) {
  const Journal::Loading loading(journal, entry.file, entry.identity);
  const auto text = entry.instance->start();
  if (!text.empty()) problems.push_back(entry.subject + ": " + text);
  return text.empty();
}

}  // namespace romp::plugin
