// SPDX-License-Identifier: Apache-2.0
#include "auth/permissions.hpp"

#include <algorithm>

#include "config/permission_rules.hpp"

namespace romp::auth {
namespace {

constexpr std::array<std::string_view, 4> verbs{"read", "write", "create", "admin"};

bool is_about(const config::PermissionSettings& section, const Identity& identity) {
  const auto names = [&](const std::string& name) { return name == "*" || name == identity.user; };
  const auto is_held = [&](const std::string& role) { return role == "*" || identity.has(role); };
  return std::ranges::any_of(section.users, names) || std::ranges::any_of(section.roles, is_held);
}

bool is_plain_user(std::string_view user) noexcept {
  return !user.empty() && user.find_first_of("/.*>#") == user.npos;
}

/// A pattern as it is gone through: `%u` counts as the user's own characters.
class Walk {
 public:
  Walk(std::string_view pattern, std::string_view user) noexcept : rest_(pattern), user_(user) {}

  bool at_end() const noexcept { return inside_.empty() && rest_.empty(); }
  bool at_star() const noexcept { return inside_.empty() && rest_.starts_with('*'); }
  bool at_user() const noexcept { return inside_.empty() && rest_.starts_with("%u"); }
  void pass_star() noexcept { rest_.remove_prefix(1); }
  /// False where the next character is another.
  bool take(char c) noexcept {
    if (at_user()) {
      inside_ = user_;
      rest_.remove_prefix(2);
    }
    std::string_view& from = inside_.empty() ? rest_ : inside_;
    if (from.empty() || from.front() != c) return false;
    from.remove_prefix(1);
    return true;
  }

 private:
  std::string_view rest_;
  std::string_view user_;
  std::string_view inside_;  ///< what is left of the user's name
};

}  // namespace

std::optional<Verb> verb_named(std::string_view word) noexcept {
  const auto at = std::ranges::find(verbs, word);
  if (at == verbs.end()) return std::nullopt;
  return static_cast<Verb>(at - verbs.begin());
}

std::string_view name_of(Verb verb) noexcept { return verbs[static_cast<std::size_t>(verb)]; }

/// Goes back to the last star only, so it takes no more than the product of the lengths.
bool rule_matches(std::string_view pattern, std::string_view user, std::string_view name) noexcept {
  if (pattern.find("%u") != pattern.npos && !is_plain_user(user)) return false;
  Walk walk(pattern, user);
  std::optional<Walk> behind_star;
  std::size_t star_takes_to = 0;
  std::size_t at = 0;
  while (at < name.size()) {
    if (walk.at_star()) {
      walk.pass_star();
      behind_star = walk;
      star_takes_to = at;
    } else if (!walk.at_end() && walk.take(name[at])) {
      ++at;
    } else if (behind_star) {
      walk = *behind_star;
      at = ++star_takes_to;
    } else {
      return false;
    }
  }
  while (walk.at_star()) walk.pass_star();
  return walk.at_end();
}

Rights::Rights(const std::vector<config::PermissionSettings>& sections, const Identity& identity)
    : user_(identity.user) {
  for (const auto& section : sections) {
    if (is_about(section, identity)) add(section);
  }
}

void Rights::add(const config::PermissionSettings& section) {
  for (const auto& [key, patterns] : config::rules_of(section)) {
    Rules& rules = rules_[static_cast<std::size_t>(*verb_named(key))];
    const auto line = section.lines.find(key);
    const std::string place = line == section.lines.end() ? section.where : line->second;
    for (const std::string& pattern : *patterns) {
      const std::string source =
          place + ": [permission " + section.name + "] " + std::string(key) + " = " + pattern;
      const bool forbids = pattern.starts_with('!');
      auto& list = forbids ? rules.forbidden : rules.allowed;
      list.push_back({pattern.substr(forbids ? 1 : 0), source});
    }
  }
}

const Rights::Rule* Rights::matching(const std::vector<Rule>& rules,
                                     std::string_view name) const noexcept {
  for (const Rule& rule : rules) {
    if (rule_matches(rule.pattern, user_, name)) return &rule;
  }
  return nullptr;
}

bool Rights::may(Verb verb, std::string_view destination) const noexcept {
  const Rules& rules = rules_for(verb);
  return matching(rules.allowed, destination) != nullptr &&
         matching(rules.forbidden, destination) == nullptr;
}

bool Rights::may_somewhere(Verb verb) const noexcept { return !rules_for(verb).allowed.empty(); }

Rights::Decision Rights::explain(Verb verb, std::string_view destination) const {
  const Rules& rules = rules_for(verb);
  if (const Rule* rule = matching(rules.forbidden, destination)) return {false, rule->source};
  if (const Rule* rule = matching(rules.allowed, destination)) return {true, rule->source};
  return {false, "no section allows it"};
}

Permissions::Permissions(std::vector<config::PermissionSettings> sections) {
  replace(std::move(sections));
}

void Permissions::replace(std::vector<config::PermissionSettings> sections) {
  auto made = std::make_shared<const std::vector<config::PermissionSettings>>(std::move(sections));
  const std::lock_guard lock(mutex_);
  sections_ = std::move(made);
}

std::shared_ptr<const Rights> Permissions::rights_of(const Identity& identity) const {
  std::shared_ptr<const std::vector<config::PermissionSettings>> sections;
  {
    const std::lock_guard lock(mutex_);
    sections = sections_;
  }
  if (sections->empty() || identity.is_admin()) return nullptr;
  return std::make_shared<const Rights>(*sections, identity);
}

}  // namespace romp::auth
