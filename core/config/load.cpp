// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "config/check.hpp"
#include "config/options.hpp"
#include "config/secret.hpp"
#include "config/sources.hpp"
#include "config/suggest.hpp"
#include "config/units.hpp"

namespace romp::config {
namespace {

struct Written {
  std::string text;
  Place place;
};

using Keys = std::map<std::string, Written, std::less<>>;

/// What was written in one section, or in the sections of one name in several files.
struct Group {
  std::string label;  ///< "[stomp]", "[destination /queue/a]"
  std::string id;     ///< of a section with a name
  std::string name;   ///< what it is about: its id, or what a destination has as `name =`
  Place place;        ///< in the first file that has it
  Place latest;       ///< in the last one
  Keys keys;
};

constexpr std::array<std::string_view, 6> single_sections{"server", "stomp",        "limits",
                                                          "web",    "destinations", "plugins"};
constexpr std::array<std::string_view, 10> all_sections{
    "server",  "stomp",  "limits",      "web",      "destinations",
    "plugins", "plugin", "destination", "listener", "permission"};

std::string shown(const Place& place) { return place.file + ":" + std::to_string(place.line); }

/// `[destination NAME]`, `[destination.NAME]` and `[destination:NAME]` are ("destination", NAME).
std::pair<std::string, std::string> split_name(std::string_view name) {
  const std::size_t end = std::min(name.find_first_of(" \t.:"), name.size());
  const std::string_view id = end < name.size() ? trim(name.substr(end + 1)) : "";
  return {std::string(name.substr(0, end)), std::string(id)};
}

/// Where a key that is unknown in its section would be right; empty: nowhere.
std::string section_with(std::string_view key) {
  const auto named = [key](const auto& option) { return option.key == key; };
  const auto server = std::ranges::find_if(server_options(), named);
  if (server != server_options().end()) return "[" + std::string(server->section) + "]";
  if (std::ranges::any_of(destination_options(), named)) return "[destination NAME]";
  if (std::ranges::any_of(plugin_options(), named)) return "[plugin NAME]";
  if (std::ranges::any_of(listener_options(), named)) return "[listener NAME]";
  if (std::ranges::any_of(permission_options(), named)) return "[permission NAME]";
  return "";
}

/// A group for the section, without its keys.
Group group_of(const IniSection& section, const Place& place) {
  const auto [kind, id] = split_name(section.name);
  Group group{"", id, id, place, place, {}};
  const auto name = std::ranges::find(section.entries, "name", &IniEntry::key);
  if (kind == "destination" && name != section.entries.end()) group.name = name->value;
  group.label = "[" + kind + (group.name.empty() ? "" : " ") + group.name + "]";
  return group;
}

DestinationType type_by_count(std::uint32_t min_delivery) {
  return min_delivery > 0 ? DestinationType::queue : DestinationType::topic;
}

bool is_section_name(std::string_view name) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.find_first_not_of(allowed) == name.npos;
}

class Loader {
 public:
  explicit Loader(std::vector<Problem>& problems) : problems_(problems) {
    for (const std::string_view name : single_sections) {
      single_[std::string(name)].label = "[" + std::string(name) + "]";
    }
  }

  void collect(const Source& source) {
    std::map<std::string, int> lines;
    for (const IniSection& section : source.ini.sections) {
      collect(section, source, lines);
    }
  }

  Settings finish() {
    apply_single_sections();
    for (Group& group : listeners_) apply_listener(group);
    for (Group& group : destinations_) apply_destination(group);
    for (Group& group : plugins_) apply_plugin(group);
    for (Group& group : permissions_) apply_permission(group);
    check_together(settings_, places_, problems_);
    return std::move(settings_);
  }

 private:
  void collect(const IniSection& section, const Source& source, std::map<std::string, int>& lines) {
    const Place place{source.ini.path, section.line};
    const auto [kind, id] = split_name(section.name);
    if (auto* groups = groups_of(kind)) {
      return collect_named(*groups, group_of(section, place), section, kind != "permission");
    }
    const auto group = single_.find(section.name);
    if (group == single_.end()) return report_unknown_section(section.name, kind, id, place);
    const auto [first, is_new] = lines.emplace(section.name, section.line);
    if (!is_new) {
      report(place, group->second.label + ": written twice, first at " +
                        shown({place.file, first->second}));
    }
    add_keys(group->second, section, place.file);
  }

