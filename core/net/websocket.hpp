// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "net/transport.hpp"
#include "net/worker.hpp"

namespace romp::net {

/// Where a message of a message transport ends in a stream of octets.
struct Cut {
  std::size_t octets = 0;  ///< of the first message, as far as its head tells; never 0
  bool is_whole = false;   ///< false: its end is not among them
  bool is_text = false;    ///< it is whole, and UTF-8
};

/// Cuts the first message off what is to be written. Called with at least one octet.
using Cutter = Cut (*)(std::span<const iovec> pieces);

/// How many WebSockets may be compressed at one time, for that takes memory. Any thread.
class DeflateBudget {
 public:
  explicit DeflateBudget(std::size_t most) noexcept : most_(most) {}

  /// False: there are enough.
  bool take() noexcept {
    if (used_.fetch_add(1, std::memory_order_relaxed) < most_) return true;
    give_back();
    return false;
  }
  void give_back() noexcept { used_.fetch_sub(1, std::memory_order_relaxed); }
  std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

 private:
  const std::size_t most_;
  std::atomic<std::size_t> used_{0};
};

struct WebSocketOptions {
  std::size_t max_message = std::size_t{16} << 20;  ///< octets; a larger one is refused with 1009
  DeflateBudget* deflate = nullptr;  ///< null: never agree to permessage-deflate; outlives it
};

/// STOMP in WebSocket messages (RFC 6455) as a stream of octets. What is read is the payload of
/// all messages, text or binary, one behind the other. What is written goes out cut into messages,
/// text where they are UTF-8. Pings are answered, and a close is answered with a close: then
/// reading reports eof. `finish_writing` begins to close. One worker.
class WebSocket final : public Transport {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;

  /// Answers an upgrade request with 101 and these words; the transport is in use from then on.
  /// Null when the request asks for something else than RFC 6455, version 13; then `below` is still
  /// there.
  static std::unique_ptr<WebSocket> accept(Worker& worker, std::unique_ptr<Transport>& below,
                                           const Request& request, std::string_view protocol,
                                           std::string_view server, Cutter cutter,
                                           const WebSocketOptions& options);
  ~WebSocket() override;

  std::size_t read_some(std::span<const iovec> into, error_code& error) override;
  std::size_t write_some(std::span<const iovec> from, error_code& error) override;
  void wait_readable(TransportUser& user) override;
  void wait_writable(TransportUser& user) override;
  void put_back(std::string octets) override;
  void finish_writing() noexcept override;
  void close() noexcept override;
  std::string remote() const override;
  std::uint16_t local_port() const override;
  std::string certified_name() const override;

 private:
  class Channel;
  explicit WebSocket(base::Ptr<Channel> channel);

  base::Ptr<Channel> channel_;
};

}  // namespace romp::net
