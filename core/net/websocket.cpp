// SPDX-License-Identifier: Apache-2.0
#include "net/websocket.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/websocket.hpp>
#include <cstring>
#include <utility>

#include "net/websocket_link.hpp"

namespace romp::net {
namespace {

namespace asio = boost::asio;
namespace ws = boost::beast::websocket;

constexpr std::size_t small_read = 512;  // for an idle client, and enough for most messages
// Octets gathered for the user: room for the rest that Beast may hold, or for what is coming.
constexpr std::size_t little = 4096;
constexpr std::size_t much = 32 * 1024;
constexpr std::size_t largest_fragment = 64 * 1024;
constexpr std::size_t most_pieces = 16;  // of one fragment

/// Small windows: 2^10 octets and little memory for the search, on both sides, kept for no message
/// longer than it lasts.
ws::permessage_deflate small_deflate(bool enabled) {
  ws::permessage_deflate option;
  option.server_enable = enabled;
  option.server_max_window_bits = 10;
  option.client_max_window_bits = 10;
  option.server_no_context_takeover = true;
  option.client_no_context_takeover = true;
  option.memLevel = 2;
  option.msg_size_threshold = 256;
  return option;
}

/// The pieces of a write that are still to be sent.
class Rest {
 public:
  explicit Rest(std::span<const iovec> pieces) : pieces_(pieces.begin(), pieces.end()) {}

  bool empty() {
    while (first_ < pieces_.size() && pieces_[first_].iov_len == 0) ++first_;
    return first_ == pieces_.size();
  }
  std::span<const iovec> pieces() const { return std::span(pieces_).subspan(first_); }

  /// At most `wanted` octets in at most `into.size()` buffers; they are taken.
  std::size_t take(std::size_t wanted, std::span<asio::const_buffer> into) {
    std::size_t taken = 0;
    for (auto& buffer : into) {
      buffer = {};
      if (taken == wanted || empty()) continue;
      iovec& piece = pieces_[first_];
      const std::size_t n = std::min(piece.iov_len, wanted - taken);
      buffer = {piece.iov_base, n};
      piece.iov_base = static_cast<char*>(piece.iov_base) + n;
      piece.iov_len -= n;
      taken += n;
    }
    return taken;
  }

 private:
  std::vector<iovec> pieces_;
  std::size_t first_ = 0;
};

}  // namespace

/// The WebSocket itself, which operations that are under way keep alive.
class WebSocket::Channel final : public WebSocketLink::Starving {
 public:
  Channel(Worker& worker, std::unique_ptr<Transport> below, Cutter cutter)
      : worker_(worker),
        cutter_(cutter),
        link_(new WebSocketLink(worker.context(), std::move(below))),
        stream_(WebSocketLayer(link_)) {}
  ~Channel() override {
    if (deflate_ != nullptr) deflate_->give_back();
  }

  bool accept(const Request& request, std::string_view protocol, std::string_view server,
              const WebSocketOptions& options);
  std::unique_ptr<Transport> take_below() { return link_->take_below(); }

  std::size_t read(std::span<const iovec> into, error_code& error);
  std::size_t write(std::span<const iovec> from, error_code& error);
  void wait_readable(TransportUser& user);
  void wait_writable(TransportUser& user);
  void put_back(std::string octets);
  void finish();
  void close() noexcept;
  const Transport& below() const noexcept { return link_->below(); }

 private:
  bool has_input() const noexcept { return begin_ != end_; }
  void start_read();
  void received(error_code error, std::size_t octets);
  void gather(std::size_t octets);
  void forget_gathered() noexcept;
  void on_starved() override;
  void announce();
  std::size_t write_messages(Rest& rest);
  bool begin_message(Rest& rest, bool first);

