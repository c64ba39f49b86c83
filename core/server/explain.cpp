// SPDX-License-Identifier: Apache-2.0
#include "server/explain.hpp"

#include "auth/permissions.hpp"

namespace romp::server {
namespace {

constexpr int usage = 64;  // EX_USAGE of sysexits.h

auth::Rights::Decision decide(const config::Settings& settings, const auth::Identity& identity,
                              auth::Verb verb, const std::string& destination) {
  if (settings.permissions.empty()) return {true, "there is no section [permission NAME]"};
  if (identity.is_admin()) return {true, "administrators may do everything"};
  return auth::Rights(settings.permissions, identity).explain(verb, destination);
}

}  // namespace

int explain_permission(const config::Settings& settings, const auth::Users& users,
                       const std::vector<std::string>& words, std::ostream& out,
                       std::ostream& errors) {
  const auto verb = auth::verb_named(words[1]);
  if (!verb) {
    errors << "\"" << words[1] << "\" is nothing that is permitted: read, write, create or admin\n";
    return usage;
  }
  auth::Identity identity{words[0], {}, 0};
  const auto user = users.find(identity.user);
  if (user != users.end()) identity.roles = user->second.roles;
  const auto decision = decide(settings, identity, *verb, words[2]);
  out << words[0] << (decision.allowed ? " may " : " may not ") << words[1] << ' ' << words[2]
      << "\n  " << decision.because << '\n';
  return decision.allowed ? 0 : 1;
}

}  // namespace romp::server
