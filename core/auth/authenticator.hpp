// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace romp::auth {

/// Decides who a client is by login and passcode. Immutable; any thread.
class Authenticator {
 public:
  explicit Authenticator(const config::Settings& settings);

  /// False: everybody may come in without a login.
  bool is_required() const noexcept { return required_; }

  /// Takes as long for a wrong passcode as for a right one.
  bool accepts(std::string_view login, std::string_view passcode) const noexcept;

 private:
  std::string login_;
  std::string passcode_;
  bool required_;
};

}  // namespace romp::auth
