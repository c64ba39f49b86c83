// SPDX-License-Identifier: Apache-2.0
#include "net/websocket_link.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <cstring>

namespace romp::net {
namespace {

namespace asio = boost::asio;

constexpr std::size_t read_ahead = 32 * 1024;

bool nothing_now(const error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

}  // namespace

WebSocketLink::WebSocketLink(asio::io_context& context, std::unique_ptr<Transport> below)
    : context_(context), below_(std::move(below)) {}

void WebSocketLink::read(asio::mutable_buffer into, Handler handler) {
  if (closed_) return;
  into_ = into;
  reader_ = std::move(handler);
  if (has_input()) {
    asio::post(context_, [self = base::Ptr<WebSocketLink>(this)] { self->hand_out(); });
    return;
  }
  if (starving_) asio::post(context_, [who = starving_] { who->on_starved(); });
  below_->wait_readable(*this);
}

void WebSocketLink::hand_out() {
  if (!reader_) return;
  const std::size_t n = std::min(into_.size(), input_.size() - taken_);
  std::memcpy(into_.data(), input_.data() + taken_, n);
  taken_ += n;
  if (!has_input()) {
    std::vector<char>().swap(input_);
    taken_ = 0;
  }
  complete_read({}, n);
}

void WebSocketLink::on_readable(error_code error) {
  if (!reader_) return;
  std::array<char, read_ahead> more;
  std::size_t n = 0;
  if (!error) {
    const iovec room[] = {{into_.data(), into_.size()}, {more.data(), more.size()}};
    n = below_->read_some(room, error);
    if (nothing_now(error)) {
      below_->wait_readable(*this);
      return;
    }
  }
  const std::size_t asked = std::min(n, into_.size());
  input_.assign(more.data(), more.data() + (n - asked));
  complete_read(error, asked);
}

void WebSocketLink::complete_read(error_code error, std::size_t octets) {
  const base::Ptr<WebSocketLink> self(this);
  const Handler handler = std::move(reader_);
  (*handler)(error, octets);
}

void WebSocketLink::append(asio::const_buffer octets) {
  const auto* const begin = static_cast<const char*>(octets.data());
  output_.insert(output_.end(), begin, begin + octets.size());
}

void WebSocketLink::write(Handler handler, std::size_t octets) {
  if (closed_) return;
  writer_ = std::move(handler);
  to_report_ = octets;
  flush();
  free_memory();
}

void WebSocketLink::flush() {
  if (waits_writable_ || closed_) return;
  error_code error;
  while (has_output() && !broken_) {
    const iovec piece{output_.data() + written_, output_.size() - written_};
    written_ += below_->write_some({&piece, 1}, error);
    if (nothing_now(error)) {
      waits_writable_ = true;
      below_->wait_writable(*this);
      return;
    }
    broken_ = error.failed();
  }
  output_has_gone(error);
}

void WebSocketLink::on_writable(error_code error) {
  waits_writable_ = false;
  if (closed_) return;
  const base::Ptr<WebSocketLink> self(this);
  if (error) {
    broken_ = true;
    output_has_gone(error);
  } else {
    flush();
  }
  free_memory();
}

/// A link that has nothing to write holds no memory for it.
void WebSocketLink::free_memory() noexcept {
  if (!has_output()) std::vector<char>().swap(output_);
}

/// Not called from within: whoever wrote may not be ready for it.
void WebSocketLink::output_has_gone(error_code error) {
  output_.clear();
  written_ = 0;
  if (writer_) {
    asio::post(context_, [handler = std::move(writer_), error, octets = to_report_]() mutable {
      (*handler)(error, error ? 0 : octets);
    });
  }
  if (flush_user_) {
    asio::post(context_, [user = std::move(flush_user_)] { user->on_writable({}); });
    flush_user_.reset();
  }
  if (finish_) below_->finish_writing();
}

void WebSocketLink::borrow(std::vector<char>& scratch) {
  if (!has_output()) output_.swap(scratch);
  output_.clear();
  written_ = 0;
}

/// What the network did not take stays here, in memory of its own size.
void WebSocketLink::give_back(std::vector<char>& scratch) {
  std::vector<char> rest(output_.begin() + static_cast<std::ptrdiff_t>(written_), output_.end());
  output_.swap(scratch);
  scratch.clear();
  output_.swap(rest);
  written_ = 0;
}

void WebSocketLink::finish_writing() {
  finish_ = true;
  flush();
}

void WebSocketLink::close() noexcept {
  if (closed_) return;
  closed_ = true;
  below_->close();
  const Handler reader = std::move(reader_);
  const Handler writer = std::move(writer_);
  flush_user_.reset();
  starving_.reset();
  std::vector<char>().swap(input_);
  taken_ = 0;
  written_ = output_.size();
  free_memory();
  written_ = 0;
}

}  // namespace romp::net