  Worker& worker_;
  Cutter cutter_;
  base::Ptr<WebSocketLink> link_;
  ws::stream<WebSocketLayer> stream_;
  base::Ptr<TransportUser> reader_;
  std::array<char, small_read> small_;
  std::unique_ptr<char[]> gathered_;  ///< what has come and was not read, from begin_ to end_
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t capacity_ = 0;
  std::size_t left_ = 0;              ///< octets of the message being written
  error_code ended_;                  ///< why nothing more will come
  DeflateBudget* deflate_ = nullptr;  ///< not null: this one is compressed
  bool reading_ = false;
  bool direct_ = false;  ///< that read goes to the gathered ones
  bool finishing_ = false;
};

bool WebSocket::Channel::accept(const Request& request, std::string_view protocol,
                                std::string_view server, const WebSocketOptions& options) {
  stream_.auto_fragment(false);
  stream_.read_message_max(options.max_message);
  stream_.set_option(
      ws::stream_base::timeout{ws::stream_base::none(), ws::stream_base::none(), false});
  if (options.deflate != nullptr && options.deflate->take()) deflate_ = options.deflate;
  stream_.set_option(small_deflate(deflate_ != nullptr));
  bool compressed = false;
  stream_.set_option(ws::stream_base::decorator([&](ws::response_type& response) {
    response.set(boost::beast::http::field::server, server);
    if (!protocol.empty()) {
      response.set(boost::beast::http::field::sec_websocket_protocol, protocol);
    }
    compressed = response.count(boost::beast::http::field::sec_websocket_extensions) != 0;
  }));
  error_code error;
  stream_.accept(request, error);
  stream_.set_option(ws::stream_base::decorator([](ws::response_type&) {}));
  if (deflate_ != nullptr && !compressed) std::exchange(deflate_, nullptr)->give_back();
  if (error) return false;
  link_->tell_starved(this);
  link_->flush();
  return true;
}

// ---- reading ----------------------------------------------------------------------------------

std::size_t WebSocket::Channel::read(std::span<const iovec> into, error_code& error) {
  if (!has_input()) {
    error = ended_ ? ended_ : error_code(asio::error::would_block);
    return 0;
  }
  error = {};
  std::size_t taken = 0;
  for (const iovec& room : into) {
    const std::size_t n = std::min(room.iov_len, end_ - begin_);
    std::memcpy(room.iov_base, gathered_.get() + begin_, n);
    begin_ += n;
    taken += n;
  }
  if (!has_input()) forget_gathered();
  return taken;
}

/// A read that is under way may still write behind what has come.
void WebSocket::Channel::forget_gathered() noexcept {
  if (reading_ && direct_) return;
  gathered_.reset();
  begin_ = end_ = capacity_ = 0;
}

void WebSocket::Channel::wait_readable(TransportUser& user) {
  reader_ = &user;
  if (has_input() || ended_) {
    asio::post(worker_.context(), [self = base::Ptr<Channel>(this)] { self->announce(); });
  } else if (!reading_) {
    start_read();
  }
}

/// While nothing has come, into a few octets of our own; what is known to be there goes straight
/// to the others.
void WebSocket::Channel::start_read() {
  reading_ = true;
  direct_ = link_->has_input() && capacity_ - end_ >= small_read;
  const auto target = direct_ ? asio::mutable_buffer(gathered_.get() + end_, capacity_ - end_)
                              : asio::mutable_buffer(small_.data(), small_.size());
  stream_.async_read_some(target,
                          [self = base::Ptr<Channel>(this)](error_code error, std::size_t octets) {
                            self->received(error, octets);
                          });
}

/// Goes on until nothing more is there, or it is enough: then the user reads it in one go.
void WebSocket::Channel::received(error_code error, std::size_t octets) {
  reading_ = false;
  if (error) {
    ended_ = error == ws::error::closed ? error_code(asio::error::eof) : error;
    announce();
    return;
  }
  gather(octets);
  if (!reader_) return;
  if (capacity_ != 0 && capacity_ - end_ < small_read) {
    announce();
  } else {
    start_read();
  }
}

void WebSocket::Channel::gather(std::size_t octets) {
  if (direct_) {
    end_ += octets;
    return;
  }
  if (octets == 0) return;
  if (!gathered_) {
    capacity_ = link_->has_input() ? much : little;
    gathered_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }
  std::memcpy(gathered_.get() + end_, small_.data(), octets);
  end_ += octets;
}

void WebSocket::Channel::on_starved() {
  if (has_input() && link_->is_starving()) announce();
}

void WebSocket::Channel::announce() {
  if (!reader_) return;
  const base::Ptr<TransportUser> user = std::move(reader_);
  reader_.reset();
  user->on_readable({});
}

void WebSocket::Channel::put_back(std::string octets) {
  octets.append(gathered_.get() + begin_, gathered_.get() + end_);
  begin_ = 0;
  end_ = capacity_ = octets.size();
  gathered_ = std::make_unique_for_overwrite<char[]>(capacity_);
  std::memcpy(gathered_.get(), octets.data(), octets.size());
}

// ---- writing ----------------------------------------------------------------------------------

std::size_t WebSocket::Channel::write(std::span<const iovec> from, error_code& error) {
  error = {};
  if (link_->has_output()) {
    error = asio::error::would_block;
    return 0;
  }
  if (finishing_ || link_->is_broken() || !stream_.is_open()) {
    error = asio::error::broken_pipe;
    return 0;
  }
  Rest rest(from);
  link_->borrow(worker_.scratch());
  const std::size_t taken = write_messages(rest);
  link_->flush();
  link_->give_back(worker_.scratch());
  if (link_->is_broken()) error = asio::error::broken_pipe;
  return error ? 0 : taken;
}

/// Fills the link's memory up to about a fragment.
std::size_t WebSocket::Channel::write_messages(Rest& rest) {
  std::size_t taken = 0;
  while (link_->output() < largest_fragment && !rest.empty()) {
    if (left_ == 0 && !begin_message(rest, taken == 0)) break;
    std::array<asio::const_buffer, most_pieces> buffers;
    const std::size_t n = rest.take(std::min(left_, largest_fragment), buffers);
    error_code error;
    stream_.write_some(n == left_, buffers, error);
    if (error) break;
    left_ -= n;
    taken += n;
  }
  return taken;
}

/// A message whose end is not there yet waits until it comes first: then all of it is shown that
/// there is.
bool WebSocket::Channel::begin_message(Rest& rest, bool first) {
  const Cut cut = cutter_(rest.pieces());
  if (!cut.is_whole && !first) return false;
  stream_.text(cut.is_whole && cut.is_text);
  left_ = cut.octets;
  return true;
}

void WebSocket::Channel::wait_writable(TransportUser& user) {
  if (link_->has_output()) {
    link_->when_flushed(&user);
    return;
  }
  asio::post(worker_.context(),
             [keep = base::Ptr<TransportUser>(&user)] { keep->on_writable({}); });
}

// ---- ending -----------------------------------------------------------------------------------

void WebSocket::Channel::finish() {
  if (finishing_ || !stream_.is_open()) return;
  finishing_ = true;
  stream_.async_close(ws::close_code::normal, [self = base::Ptr<Channel>(this)](error_code) {});
}

void WebSocket::Channel::close() noexcept {
  reader_.reset();
  link_->close();
}

// ---- the transport ----------------------------------------------------------------------------

std::unique_ptr<WebSocket> WebSocket::accept(Worker& worker, std::unique_ptr<Transport>& below,
                                             const Request& request, std::string_view protocol,
                                             std::string_view server, Cutter cutter,
                                             const WebSocketOptions& options) {
  base::Ptr<Channel> channel(new Channel(worker, std::move(below), cutter));
  if (!channel->accept(request, protocol, server, options)) {
    below = channel->take_below();
    return nullptr;
  }
  return std::unique_ptr<WebSocket>(new WebSocket(std::move(channel)));
}

WebSocket::WebSocket(base::Ptr<Channel> channel) : channel_(std::move(channel)) {}

WebSocket::~WebSocket() { channel_->close(); }

std::size_t WebSocket::read_some(std::span<const iovec> into, error_code& error) {
  return channel_->read(into, error);
}

std::size_t WebSocket::write_some(std::span<const iovec> from, error_code& error) {
  return channel_->write(from, error);
}

void WebSocket::wait_readable(TransportUser& user) { channel_->wait_readable(user); }
void WebSocket::wait_writable(TransportUser& user) { channel_->wait_writable(user); }
void WebSocket::put_back(std::string octets) { channel_->put_back(std::move(octets)); }
void WebSocket::finish_writing() noexcept { channel_->finish(); }
void WebSocket::close() noexcept { channel_->close(); }
std::string WebSocket::remote() const { return channel_->below().remote(); }
std::uint16_t WebSocket::local_port() const { return channel_->below().local_port(); }
std::string WebSocket::certified_name() const { return channel_->below().certified_name(); }

}  // namespace romp::net
