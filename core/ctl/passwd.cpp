// SPDX-License-Identifier: Apache-2.0
#include "ctl/passwd.hpp"

#include <iostream>
#include <stdexcept>

#include "auth/digest.hpp"
#include "auth/password_file.hpp"
#include "auth/password_hash.hpp"
#include "config/read_file.hpp"
#include "config/units.hpp"
#include "ctl/terminal.hpp"
#include "ctl/user_file.hpp"

namespace romp::ctl {
namespace {

void check_words(const PasswdOrder& order) {
  if (const auto why = auth::why_bad_user(order.name); !why.empty()) {
    throw std::runtime_error("the name " + std::string(why));
  }
  if (!order.roles) return;
  for (const auto& role : *order.roles) {
    if (!auth::is_role(role)) {
      throw std::runtime_error("\"" + role +
                               "\" is no role: letters, digits, '-', '_' and '.' are");
    }
  }
}

std::string commas_between(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

void say_done(const PasswdOrder& order, const char* what) {
  std::cerr << order.name << " " << what << " " << order.file
            << "; a running server takes it over with: systemctl reload romp\n";
}

}  // namespace

int add_user(const PasswdOrder& order) {
  check_words(order);
  std::string password = ask_for_password(order.name, true);
  if (const auto why = auth::why_bad_password(password); !why.empty()) {
    throw std::runtime_error("the password " + std::string(why));
  }
  UserLine line{auth::hash_password(password), {}};
  auth::forget(password);
  change_file(order.file, [&](const std::string& text) {
    if (const auto old = find_user(text, order.name)) line.roles = old->roles;
    if (order.roles) line.roles = commas_between(*order.roles);
    return with_user(text, order.name, line);
  });
  say_done(order, "is in");
  return 0;
}

int remove_user(const PasswdOrder& order) {
  change_file(order.file, [&](const std::string& text) {
    if (!find_user(text, order.name)) {
      throw std::runtime_error(order.file + " has no user " + order.name);
    }
    return without_user(text, order.name);
  });
  say_done(order, "is no longer in");
  return 0;
}

int check_user(const PasswdOrder& order) {
  std::string why;
  const auto text = config::read_file(order.file, why);
  if (!text) throw std::runtime_error(order.file + " " + why);
  std::string password = ask_for_password(order.name, false);
  const auto line = find_user(*text, order.name);
  if (!line) auth::pretend_to_check(password);
  const bool right = line && auth::is_password_of(line->hash, password);
  auth::forget(password);
  std::cerr << (right ? "right\n" : "wrong: there is no such user, or it has another password\n");
  return right ? 0 : 1;
}

}  // namespace romp::ctl
