// SPDX-License-Identifier: Apache-2.0
#include "http/connection.hpp"
#include "http/gate.hpp"
#include "http/origin.hpp"
#include "http/resumer.hpp"
#include "http/routes.hpp"
#include "http/upgrade.hpp"

namespace romp::http {

using beast::http::field;

namespace {

constexpr std::size_t longest_logged = 1024;
constexpr auto longest_api_wait = std::chrono::seconds(30);

}  // namespace

void Connection::handle() {
  desk_.counters().requests.add();
  Message& request = parser_->get();
  if (wants_websocket(request)) {
    upgrade(request);
    return;
  }
  if (!listener_.allows("http")) {
    answer_with(last_answer(403, "only WebSockets are served here"));
    return;
  }
  if (auto answer = answer_before_filters(desk_.environment(), request)) {
    answer_with(std::move(*answer));
    return;
  }
  const std::string target(view(request.target()));
  if (listener_.admin && desk_.environment().api &&
      is_for_administrators(split_target(target).path)) {
    ask_api(request, target);
    return;
  }
  call_ = std::make_shared<plugin::HttpCall>(
      request_for_filters(request, split_target(target), transport_->remote()), resumer());
  walk(*desk_.environment().plugins.http_chain(), 0);
}

/// No filter sees it: its answer may take a moment, and comes from another thread.
void Connection::ask_api(const Message& request, std::string_view target) {
  const auto& environment = desk_.environment();
  if (auto refusal = refusal_of_api(request, environment.asks_for_login())) {
    answer_with(std::move(*refusal));
    return;
  }
  const Target parts = split_target(target);
  auto asked = api_request(request, parts.path, parts.query.value_or(""));
  asked.certified = transport_->certified_name();
  asked.remote = transport_->remote();
  state_ = State::asked;
  arm(longest_api_wait);
  environment.api(std::move(asked),
                  [resumer = resumer()](Answer answer) { resumer->answer(std::move(answer)); });
}

void Connection::answered(Answer answer) {
  if (state_ != State::asked) return;
  const base::Ptr<Connection> self(this);
  desk_.above().in_turn([&] {
    answer_with(std::move(answer));
    advance();
    account();
    want_input();
  });
}

void Connection::upgrade(Message& request) {
  auto& environment = desk_.environment();
  const auto& settings = environment.settings;
  if (!settings.websockets || !listener_.allows("websocket")) {
    answer_with(last_answer(403, "WebSockets are not served here"));
    return;
  }
  if (const auto refusal = refusal_of_websocket(request)) {
    Answer answer = last_answer(refusal->status, refusal->why);
    if (refusal->status == 426) answer.headers.emplace_back("Sec-WebSocket-Version", "13");
    answer_with(std::move(answer));
    return;
  }
  const auto origin = value_of(request, field::origin);
  const bool hides_its_origin = origin.empty() && request.count(field::cookie) != 0;
  if (hides_its_origin ||
      !may_open_websocket(origin, value_of(request, field::host), settings.websockets_origin)) {
    desk_.counters().denied.add();
    answer_with(last_answer(403, "pages of this origin may not open a WebSocket here"));
    return;
  }
  const net::WebSocketOptions options{
      settings.max_message_size + settings.max_headers * settings.max_header_len,
      settings.websockets_deflate ? &environment.deflate : nullptr};
  transport_->put_back(std::move(input_));
  input_.clear();
  auto socket =
      net::WebSocket::accept(desk_.worker(), transport_, request, choose_subprotocol(request),
                             environment.server_header, environment.cutter, options);
  if (!socket) {
    answer_with(last_answer(400, "this is not a WebSocket of RFC 6455"));
    return;
  }
  desk_.counters().upgrades.add();
  desk_.above().upgraded(std::move(socket), listener_);
  close();
}

void Connection::walk(const plugin::HttpChain& chain, std::size_t from) {
  const auto outcome = chain.run(call_, from);
  switch (outcome.verdict) {
    case ROMP_CONTINUE:
      answer_with(answer_after_filters(desk_.environment(), listener_, call_->request()));
      break;
    case ROMP_HANDLED:
      answer_with(answer_of(std::move(*call_->reply)));
      break;
    case ROMP_DEFER:
      state_ = State::deferred;
      deferred_id_ = call_->deferred;
      arm(desk_.environment().settings.defer_timeout);
      break;
    default:
      answer_with(text_answer(500, "a plugin refused the request, or failed"));
      break;
  }
}

void Connection::resume(romp_defer_id id, romp_verdict verdict) {
  if (state_ != State::deferred || id != deferred_id_) return;
  const base::Ptr<Connection> self(this);
  desk_.above().in_turn([&] {
    deferred_id_ = 0;
    if (verdict == ROMP_HANDLED) {
      answer_with(answer_of(std::move(*call_->reply)));
    } else if (verdict == ROMP_CONTINUE) {
      const auto chain = desk_.environment().plugins.http_chain();
      walk(*chain, chain->behind(call_->standing));
    } else {
      answer_with(text_answer(500, "a plugin refused the request, or failed"));
    }
    advance();
    account();
    want_input();
  });
}

/// One line a request, as far as it was read.
void Connection::log_access(unsigned status) const {
  const auto level = desk_.environment().access_level;
  if (!base::log::enabled(level)) return;
  std::string request = "-";
  if (call_) {
    request = std::string(call_->request().method) + " " + std::string(call_->request().path);
  } else if (parser_ && parser_->is_header_done()) {
    const Message& head = parser_->get();
    request = std::string(view(head.method_string())) + " " + std::string(view(head.target()));
  }
  base::log::write(level, transport_->remote() + " \"" + request.substr(0, longest_logged) + "\" " +
                              std::to_string(status));
}

void Connection::answer_with(Answer answer) {
  log_access(answer.status);
  if (finishing_) answer.ends_connection = true;
  keep_alive_ = keep_alive_ && !answer.ends_connection;
  output_ = render(answer, {version_, keep_alive_, without_body_, desk_.environment().server_header,
                            cors_origin_});
  sent_ = 0;
  call_.reset();
  parser_.reset();
  state_ = State::writing;
  arm(desk_.environment().settings.http_write_timeout);
  write();
}

void Connection::refuse(unsigned status, std::string_view why) {
  desk_.counters().refused.add();
  input_.clear();
  answer_with(last_answer(status, why));
}

base::Ptr<Resumer> Connection::resumer() {
  if (!resumer_) resumer_ = new Resumer(desk_.worker(), *this);
  return resumer_;
}

}  // namespace romp::http
