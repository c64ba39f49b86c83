// SPDX-License-Identifier: Apache-2.0
#include "session/inner_transport.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cstring>
#include <utility>

namespace romp::session {

namespace asio = boost::asio;

void InnerTransport::feed(std::string_view octets) {
  unread_ += octets;
  if (reader_) std::exchange(reader_, nullptr)->on_readable({});
}

void InnerTransport::unblock() {
  if (writer_) std::exchange(writer_, nullptr)->on_writable({});
}

std::size_t InnerTransport::read_some(std::span<const iovec> into, net::error_code& error) {
  error = {};
  std::size_t taken = 0;
  for (const auto& room : into) {
    const auto n = std::min(room.iov_len, unread_.size() - read_);
    std::memcpy(room.iov_base, unread_.data() + read_, n);
    read_ += n;
    taken += n;
  }
  if (read_ == unread_.size()) {
    unread_ = {};
    read_ = 0;
  }
  if (taken != 0 && end_ != nullptr) end_->read(taken);
  if (taken != 0) return taken;
  error = asio::error::would_block;
  if (finished_) error = asio::error::eof;
  return 0;
}

std::size_t InnerTransport::write_some(std::span<const iovec> from, net::error_code& error) {
  error = {};
  if (end_ == nullptr || !end_->has_room()) {
    error = asio::error::would_block;
    return 0;
  }
  std::size_t written = 0;
  for (const auto& piece : from) {
    end_->written({static_cast<const char*>(piece.iov_base), piece.iov_len});
    written += piece.iov_len;
  }
  return written;
}

/// Later, since the session asks for it while it reads.
void InnerTransport::tell_reader() {
  worker_.post([user = std::exchange(reader_, nullptr)] { user->on_readable({}); });
}

void InnerTransport::wait_readable(net::TransportUser& user) {
  reader_ = &user;
  if (finished_ || read_ < unread_.size()) tell_reader();
}

void InnerTransport::put_back(std::string octets) {
  unread_ = octets + unread_.substr(read_);
  read_ = 0;
}

/// The other end has nothing more to say either.
void InnerTransport::finish_writing() noexcept {
  finished_ = true;
  if (reader_) tell_reader();
}

void InnerTransport::close() noexcept {
  reader_ = nullptr;
  writer_ = nullptr;
  if (end_ != nullptr) std::exchange(end_, nullptr)->ended();
}

}  // namespace romp::session
