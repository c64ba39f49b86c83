// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "config/kinds.hpp"
#include "config/options.hpp"

namespace romp::config {

template <class Owner>
using Rows = std::vector<Option<Owner>>;

/// A row for a member of the owner, spelled as `kind` says.
template <class Owner, class T>
Option<Owner> row(std::string_view section, std::string_view key, T Owner::*member, Kind<T> kind,
                  Change change, std::string_view help) {
  const auto set = [member, parse = kind.parse](Owner& owner, std::string_view text) {
    std::optional<T> value = parse(text);
    if (value) owner.*member = std::move(*value);
    return value.has_value();
  };
  const auto get = [member, print = kind.print](const Owner& owner) {
    return print(owner.*member);
  };
  return {section, key, change, false, help, std::move(kind.expects), set, get};
}

/// A row whose value is not to be printed.
template <class Owner>
Option<Owner> secret(Option<Owner> option) {
  option.secret = true;
  return option;
}

/// A row for a member of a part of the owner.
template <class Owner, class Part, class T>
Option<Owner> row(std::string_view section, std::string_view key, Part Owner::*part,
                  T Part::*member, Kind<T> kind, Change change, std::string_view help) {
  const auto set = [part, member, parse = kind.parse](Owner& owner, std::string_view text) {
    std::optional<T> value = parse(text);
    if (value) owner.*part.*member = std::move(*value);
    return value.has_value();
  };
  const auto get = [part, member, print = kind.print](const Owner& owner) {
    return print(owner.*part.*member);
  };
  return {section, key, change, false, help, std::move(kind.expects), set, get};
}

/// The rows of [web] and [limits]; server_options() has them among the others.
Rows<Settings> web_rows();
Rows<Settings> limits_rows();
/// The rows of [server] about who may come in.
Rows<Settings> login_rows();

}  // namespace romp::config
