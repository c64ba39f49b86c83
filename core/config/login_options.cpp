// SPDX-License-Identifier: Apache-2.0
// Who may come in, and what they may do.
#include "config/option_row.hpp"

namespace romp::config {

using namespace std::chrono_literals;
using enum Change;

Rows<Settings> login_rows() {
  constexpr std::string_view in = "server";
  using S = Settings;
  return {
      row(in, "user_file", &S::user_file, text(), on_reload,
          "File of users, a line each: name:hash[:role,...]; rompctl passwd writes it; empty: "
          "none."),
      row(in, "login", &S::login, text(), on_reload,
          "One login for every client. Not asked for while login and passcode are empty."),
      secret(row(in, "passcode", &S::passcode, text(), on_reload,
                 "Its passcode, or file:PATH of a file that holds it.")),
      secret(row(in, "secret", &S::secret, text(), on_reload,
                 "Secret that tokens are made with, or file:PATH; empty: no tokens are taken.")),
      row(in, "secret_timeout", &S::secret_timeout, duration(1s, 24h * 366), on_reload,
          "Longest life of a token; with it ends the session that it opened."),
      row(in, "secret_skew", &S::secret_skew, duration(0ms, 1h), on_reload,
          "How far the clocks of whoever makes tokens and of this server may differ."),
      row(in, "token_legacy", &S::token_legacy, flag(), on_reload,
          "Take romp's old tokens with SHA-1 too."),
      row(in, "login_delay", &S::login_delay, duration(0ms, 1min), on_restart,
          "Longest wait of a login from an address whose logins have failed; 0: none."),
      row(in, "allow_anonymous", &S::allow_anonymous, flag(), on_reload,
          "Let clients in without a login. Without it nobody listens to the world unasked."),
      row(in, "enable_admin", &S::enable_admin, flag(), on_restart,
          "Let administrators administrate: /virt/admin/... over STOMP, /api/... over HTTP."),
      row(in, "enable_console", &S::enable_console, flag(), on_restart,
          "Answer /romp/ngin-config/ and the like of romp's console on administrators' listeners."),
  };
}

const std::vector<Option<PermissionSettings>>& permission_options() {
  constexpr std::string_view in = "permission";
  using P = PermissionSettings;
  static const Rows<PermissionSettings> rows{
      row(in, "users", &P::users, list(), on_reload, "Whom it is about; * is everybody."),
      row(in, "roles", &P::roles, list(), on_reload, "And everybody who has one of these roles."),
      row(in, "read", &P::read, list(), on_reload,
          "What they may subscribe to; * is anything, %u the user, ! in front forbids."),
      row(in, "write", &P::write, list(), on_reload, "The same of SEND."),
      row(in, "create", &P::create, list(), on_reload,
          "The same of destinations that are made by using them."),
      row(in, "admin", &P::admin, list(), on_reload,
          "The same of purging, for those with the role operator."),
  };
  return rows;
}

}  // namespace romp::config