  /// `may_overrule`: the section may change what an earlier file has in the same one.
  void collect_named(std::vector<Group>& groups, Group group, const IniSection& section,
                     bool may_overrule) {
    const auto is_same = [&group](const Group& earlier) {
      if (group.name.empty()) return false;
      return earlier.name == group.name || (group.name == group.id && earlier.id == group.id);
    };
    auto same = std::ranges::find_if(groups, is_same);
    if (same == groups.end()) {
      same = groups.insert(same, std::move(group));
    } else if (may_overrule && same->latest.file != group.place.file) {
      same->latest = group.place;
    } else {
      return report(group.place, group.label + ": written twice, first at " + shown(same->latest));
    }
    add_keys(*same, section, same->latest.file);
  }

  /// Where the sections of a kind that have names are collected; null for other kinds.
  std::vector<Group>* groups_of(std::string_view kind) {
    if (kind == "destination") return &destinations_;
    if (kind == "plugin") return &plugins_;
    if (kind == "permission") return &permissions_;
    return kind == "listener" ? &listeners_ : nullptr;
  }

  void add_keys(Group& group, const IniSection& section, const std::string& file) {
    for (const IniEntry& entry : section.entries) {
      Written written{entry.value, {file, entry.line}};
      const auto [at, is_new] = group.keys.try_emplace(entry.key, written);
      if (is_new) continue;
      if (at->second.place.file == file) {
        report(written.place, group.label + " " + entry.key + ": written twice, first at " +
                                  shown(at->second.place));
      } else if (entry.key != "include") {  // each file has its own
        at->second = std::move(written);
      }
    }
  }

  void apply_single_sections() {
    for (const auto& option : server_options()) {
      apply(option, settings_, single_[std::string(option.section)]);
    }
    for (const auto& option : destination_options()) {
      if (option.section != "destinations") continue;
      apply(option, settings_.destination_defaults, single_["destinations"]);
    }
    for (auto& [name, group] : single_) report_unknown_keys(group, keys_of(name));
  }

  void apply_destination(Group& group) {
    DestinationSettings destination = settings_.destination_defaults;
    destination.name = group.name;
    if (destination.name.empty()) {
      report(group.place, "[destination]: has no name; write [destination NAME] or name = NAME");
    }
    for (const auto& option : destination_options()) apply(option, destination, group);
    report_unknown_keys(group, keys_of("destination"));
    if (!is_written(group, "type")) {
      destination.type = is_written(group, "min_delivery") ? type_by_count(destination.min_delivery)
                                                           : type_by_name(destination.name);
    }
    settings_.destinations.push_back(std::move(destination));
  }

  /// A section of that kind must say whose it is.
  void check_name(const Group& group, const std::string& kind) {
    if (is_section_name(group.id)) return;
    report(group.place,
           group.label + ": expected a name of letters, digits, '.', '_' and '-' behind " + kind);
  }

  void apply_listener(Group& group) {
    check_name(group, "listener");
    ListenerSettings listener;
    listener.name = group.id;
    for (const auto& option : listener_options()) apply(option, listener, group);
    report_unknown_keys(group, keys_of("listener"));
    if (!is_written(group, "port")) report(group.place, group.label + ": has no port");
    settings_.listeners.push_back(std::move(listener));
  }

  void apply_plugin(Group& group) {
    check_name(group, "plugin");
    PluginSettings plugin;
    plugin.name = group.id;
    plugin.where = shown(group.place);
    for (const auto& option : plugin_options()) apply(option, plugin, group);
    for (auto& [key, written] : group.keys) {
      plugin.values[key] = {std::move(written.text), written.place.file, written.place.line};
    }
    settings_.plugins.push_back(std::move(plugin));
  }

  void apply_permission(Group& group) {
    check_name(group, "permission");
    PermissionSettings permission;
    permission.name = group.id;
    permission.where = shown(group.place);
    for (const auto& [key, written] : group.keys) permission.lines[key] = shown(written.place);
    for (const auto& option : permission_options()) apply(option, permission, group);
    report_unknown_keys(group, keys_of("permission"));
    check_permission(permission, group.label, places_, group.place, problems_);
    settings_.permissions.push_back(std::move(permission));
  }

