// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "auth/password_file.hpp"
#include "auth/password_hash.hpp"
#include "auth/permissions.hpp"

/// Every line of any text is a user, a comment or a problem with its number; no hash is in a
/// problem, and no user has a hash or a role that could not be one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romp;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<config::Problem> problems;
  std::vector<config::Problem> warnings;
  const auto users = auth::parse_password_file(text, "f", problems, warnings);
  for (const auto& [name, user] : users) {
    if (!auth::why_bad_user(name).empty() || user.line < 1) std::abort();
    if (auth::kind_of_hash(user.hash) == auth::HashKind::unknown) std::abort();
    for (const auto& role : user.roles) {
      if (!auth::is_role(role)) std::abort();
    }
    for (const auto& problem : problems) {
      if (problem.text.find(user.hash) != problem.text.npos) std::abort();
    }
  }
  const auto half = text.substr(0, size / 2);
  const auto rest = text.substr(size / 2);
  if (auth::rule_matches(half, "harry", rest) && !auth::rule_matches("*", "harry", rest)) {
    std::abort();
  }
  return 0;
}
