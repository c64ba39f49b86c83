// SPDX-License-Identifier: Apache-2.0
#include "http/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "http/gate.hpp"
#include "http/origin.hpp"
#include "http/resumer.hpp"

namespace romp::http {
namespace {

namespace asio = boost::asio;
using beast::http::field;

constexpr base::Duration linger_time = std::chrono::seconds(2);
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

bool nothing_now(const net::error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

}  // namespace

Connection::Connection(std::unique_ptr<net::Transport> transport, Desk& desk,
                       const config::ListenerSettings& listener)
    : desk_(desk), listener_(listener), transport_(std::move(transport)) {}

Connection::~Connection() = default;

void Connection::start() {
  arm(desk_.environment().settings.http_head_timeout);
  want_input();
}

// ---- reading ----------------------------------------------------------------------------------

void Connection::want_input() {
  if (waits_readable_ || !(is_reading() || state_ == State::lingering)) return;
  waits_readable_ = true;
  transport_->wait_readable(*this);
}

void Connection::on_readable(net::error_code error) {
  waits_readable_ = false;
  if (state_ == State::closed) return;
  const base::Ptr<Connection> self(this);
  desk_.above().in_turn([&] {
    if (error) {
      close();
    } else if (is_reading()) {
      read();
    } else if (state_ == State::lingering) {
      discard_input();
    }
    want_input();
  });
}

void Connection::read() {
  const std::span<char> buffer = desk_.read_buffer();
  const iovec into{buffer.data(), buffer.size()};
  net::error_code error;
  const std::size_t n = transport_->read_some({&into, 1}, error);
  if (nothing_now(error)) return;
  if (error) {
    close();
    return;
  }
  if (is_idle()) arm(desk_.environment().settings.http_head_timeout);
  input_.append(buffer.data(), n);
  account();
  if (desk_.environment().held.load(std::memory_order_relaxed) >
      desk_.environment().settings.http_max_memory) {
    refuse(503, "the server holds too many requests");
    return;
  }
  advance();
  account();
}

/// Requests may stand one behind the other in the input.
void Connection::advance() {
  while (is_reading() && parse()) handle();
}

/// True when a request is whole.
bool Connection::parse() {
  const auto& settings = desk_.environment().settings;
  while (is_reading()) {
    if (!parser_) {
      input_.erase(0, std::min(input_.find_first_not_of("\r\n"), input_.size()));
      if (input_.empty()) return false;
      parser_ = std::make_unique<MessageParser>();
      parser_->eager(true);
      parser_->header_limit(static_cast<std::uint32_t>(settings.http_max_head));
      parser_->body_limit(settings.http_max_body);
    }
    if (state_ == State::head && has_folded_line(input_)) {
      refuse(400, "a header goes on in the next line");
      return false;
    }
    beast::error_code error;
    input_.erase(0, parser_->put(asio::buffer(input_), error));
    const bool starved = error == beast::http::error::need_more;
    if (error && !starved) {
      const Refusal refusal = refusal_of(error);
      refuse(refusal.status, refusal.why);
      return false;
    }
    if (state_ == State::head && parser_->is_header_done()) head_is_in();
    if (!is_reading()) return false;
    if (parser_->is_done()) return true;
    if (input_.size() > settings.http_max_head) refuse(431, "a line of the request is too long");
    if (starved || input_.empty()) return false;
  }
  return false;
}

void Connection::head_is_in() {
  state_ = State::body;
  const auto& settings = desk_.environment().settings;
  const Message& head = parser_->get();
  version_ = head.version();
  keep_alive_ = parser_->keep_alive() && settings.http_keep_alive.count() != 0;
  without_body_ = head.method() == beast::http::verb::head;
  cors_origin_ = cors_origin_for(value_of(head, field::origin), settings.cors_origins);
  if (const auto refusal = refusal_of(head)) {
    refuse(refusal->status, refusal->why);
  } else if (const auto foreign = refusal_of_name(head, settings.allowed_hosts)) {
    refuse(foreign->status, foreign->why);
  } else if (!parser_->is_done()) {
    let_body_come();
  }
}

void Connection::let_body_come() {
  arm(desk_.environment().settings.http_body_timeout);
  if (version_ != 11 || value_of(parser_->get(), field::expect).empty()) return;
  const iovec piece{const_cast<char*>(go_on.data()), go_on.size()};
  net::error_code error;
  if (transport_->write_some({&piece, 1}, error) != go_on.size()) close();
}

void Connection::discard_input() {
  const std::span<char> buffer = desk_.read_buffer();
  const iovec into{buffer.data(), buffer.size()};
  net::error_code error;
  transport_->read_some({&into, 1}, error);
  if (error && !nothing_now(error)) close();
}

// ---- writing ----------------------------------------------------------------------------------

void Connection::write() {
  while (sent_ != output_.size()) {
    const iovec piece{output_.data() + sent_, output_.size() - sent_};
    net::error_code error;
    const std::size_t n = transport_->write_some({&piece, 1}, error);
    if (nothing_now(error)) {
      if (waits_writable_) return;
      waits_writable_ = true;
      transport_->wait_writable(*this);
      return;
    }
    if (error) {
      close();
      return;
    }
    sent_ += n;
    arm(desk_.environment().settings.http_write_timeout);
  }
  written();
}

void Connection::on_writable(net::error_code error) {
  waits_writable_ = false;
  if (state_ != State::writing) return;
  const base::Ptr<Connection> self(this);
  desk_.above().in_turn([&] {
    if (error) {
      close();
      return;
    }
    write();
    advance();
    account();
    want_input();
  });
}

void Connection::written() {
  std::string().swap(output_);
  sent_ = 0;
  without_body_ = false;
  cors_origin_ = {};
  if (!keep_alive_ || finishing_) {
    linger();
    return;
  }
  state_ = State::head;
  const auto& settings = desk_.environment().settings;
  arm(input_.empty() ? settings.http_keep_alive : settings.http_head_timeout);
}

/// Reads on for a moment: closing with unread input would reset the connection, and the client
/// would lose the answer.
void Connection::linger() {
  state_ = State::lingering;
  std::string().swap(input_);
  transport_->finish_writing();
  arm(linger_time);
}

// ---- ending -----------------------------------------------------------------------------------

void Connection::finish() {
  finishing_ = true;
  if (is_reading()) close();
}

void Connection::close() {
  if (state_ == State::closed) return;
  const base::Ptr<Connection> self(this);
  state_ = State::closed;
  cancel();
  if (deferred_id_ != 0) desk_.environment().plugins.forget(deferred_id_);
  if (resumer_) resumer_->forget();
  if (transport_) transport_->close();
  parser_.reset();
  call_.reset();
  std::string().swap(input_);
  std::string().swap(output_);
  account();
  desk_.remove(*this);
}

// ---- time and memory --------------------------------------------------------------------------

void Connection::arm(base::Duration from_now) {
  if (state_ != State::closed) desk_.worker().wheel().set(*this, base::Clock::now() + from_now);
}

void Connection::on_alarm() {
  const base::Ptr<Connection> self(this);
  if (is_idle() || state_ == State::writing || state_ == State::lingering) {
    close();
  } else {
    desk_.above().in_turn([this] {
      too_late();
      want_input();
    });
  }
}

/// A request that is not whole in time, or that a plugin keeps.
void Connection::too_late() {
  if (state_ == State::deferred) {
    if (!desk_.environment().plugins.time_out_http(deferred_id_)) return;
    deferred_id_ = 0;
    answer_with(text_answer(504, "a plugin did not answer in time"));
    advance();
  } else if (state_ == State::asked) {
    answer_with(last_answer(504, "there was no answer in time"));
  } else {
    refuse(408, state_ == State::head ? "the head of the request did not come in time"
                                      : "the body of the request did not come in time");
  }
  account();
}

std::size_t Connection::held() const noexcept {
  std::size_t octets = input_.size() + output_.size();
  if (parser_) octets += parser_->get().body().size();
  if (call_) octets += call_->request().body.size();
  return octets;
}

void Connection::account() {
  const std::size_t now = held();
  desk_.environment().held.fetch_add(now - accounted_, std::memory_order_relaxed);
  accounted_ = now;
}

}  // namespace romp::http
