// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/identity.hpp"
#include "config/settings.hpp"

/// Who may do what with which destinations, as the sections [permission NAME] say.
///
/// A section is about users, roles or everybody, and lists patterns for each verb. In a pattern `*`
/// stands for any characters, and `%u` for the user's name; with `!` in front it forbids. Something
/// is allowed when a section allows it and none forbids it. While there is no section, everything
/// is. Administrators may do everything.
namespace romp::auth {

enum class Verb {
  read,    ///< SUBSCRIBE
  write,   ///< SEND, and being named in `reply-to`
  create,  ///< bring a destination to life by using it
  admin,   ///< purge it, change its rules
};

/// By the word that the configuration uses; nothing for others.
std::optional<Verb> verb_named(std::string_view word) noexcept;
std::string_view name_of(Verb verb) noexcept;

/// Does the name match the pattern, for that user? A user whose name has characters that mean
/// something in names (`/` `.` `*` `>` `#`), and nobody in particular, match no `%u`.
bool rule_matches(std::string_view pattern, std::string_view user, std::string_view name) noexcept;

/// What one user may do. Immutable; any thread.
class Rights {
 public:
  /// Takes what is about this user out of the sections.
  Rights(const std::vector<config::PermissionSettings>& sections, const Identity& identity);

  bool may(Verb verb, std::string_view destination) const noexcept;
  /// Is there any destination for it?
  bool may_somewhere(Verb verb) const noexcept;

  struct Decision {
    bool allowed = false;
    std::string because;  ///< "romp.ini:12: [permission clerks] write = /queue/*", or in words
  };
  Decision explain(Verb verb, std::string_view destination) const;

  const std::string& user() const noexcept { return user_; }

 private:
  struct Rule {
    std::string pattern;
    std::string source;
  };
  struct Rules {
    std::vector<Rule> allowed;
    std::vector<Rule> forbidden;
  };

  void add(const config::PermissionSettings& section);
  const Rule* matching(const std::vector<Rule>& rules, std::string_view name) const noexcept;
  const Rules& rules_for(Verb verb) const noexcept {
    return rules_[static_cast<std::size_t>(verb)];
  }

  std::string user_;
  std::array<Rules, 4> rules_;
};

/// The sections in force. Any thread.
class Permissions {
 public:
  explicit Permissions(std::vector<config::PermissionSettings> sections);

  /// Other sections from now on. Rights that were given out stay as they are.
  void replace(std::vector<config::PermissionSettings> sections);

  /// Null: everything is allowed.
  std::shared_ptr<const Rights> rights_of(const Identity& identity) const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const std::vector<config::PermissionSettings>> sections_;
};

}  // namespace romp::auth
