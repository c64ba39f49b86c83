// SPDX-License-Identifier: Apache-2.0
#include "net/tcp.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>

#include "net/worker.hpp"

namespace romp::net {
namespace {

namespace asio = boost::asio;

error_code last_error() { return {errno, boost::system::system_category()}; }

/// One system call; again when a signal came between.
template <class F>
ssize_t uninterrupted(F call) {
  ssize_t n;
  do {
    n = call();
  } while (n < 0 && errno == EINTR);
  return n;
}

msghdr header_for(std::span<const iovec> pieces) {
  msghdr header{};
  header.msg_iov = const_cast<iovec*>(pieces.data());
  header.msg_iovlen = pieces.size();
  return header;
}

}  // namespace

Tcp::Tcp(asio::io_context& context, int descriptor, bool is_v6)
    : socket_(context.get_executor(), is_v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(),
              descriptor) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Tcp::put_back(std::string octets) { early_.put_back(std::move(octets)); }

std::size_t Tcp::read_some(std::span<const iovec> into, error_code& error) {
  if (!early_.empty()) {
    error = {};
    return early_.read(into);
  }
  msghdr header = header_for(into);
  const ssize_t n = uninterrupted([&] { return ::recvmsg(socket_.native_handle(), &header, 0); });
  if (n > 0) {
    error = {};
    return static_cast<std::size_t>(n);
  }
  error = n == 0 ? error_code(asio::error::eof) : last_error();
  return 0;
}

std::size_t Tcp::write_some(std::span<const iovec> from, error_code& error) {
  msghdr header = header_for(from);
  const ssize_t n =
      uninterrupted([&] { return ::sendmsg(socket_.native_handle(), &header, MSG_NOSIGNAL); });
  if (n >= 0) {
    error = {};
    return static_cast<std::size_t>(n);
  }
  error = last_error();
  return 0;
}

void Tcp::wait_readable(TransportUser& user) {
  if (!early_.empty()) {
    asio::post(socket_.get_executor(),
               [keep = base::Ptr<TransportUser>(&user)] { keep->on_readable({}); });
    return;
  }
  socket_.async_wait(asio::socket_base::wait_read,
                     [keep = base::Ptr<TransportUser>(&user)](const error_code& error) {
                       keep->on_readable(error);
                     });
}

void Tcp::wait_writable(TransportUser& user) {
  socket_.async_wait(asio::socket_base::wait_write,
                     [keep = base::Ptr<TransportUser>(&user)](const error_code& error) {
                       keep->on_writable(error);
                     });
}

void Tcp::wait_writable_to_read(TransportUser& user) {
  socket_.async_wait(asio::socket_base::wait_write,
                     [keep = base::Ptr<TransportUser>(&user)](const error_code& error) {
                       keep->on_readable(error);
                     });
}

void Tcp::finish_writing() noexcept {
  error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

void Tcp::close() noexcept {
  error_code ignored;
  socket_.close(ignored);
}

void Tcp::move_to(Worker& worker, error_code& error) {
  const bool is_v6 = socket_.local_endpoint(error).address().is_v6();
  const int descriptor = socket_.release(error);
  socket_ = Socket(worker.context().get_executor());
  if (error) return;
  socket_.assign(is_v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), descriptor, error);
  if (error) ::close(descriptor);
}

std::string Tcp::remote() const {
  error_code error;
  const auto end = socket_.remote_endpoint(error);
  if (error) return "unknown";
  const std::string address = end.address().to_string();
  return (end.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(end.port());
}

std::uint16_t Tcp::local_port() const {
  error_code error;
  const auto end = socket_.local_endpoint(error);
  return error ? std::uint16_t{0} : end.port();
}

}  // namespace romp::net
