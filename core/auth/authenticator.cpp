// SPDX-License-Identifier: Apache-2.0
#include "auth/authenticator.hpp"

namespace romp::auth {
namespace {

bool equal_in_constant_time(std::string_view secret, std::string_view given) noexcept {
  unsigned difference = secret.size() == given.size() ? 0U : 1U;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char expected = secret.empty() ? '\0' : secret[i % secret.size()];
    difference |= static_cast<unsigned char>(expected ^ given[i]);
  }
  return difference == 0;
}

}  // namespace

Authenticator::Authenticator(const config::Settings& settings)
    : login_(settings.login),
      passcode_(settings.passcode),
      required_(!settings.login.empty() && !settings.passcode.empty()) {}

bool Authenticator::accepts(std::string_view login, std::string_view passcode) const noexcept {
  const bool login_is_right = equal_in_constant_time(login_, login);
  return equal_in_constant_time(passcode_, passcode) && login_is_right;
}

}  // namespace romp::auth
