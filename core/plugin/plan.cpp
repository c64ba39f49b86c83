// SPDX-License-Identifier: Apache-2.0
#include "plugin/plan.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "plugin/capabilities.hpp"
#include "plugin/interfaces.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

std::string section_text(const config::PluginSettings& section) {
  const std::string name = "[plugin." + section.name + "]";
  return section.where.empty() ? name : section.where + " " + name;
}

class Planner {
 public:
  Planner(const Directory& directory, const std::string& directory_name)
      : directory_(directory), directory_name_(directory_name) {}

  Plan make(std::span<const config::PluginSettings> sections) {
    for (const auto& section : sections) add(section);
    for (const auto& file : directory_.files) {
      if (!has_section_.contains(file.name)) add({{}, &file, nullptr});
    }
    refuse_files();
    refuse_names();
    std::ranges::sort(plan_.uses, {}, &Use::name);
    return std::move(plan_);
  }

 private:
  void add(const config::PluginSettings& section) {
    const auto name = section.file.empty() ? section.name + ".so" : section.file;
    has_section_.insert(name);
    if (!section.enabled) return;
    const auto* file = directory_.find(name);
    if (file == nullptr) {
      auto text = section_text(section) + ": " + name + " is not in " + directory_name_;
      (section.optional ? plan_.left_out : plan_.problems).push_back(std::move(text));
    } else {
      add({section.name, file, &section});
    }
  }

  void add(Use use) {
    used_.insert(use.file->name);
    if (!use.file->inspection.ok()) return;
    if (use.section == nullptr) use.name = use.file->inspection.note->id;
    plan_.uses.push_back(std::move(use));
  }

  /// Each file that is in use has its own problem once, however often it is used.
  void refuse_files() {
    std::map<std::string, std::string> by_id;
    std::set<std::string> ambiguous;
    for (const auto& name : used_) {
      const auto& inspection = directory_.find(name)->inspection;
      if (!inspection.ok()) {
        say(name + ": " + inspection.refusal);
        continue;
      }
      const auto& id = inspection.note->id;
      const auto [other, is_new] = by_id.emplace(id, name);
      if (is_new) continue;
      say("plugin id " + in_quotes(id) + " is in both " + other->second + " and " + name);
      ambiguous.insert(id);
    }
    std::erase_if(plan_.uses,
                  [&](const Use& u) { return ambiguous.contains(u.file->inspection.note->id); });
  }

  /// Sections come first, so that it is a plugin's own id that has to give way.
  void refuse_names() {
    std::map<std::string, std::string> files;
    std::erase_if(plan_.uses, [&](const Use& use) {
      const auto [taken, is_new] = files.emplace(use.name, use.file->name);
      if (is_new) return false;
      say(use.subject() + ": the instance name " + in_quotes(use.name) + " is taken by " +
          taken->second);
      return true;
    });
  }

  void say(std::string problem) { plan_.problems.push_back(std::move(problem)); }

  const Directory& directory_;
  const std::string& directory_name_;
  Plan plan_;
  std::set<std::string> has_section_;  // files, also of sections that are off
  std::set<std::string> used_;         // files
};

}  // namespace

std::string Use::subject() const {
  return section == nullptr ? file->name : file->name + " [plugin." + name + "]";
}

Plan make_plan(const Directory& directory, std::span<const config::PluginSettings> sections,
               const std::string& directory_name) {
  return Planner(directory, directory_name).make(sections);
}

Granted grant(const romp_plugin& descriptor, const Use& use) {
  if (use.section == nullptr || use.section->allow_all) return {descriptor.capabilities, {}};
  std::uint64_t allowed = 0;
  for (const auto& name : use.section->allow) {
    const auto bit = capability_of(name);
    if (!bit) return {0, "allow: unknown capability " + in_quotes(name)};
    allowed |= *bit;
  }
  const auto missing = descriptor.capabilities & ~allowed;
  if (missing == 0) return {descriptor.capabilities, {}};
  return {0, "plugin " + in_quotes(use.name) + " wants: " + names_of_capabilities(missing) +
                 "; the ini allows: " + names_of_capabilities(allowed)};
}

std::string refusal_of_needs(const romp_plugin& descriptor) {
  if (descriptor.needs == nullptr) return {};
  for (const auto* const* id = descriptor.needs; *id != nullptr; ++id) {
    if (find_interface(*id) != nullptr) continue;
    return std::string("needs interface ") + *id + "; this broker offers " + names_of_interfaces();
  }
  return {};
}

}  // namespace romp::plugin
