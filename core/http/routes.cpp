// SPDX-License-Identifier: Apache-2.0
#include "http/routes.hpp"

#include <algorithm>
#include <array>

#include "base/clock.hpp"
#include "http/origin.hpp"

namespace romp::http {
namespace {

using beast::http::field;
using beast::http::verb;

struct Method {
  verb word;
  std::uint32_t bit;
  std::string_view name;
};

constexpr std::array methods{
    Method{verb::get, ROMP_HTTP_GET, "GET"},
    Method{verb::head, ROMP_HTTP_HEAD, "HEAD"},
    Method{verb::post, ROMP_HTTP_POST, "POST"},
    Method{verb::put, ROMP_HTTP_PUT, "PUT"},
    Method{verb::delete_, ROMP_HTTP_DELETE, "DELETE"},
    Method{verb::options, ROMP_HTTP_OPTIONS, "OPTIONS"},
};

std::string names_of_methods(std::uint32_t bits) {
  std::string names;
  for (const auto& method : methods) {
    if ((bits & method.bit) == 0) continue;
    if (!names.empty()) names += ", ";
    names += method.name;
  }
  return names;
}

constexpr std::uint32_t every_method = ROMP_HTTP_GET | ROMP_HTTP_HEAD | ROMP_HTTP_POST |
                                       ROMP_HTTP_PUT | ROMP_HTTP_DELETE | ROMP_HTTP_OPTIONS;

Answer options_answer(std::uint32_t allowed) {
  Answer answer;
  answer.status = 204;
  answer.headers.emplace_back("Allow", names_of_methods(allowed | ROMP_HTTP_OPTIONS));
  return answer;
}

Answer not_allowed(std::uint32_t allowed) {
  Answer answer = text_answer(405, "this method is not allowed here");
  answer.headers.emplace_back("Allow", names_of_methods(allowed | ROMP_HTTP_OPTIONS));
  return answer;
}

/// Names of headers as the browser asks for them are safe to repeat only where they are tokens.
bool are_tokens(std::string_view list) noexcept {
  return list.size() <= 1024 && std::ranges::all_of(list, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == ',' || c == ' ';
         });
}

Answer preflight(const Environment& environment, const Message& request) {
  const std::string_view path = split_target(view(request.target())).path;
  Answer answer = options_answer(environment.plugins.http_chain()->methods_at(path) |
                                 ROMP_HTTP_GET | ROMP_HTTP_HEAD);
  const auto origin =
      cors_origin_for(value_of(request, field::origin), environment.settings.cors_origins);
  if (origin.empty()) return answer;
  answer.headers.emplace_back("Access-Control-Allow-Methods", answer.headers.front().second);
  const auto wanted = value_of(request, field::access_control_request_headers);
  if (!wanted.empty() && are_tokens(wanted)) {
    answer.headers.emplace_back("Access-Control-Allow-Headers", std::string(wanted));
  }
  answer.headers.emplace_back("Access-Control-Max-Age", "600");
  return answer;
}

/// Health checks may be read by every page, as in romp and xtomp: they say nothing that is secret.
Answer health_answer(bool healthy) {
  Answer answer = text_answer(healthy ? 200 : 503, healthy ? "ok" : "not ready");
  answer.headers.emplace_back("Access-Control-Allow-Origin", "*");
  answer.headers.emplace_back("Access-Control-Expose-Headers", "Server");
  return answer;
}

std::optional<Answer> built_in(const Environment& environment,
                               const config::ListenerSettings& listener, std::string_view path) {
  if (path == "/health_check" || path == "/healthz") return health_answer(true);
  if (path == "/readyz") return health_answer(environment.is_ready());
  if (path != "/metrics" || !listener.admin) return std::nullopt;
  Answer answer;
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  answer.body = environment.metrics();
  return answer;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return out;
}

}  // namespace

std::uint32_t method_bit(verb method) noexcept {
  const auto at = std::ranges::find(methods, method, &Method::word);
  return at == methods.end() ? 0 : at->bit;
}

plugin::HttpRequest request_for_filters(Message& message, const Target& target,
                                        std::string remote) {
  plugin::HttpRequest request;
  request.method_bit = method_bit(message.method());
  request.method = view(message.method_string());
  request.path = target.path;
  if (target.query) request.query.emplace(*target.query);
  for (const auto& header : message) {
    request.headers.emplace_back(lower(view(header.name_string())), view(header.value()));
  }
  request.body = std::move(message.body());
  request.remote = std::move(remote);
  request.now_ns = base::Clock::now().time_since_epoch().count();
  return request;
}

std::optional<Answer> answer_before_filters(const Environment& environment,
                                            const Message& request) {
  const auto bit = method_bit(request.method());
  if (bit == 0) {
    const bool known = request.method() != verb::unknown;
    return known ? not_allowed(every_method) : text_answer(501, "this method is not known");
  }
  if (bit != ROMP_HTTP_OPTIONS) return std::nullopt;
  if (view(request.target()) == "*") return options_answer(every_method);
  if (request.count(field::origin) != 0 &&
      request.count(field::access_control_request_method) != 0) {
    return preflight(environment, request);
  }
  return std::nullopt;
}

Answer answer_after_filters(const Environment& environment,
                            const config::ListenerSettings& listener,
                            const plugin::HttpRequest& request) {
  auto answer = built_in(environment, listener, request.path);
  auto allowed = environment.plugins.http_chain()->methods_at(request.path);
  if (answer) allowed |= ROMP_HTTP_GET | ROMP_HTTP_HEAD;
  if (answer && (request.method_bit & (ROMP_HTTP_GET | ROMP_HTTP_HEAD)) != 0) {
    return std::move(*answer);
  }
  if (allowed == 0) return text_answer(404, "there is nothing here");
  if (request.method_bit == ROMP_HTTP_OPTIONS) return options_answer(allowed);
  if ((allowed & request.method_bit) != 0) return text_answer(404, "there is nothing here");
  return not_allowed(allowed);
}

Answer answer_of(plugin::HttpReply reply) {
  Answer answer;
  answer.status = reply.status;
  answer.headers = std::move(reply.headers);
  answer.body = std::move(reply.body);
  if (reply.content_type) {
    answer.content_type = std::move(*reply.content_type);
  } else if (!answer.body.empty()) {
    answer.content_type = "text/plain;charset=utf-8";
  }
  return answer;
}

}  // namespace romp::http