  /// Sets the option when the group has it, and takes it out of the group.
  template <class Owner>
  void apply(const Option<Owner>& option, Owner& owner, Group& group) {
    const auto at = group.keys.find(option.key);
    if (at == group.keys.end()) return;
    const Written written = std::move(at->second);
    const std::string name = group.label + " " + at->first;
    places_[{group.label, at->first}] = written.place;
    group.keys.erase(at);
    if (option.secret) return apply_secret(option, owner, written, name);
    if (option.set(owner, written.text)) return;
    report(written.place, name + " = " + written.text + ": expected " + option.expects);
  }

  /// Apart, because a secret must not show in a problem.
  template <class Owner>
  void apply_secret(const Option<Owner>& option, Owner& owner, const Written& written,
                    const std::string& name) {
    std::string why;
    const auto secret = resolve_secret(written.text, written.place.file, why);
    if (!secret) report(written.place, name + " = " + written.text + ": the file " + why);
    const auto exposure = exposure_of(written.text, written.place.file);
    if (!exposure.empty()) report(written.place, name + ": " + exposure);
    // Set even so: that it is missing is said, and need not be said again of its login.
    if (option.set(owner, secret.value_or(written.text))) return;
    report(written.place, name + ": expected " + option.expects);
  }

  bool is_written(const Group& group, const std::string& key) const {
    return places_.contains({group.label, key});
  }

  static std::vector<std::string_view> keys_of(std::string_view section) {
    std::vector<std::string_view> keys;
    for (const auto& option : server_options()) {
      if (option.section == section) keys.push_back(option.key);
    }
    for (const auto& option : destination_options()) {
      if (option.section == section || section == "destination") keys.push_back(option.key);
    }
    for (const auto& option : listener_options()) {
      if (option.section == section) keys.push_back(option.key);
    }
    for (const auto& option : permission_options()) {
      if (option.section == section) keys.push_back(option.key);
    }
    return keys;
  }

  void report_unknown_keys(const Group& group, const std::vector<std::string_view>& known) {
    for (const auto& [key, written] : group.keys) {
      const std::string elsewhere = section_with(key);
      const std::string near(nearest(key, known));
      std::string text = group.label + " " + key + ": unknown key";
      if (!elsewhere.empty()) {
        text += "; it belongs in " + elsewhere;
      } else if (!near.empty()) {
        text += "; did you mean \"" + near + "\"?";
      }
      report(written.place, text);
    }
  }

  void report_unknown_section(const std::string& name, const std::string& kind,
                              const std::string& id, const Place& place) {
    const std::string text = "[" + name + "]: unknown section";
    std::string near(nearest(kind, all_sections));
    if (near.empty()) return report(place, text);
    if (!single_.contains(near)) near += " " + (id.empty() ? "NAME" : id);
    report(place, text + "; did you mean [" + near + "]?");
  }

  void report(const Place& place, const std::string& text) {
    problems_.push_back({place.file, place.line, text});
  }

  std::vector<Problem>& problems_;
  Settings settings_;
  Places places_;
  std::map<std::string, Group> single_;
  std::vector<Group> destinations_;
  std::vector<Group> plugins_;
  std::vector<Group> listeners_;
  std::vector<Group> permissions_;
};

/// As the operator reads: file after file, from top to bottom.
void sort_as_written(std::vector<Problem>& problems, const std::vector<Source>& sources) {
  const auto position = [&sources](const Problem& problem) {
    const auto file = [&](const Source& source) { return source.ini.path == problem.file; };
    return std::pair(std::ranges::find_if(sources, file) - sources.begin(), problem.line);
  };
  std::ranges::stable_sort(problems, {}, position);
}

Settings load_sources(const std::vector<Source>& sources, std::vector<Problem>& found,
                      std::vector<Problem>& problems) {
  Loader loader(found);
  for (const Source& source : sources) loader.collect(source);
  Settings settings = loader.finish();
  for (const Source& source : sources) {
    if (source.depth > 0) settings.included.push_back(source.ini.path);
  }
  sort_as_written(found, sources);
  std::ranges::move(found, std::back_inserter(problems));
  return settings;
}

}  // namespace

Settings load(const std::string& path, std::vector<Problem>& problems) {
  std::vector<Problem> found;
  const std::vector<Source> sources = read_sources(path, found);
  return load_sources(sources, found, problems);
}

Settings load_text(std::string_view text, const std::string& path, std::vector<Problem>& problems) {
  std::vector<Problem> found;
  const std::vector<Source> sources = read_sources_of(text, path, found);
  return load_sources(sources, found, problems);
}

}  // namespace romp::config
