// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/answer.hpp"
#include "http/message.hpp"

/// The way of a request for administrators: over HTTP on their listeners, apart from the filters of
/// plugins.
namespace romp::http {

/// A request that has passed the gate, and whoever makes it.
struct ApiRequest {
  bool changes_something = false;  ///< POST, else GET or HEAD
  std::string path;
  std::string query;  ///< what is behind `?`
  std::string body;   ///< JSON
  std::string login;  ///< of `Authorization: Basic`; empty: none
  std::string passcode;
  std::string certified;  ///< by a client certificate
  std::string remote;     ///< "address:port"
};

/// Answers on whatever thread, once.
using Api = std::function<void(ApiRequest, std::function<void(Answer)>)>;

/// True for /api/... and for the URLs of romp's console.
bool is_for_administrators(std::string_view path) noexcept;

/// Why a browser may have been made to send this: a page of another origin, a name that leads here
/// by DNS, a form. Nothing where it may pass. Where a login is asked for, any name is fine.
std::optional<Answer> refusal_of_api(const Message& request, bool asks_for_login);

ApiRequest api_request(const Message& request, std::string_view path, std::string_view query);

}  // namespace romp::http
