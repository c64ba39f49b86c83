// SPDX-License-Identifier: Apache-2.0
#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <new>

namespace romp::net {
namespace {

namespace asio = boost::asio;

constexpr std::size_t largest_record = SSL3_RT_MAX_PLAIN_LENGTH;

/// Cuts what is to be written into records: short pieces are copied together, so that each record
/// is as full as it can be.
class Records {
 public:
  explicit Records(std::span<const iovec> pieces) : pieces_(pieces) { skip_written(); }

  bool empty() const noexcept { return pieces_.empty(); }

  /// The next record; good until the next call, of this thread.
  std::span<const char> next() const noexcept {
    const std::size_t here = pieces_.front().iov_len - offset_;
    const char* const octets = static_cast<const char*>(pieces_.front().iov_base) + offset_;
    if (here >= largest_record || pieces_.size() == 1) {
      return {octets, std::min(here, largest_record)};
    }
    thread_local std::array<char, largest_record> together;
    std::memcpy(together.data(), octets, here);
    std::size_t filled = here;
    for (const iovec& piece : pieces_.subspan(1)) {
      const std::size_t n = std::min(piece.iov_len, largest_record - filled);
      std::memcpy(together.data() + filled, piece.iov_base, n);
      filled += n;
    }
    return {together.data(), filled};
  }

  void drop(std::size_t size) noexcept {
    offset_ += size;
    skip_written();
  }

 private:
  void skip_written() noexcept {
    while (!pieces_.empty() && offset_ >= pieces_.front().iov_len) {
      offset_ -= pieces_.front().iov_len;
      pieces_ = pieces_.subspan(1);
    }
  }

  std::span<const iovec> pieces_;
  std::size_t offset_ = 0;  ///< in the first piece
};

/// The reason of the library's last error, or the system's.
std::string last_reason(const ssl_st* ssl, int system_error) {
  if (const long verified = SSL_get_verify_result(ssl); verified != X509_V_OK) {
    return std::string("the client's certificate: ") + X509_verify_cert_error_string(verified);
  }
  if (const char* reason = ERR_reason_error_string(ERR_peek_error())) return reason;
  return system_error != 0 ? std::strerror(system_error) : "the client has gone";
}

}  // namespace

Tls::Tls(asio::io_context& context, int descriptor, bool is_v6,
         std::shared_ptr<const TlsContext> tls)
    : tcp_(context, descriptor, is_v6), tls_(std::move(tls)), ssl_(tls_->make_ssl()) {
  if (ssl_ == nullptr || SSL_set_fd(ssl_, descriptor) != 1) {
    SSL_free(ssl_);
    throw std::bad_alloc();
  }
}

Tls::~Tls() { SSL_free(ssl_); }

std::size_t Tls::peek(std::span<char> into, error_code& error) noexcept {
  const ssize_t n = ::recv(tcp_.descriptor(), into.data(), into.size(), MSG_PEEK);
  error = {};
  if (n > 0) return static_cast<std::size_t>(n);
  error =
      n == 0 ? error_code(asio::error::eof) : error_code(errno, boost::system::system_category());
  return 0;
}

/// What has come is taken: closing with unread input would reset the connection, and the client
/// would lose the answer.
void Tls::answer_in_clear(std::string_view octets) noexcept {
  std::array<char, 4096> unread;
  const iovec answer{const_cast<char*>(octets.data()), octets.size()};
  const iovec rest{unread.data(), unread.size()};
  error_code ignored;
  tcp_.write_some({&answer, 1}, ignored);
  tcp_.read_some({&rest, 1}, ignored);
  tcp_.finish_writing();
}

/// What SSL_get_error says, as sessions know it. `would_block` also sets what is waited for.
error_code Tls::error_of(int result) {
  const int system_error = errno;
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
      starved_ = true;
      return asio::error::would_block;
    case SSL_ERROR_WANT_WRITE:
      wants_to_write_ = true;
      return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    case SSL_ERROR_SYSCALL:
      if (system_error == 0) return asio::error::eof;
      return {system_error, boost::system::system_category()};
    default:
      return asio::error::connection_aborted;
  }
}

