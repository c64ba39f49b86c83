// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string_view>

#include "auth/authenticator.hpp"
#include "auth/permissions.hpp"
#include "http/api.hpp"
#include "server/administration.hpp"

namespace romp::server {

/// The JSON API of administrators: /api/... and the URLs of romp's console. Finds out who asks, and
/// what the role allows: a monitor sees, an operator also purges what the permissions let it, and
/// closes sessions, an admin also reloads and ends the server. Where nobody is asked for a login,
/// who reaches the administrator's listener is an admin.
class ApiServer {
 public:
  ApiServer(boost::asio::io_context& control, auth::Authenticator& authenticator,
            const auth::Permissions& permissions, Administration& administration,
            const config::Settings& settings)
      : control_(control),
        authenticator_(authenticator),
        permissions_(permissions),
        administration_(administration),
        settings_(settings) {}

  /// Any thread; `done` is called once, on any thread.
  void serve(http::ApiRequest request, std::function<void(http::Answer)> done);

 private:
  using Done = std::function<void(http::Answer)>;

  void serve_as(const auth::Answer& who, http::ApiRequest request, Done done);
  http::Answer answer(const http::ApiRequest& request, const auth::Identity& identity);
  http::Answer look(const http::ApiRequest& request);
  http::Answer look_as_console(const http::ApiRequest& request);
  http::Answer change(const http::ApiRequest& request, const auth::Identity& identity);
  bool may_purge(const auth::Identity& identity, std::string_view destination) const;

  boost::asio::io_context& control_;
  auth::Authenticator& authenticator_;
  const auth::Permissions& permissions_;
  Administration& administration_;
  const config::Settings& settings_;
};

/// The OpenAPI description of it all, as JSON.
std::string_view api_description() noexcept;

}  // namespace romp::server
