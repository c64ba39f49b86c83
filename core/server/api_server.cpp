// SPDX-License-Identifier: Apache-2.0
#include "server/api_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

#include "auth/digest.hpp"

namespace romp::server {
namespace {

using http::Answer;
using http::ApiRequest;
using nlohmann::ordered_json;

/// A change by its path: what it does, who may, and what its body names.
struct Change {
  std::string_view path;
  std::string_view action;
  bool operators_may;
  std::string_view names;  ///< a key of the body; empty: none
};

constexpr std::array changes{
    Change{"/api/purge", "clean", true, "destination"},
    Change{"/api/close", "close-session", true, "session"},
    Change{"/api/reload", "reload", false, ""},
    Change{"/api/drain", "shutdown", false, ""},
};

Answer json_answer(unsigned status, const ordered_json& json) {
  Answer answer;
  answer.status = status;
  answer.content_type = "application/json";
  answer.body = json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  return answer;
}

Answer failure(unsigned status, std::string_view why) {
  return json_answer(status, {{"error", why}});
}

Answer ask_for_login(std::string_view why) {
  Answer answer = failure(401, why);
  answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"romp\", charset=\"UTF-8\"");
  return answer;
}

/// The value of `key` in a query, decoded; empty where there is none.
std::string value_in(std::string_view query, std::string_view key) {
  if (!query.starts_with(key) || query.substr(key.size(), 1) != "=") return {};
  query.remove_prefix(key.size() + 1);
  std::string text;
  for (std::size_t i = 0; i < query.size(); ++i) {
    unsigned octet = 0;
    const char* const digits = query.data() + i + 1;
    const bool coded = query[i] == '%' && i + 2 < query.size() &&
                       std::from_chars(digits, digits + 2, octet, 16).ptr == digits + 2;
    text += coded ? static_cast<char>(octet) : query[i];
    if (coded) i += 2;
  }
  return text;
}

bool may_see(const auth::Identity& who) {
  return who.is_admin() || who.has("operator") || who.has("monitor");
}

}  // namespace

void ApiServer::serve(ApiRequest request, Done done) {
  if (!authenticator_.is_required() && request.login.empty()) {
    auth::Answer anybody;
    anybody.who = auth::Identity{request.certified, {std::string(auth::admin_role)}, 0};
    serve_as(anybody, std::move(request), std::move(done));
    return;
  }
  if (request.login.empty() && request.certified.empty()) {
    return done(ask_for_login("log in as an administrator"));
  }
  const auto wait = authenticator_.wait_for(request.remote);
  if (!wait || wait->count() != 0) {
    return done(failure(429, "too many logins from this address have failed; try again later"));
  }
  auth::Attempt attempt;
  attempt.login = request.login;
  attempt.passcode = std::move(request.passcode);
  attempt.certified = request.certified;
  attempt.remote = request.remote;
  if (const auto who = authenticator_.check_now(attempt)) {
    return serve_as(*who, std::move(request), std::move(done));
  }
  const bool taken = authenticator_.check_later(
      std::move(attempt), [this, request = std::move(request), done](const auth::Answer& who) {
        serve_as(who, request, done);
      });
  if (!taken) done(failure(503, auth::Authenticator::busy().why));
}

void ApiServer::serve_as(const auth::Answer& who, ApiRequest request, Done done) {
  if (!who.who) return done(ask_for_login(who.why));
  if (!may_see(*who.who)) {
    return done(failure(403, "this needs the role monitor, operator or admin"));
  }
  boost::asio::post(control_, [this, identity = *who.who, request = std::move(request),
                               done = std::move(done)] { done(answer(request, identity)); });
}

Answer ApiServer::answer(const ApiRequest& request, const auth::Identity& identity) {
  if (request.path.starts_with("/romp/")) return look_as_console(request);
  if (!settings_.enable_admin) return failure(404, "there is nothing here");
  return request.changes_something ? change(request, identity) : look(request);
}

Answer ApiServer::look(const ApiRequest& request) {
  const std::string_view path = request.path;
  if (path == "/api/server") return json_answer(200, administration_.server());
  if (path == "/api/destinations") return json_answer(200, administration_.destinations());
  if (path == "/api/sessions") return json_answer(200, administration_.sessions());
  if (path == "/api/subscriptions") return json_answer(200, administration_.subscriptions());
  if (path == "/api/plugins") return json_answer(200, administration_.plugins());
  if (path == "/api/filters") return json_answer(200, administration_.filters());
  if (path != "/api/openapi.json") return failure(404, "there is nothing here");
  Answer answer;
  answer.content_type = "application/json";
  answer.body = api_description();
  return answer;
}

Answer ApiServer::look_as_console(const ApiRequest& request) {
  const std::string_view path = request.path;
  if (!settings_.enable_console || request.changes_something) {
    return failure(404, "there is nothing here");
  }
  if (path == "/romp/ngin-config/") return json_answer(200, administration_.console_config());
  if (path == "/romp/ngin-info/") return json_answer(200, administration_.console_numbers());
  if (path != "/romp/destination-info/") return failure(404, "there is nothing here");
  const auto numbers = administration_.console_destination(value_in(request.query, "destination"));
  return numbers.is_null() ? failure(404, "there is no such destination")
                           : json_answer(200, numbers);
}

bool ApiServer::may_purge(const auth::Identity& identity, std::string_view destination) const {
  const auto rights = permissions_.rights_of(identity);
  return !rights || rights->may(auth::Verb::admin, destination);
}

Answer ApiServer::change(const ApiRequest& request, const auth::Identity& identity) {
  const auto* const wanted =
      std::ranges::find(changes, std::string_view(request.path), &Change::path);
  if (wanted == changes.end()) return failure(404, "there is nothing here");
  if (!identity.is_admin() && !(wanted->operators_may && identity.has("operator"))) {
    return failure(403, wanted->operators_may ? "this needs the role operator or admin"
                                              : "this needs the role admin");
  }
  session::AdminOrder order;
  order.action = wanted->action;
  order.who = identity.user + " at " + request.remote;
  if (!wanted->names.empty()) {
    const auto body = ordered_json::parse(request.body, nullptr, false);
    const auto key = std::string(wanted->names);
    if (!body.is_object() || !body.contains(key) || !body[key].is_string()) {
      return failure(400, "the body must be an object with the text \"" + key + "\"");
    }
    const auto value = body[key].get<std::string>();
    order.destination = key == "destination" ? value : "";
    if (key == "session") {
      std::from_chars(value.data(), value.data() + value.size(), order.session);
    }
  }
  if (!order.destination.empty() && !may_purge(identity, order.destination)) {
    return failure(403, "no [permission] section lets you purge " + order.destination);
  }
  const auto outcome = administration_.act(order);
  return outcome.done ? json_answer(200, {{"done", outcome.text}}) : failure(409, outcome.text);
}

}  // namespace romp::server