void Tls::shake_hands(error_code& error, std::string& why) {
  ERR_clear_error();
  errno = 0;
  starved_ = wants_to_write_ = false;
  const int result = SSL_accept(ssl_);
  if (result == 1) {
    error = {};
    secured_ = true;
    return;
  }
  const int system_error = errno;
  error = error_of(result);
  if (error != asio::error::would_block) why = last_reason(ssl_, system_error);
}

// ---- reading ----------------------------------------------------------------------------------

std::size_t Tls::read_into(const iovec& room, error_code& error) {
  auto* const begin = static_cast<char*>(room.iov_base);
  std::size_t taken = 0;
  while (taken < room.iov_len) {
    std::size_t n = 0;
    ERR_clear_error();
    errno = 0;
    const int result = SSL_read_ex(ssl_, begin + taken, room.iov_len - taken, &n);
    if (result != 1) {
      error = error_of(result);
      break;
    }
    taken += n;
    if (n < largest_record && SSL_has_pending(ssl_) == 0) break;
  }
  return taken;
}

/// Goes on until the room is full or nothing more has come: waiting costs more than another look.
std::size_t Tls::read_some(std::span<const iovec> into, error_code& error) {
  error = {};
  if (!early_.empty()) return early_.read(into);
  starved_ = wants_to_write_ = false;
  std::size_t taken = 0;
  for (const iovec& room : into) {
    const std::size_t n = read_into(room, error);
    taken += n;
    if (n < room.iov_len) break;
  }
  if (taken != 0) error = {};
  return taken;
}

/// Octets that the socket does not know of any more.
bool Tls::has_unread() const noexcept {
  return !early_.empty() || (!starved_ && SSL_has_pending(ssl_) != 0);
}

void Tls::wait_readable(TransportUser& user) {
  if (has_unread()) {
    asio::post(tcp_.executor(),
               [keep = base::Ptr<TransportUser>(&user)] { keep->on_readable({}); });
  } else if (wants_to_write_) {
    tcp_.wait_writable_to_read(user);
  } else {
    tcp_.wait_readable(user);
  }
}

void Tls::put_back(std::string octets) { early_.put_back(std::move(octets)); }

// ---- writing ----------------------------------------------------------------------------------

std::size_t Tls::write_some(std::span<const iovec> from, error_code& error) {
  error = {};
  std::size_t written = 0;
  for (Records records(from); !records.empty();) {
    const std::span<const char> record = records.next();
    std::size_t n = 0;
    ERR_clear_error();
    errno = 0;
    const int result = secured_ ? SSL_write_ex(ssl_, record.data(), record.size(), &n) : 0;
    if (result != 1) {
      if (written == 0) error = secured_ ? write_error_of(result) : asio::error::not_connected;
      break;
    }
    records.drop(n);
    written += n;
  }
  return written;
}

/// Reading is never needed to go on with writing: there are no renegotiations.
error_code Tls::write_error_of(int result) {
  if (SSL_get_error(ssl_, result) == SSL_ERROR_WANT_WRITE) return asio::error::would_block;
  const error_code error = error_of(result);
  return error == asio::error::would_block ? error_code(asio::error::connection_aborted) : error;
}

void Tls::wait_writable(TransportUser& user) { tcp_.wait_writable(user); }

// ---- ending -----------------------------------------------------------------------------------

/// The client's own close_notify is not waited for.
void Tls::finish_writing() noexcept {
  ERR_clear_error();
  if (secured_) SSL_shutdown(ssl_);
  tcp_.finish_writing();
}

void Tls::close() noexcept { tcp_.close(); }

std::string Tls::remote() const { return tcp_.remote(); }
std::uint16_t Tls::local_port() const { return tcp_.local_port(); }
std::string Tls::certified_name() const { return secured_ ? tls_->name_of(ssl_) : std::string(); }

}  // namespace romp::net
