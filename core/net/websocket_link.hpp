// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <memory>
#include <vector>

#include "net/transport.hpp"

namespace romp::net {

/// The transport under a WebSocket, as operations that complete. What comes is read in one go and
/// handed out in the pieces that are asked for; what is written goes to memory and from there to
/// the transport, in order. One worker.
class WebSocketLink final : public TransportUser {
 public:
  /// Told, from the event loop, when all that has come was handed out and more is asked for.
  class Starving : public base::Shared {
   public:
    virtual void on_starved() = 0;
  };

  /// What is to be called when an operation is over. Dropped, it is never called.
  class Completion {
   public:
    virtual ~Completion() = default;
    virtual void operator()(error_code error, std::size_t octets) = 0;
  };
  using Handler = std::unique_ptr<Completion>;

  template <class F>
  static Handler make_handler(F f) {
    struct Wrapped final : Completion {
      explicit Wrapped(F&& f) : f_(std::move(f)) {}
      void operator()(error_code error, std::size_t octets) override {
        std::move(f_)(error, octets);
      }
      F f_;
    };
    return std::make_unique<Wrapped>(std::move(f));
  }

  WebSocketLink(boost::asio::io_context& context, std::unique_ptr<Transport> below);

  Transport& below() noexcept { return *below_; }
  const Transport& below() const noexcept { return *below_; }
  /// For a WebSocket that did not come to be: nothing was written, nothing is pending.
  std::unique_ptr<Transport> take_below() noexcept {
    closed_ = true;
    return std::move(below_);
  }
  boost::asio::io_context& context() noexcept { return context_; }

  /// Nobody else is told. Ends with `close`.
  void tell_starved(base::Ptr<Starving> who) { starving_ = std::move(who); }
  /// Is somebody asking for more, and there is nothing?
  bool is_starving() const noexcept { return reader_ && !has_input(); }
  /// Is there something to hand out?
  bool has_input() const noexcept { return taken_ != input_.size(); }

  /// One at a time. The handler is called from the event loop, never from within.
  void read(boost::asio::mutable_buffer into, Handler handler);
  /// The handler is called once everything is written: so who floods us with pings and reads no
  /// pongs is not read from.
  void write(Handler handler, std::size_t octets);
  void append(boost::asio::const_buffer octets);

  /// Tries to write what is in memory. What the network says goes to whoever reads next.
  void flush();
  bool has_output() const noexcept { return written_ != output_.size(); }
  std::size_t output() const noexcept { return output_.size() - written_; }
  bool is_broken() const noexcept { return broken_; }
  /// For the time of a write the output is gathered in `scratch`, which belongs to the worker.
  void borrow(std::vector<char>& scratch);
  void give_back(std::vector<char>& scratch);
  /// Called, once, when the output has gone or never will.
  void when_flushed(base::Ptr<TransportUser> user) { flush_user_ = std::move(user); }

  void finish_writing();
  /// Pending handlers are dropped, not called.
  void close() noexcept;

 private:
  void on_readable(error_code error) override;
  void on_writable(error_code error) override;
  void hand_out();
  void complete_read(error_code error, std::size_t octets);
  void output_has_gone(error_code error);
  void free_memory() noexcept;

  boost::asio::io_context& context_;
  std::unique_ptr<Transport> below_;
  base::Ptr<Starving> starving_;
  std::vector<char> input_;  ///< came with what was asked for
  std::size_t taken_ = 0;    ///< of the input
  std::vector<char> output_;
  std::size_t written_ = 0;
  boost::asio::mutable_buffer into_;
  Handler reader_;
  Handler writer_;
  std::size_t to_report_ = 0;  ///< octets, to the writer
  base::Ptr<TransportUser> flush_user_;
  bool waits_writable_ = false;
  bool finish_ = false;  ///< once the output has gone
  bool broken_ = false;
  bool closed_ = false;
};

/// WebSocketLink in the form that Beast takes as the layer below it.
class WebSocketLayer {
 public:
  using executor_type = boost::asio::io_context::executor_type;

  explicit WebSocketLayer(base::Ptr<WebSocketLink> link) : link_(std::move(link)) {}

  executor_type get_executor() const noexcept { return link_->context().get_executor(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, boost::asio::mutable_buffer into) {
          link_->read(into, WebSocketLink::make_handler(std::move(handler)));
        },
        token, first_of<boost::asio::mutable_buffer>(buffers));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& from) {
          const std::size_t octets = append(from);
          link_->write(WebSocketLink::make_handler(std::move(handler)), octets);
        },
        token, buffers);
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, error_code& error) {
    error = {};
    return append(buffers);
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers) {
    return append(buffers);
  }
  /// Beast wants it to exist; nobody reads so.
  template <class Buffers>
  std::size_t read_some(const Buffers&, error_code& error) {
    error = boost::asio::error::would_block;
    return 0;
  }
  template <class Buffers>
  std::size_t read_some(const Buffers&) {
    throw boost::system::system_error(boost::asio::error::would_block);
  }

  WebSocketLink& link() noexcept { return *link_; }

 private:
  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& buffers) {
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end; ++at) {
      const Buffer buffer(*at);
      if (buffer.size() != 0) return buffer;
    }
    return {};
  }
  template <class Buffers>
  std::size_t append(const Buffers& buffers) {
    std::size_t octets = 0;
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end; ++at) {
      link_->append(*at);
      octets += boost::asio::const_buffer(*at).size();
    }
    return octets;
  }

  base::Ptr<WebSocketLink> link_;
};

// What Beast calls when a WebSocket ends.
inline void teardown(boost::beast::role_type, WebSocketLayer& layer, error_code& error) {
  error = {};
  layer.link().finish_writing();
}
template <class Handler>
void async_teardown(boost::beast::role_type, WebSocketLayer& layer, Handler&& handler) {
  layer.link().finish_writing();
  boost::asio::post(layer.get_executor(),
                    [h = std::forward<Handler>(handler)]() mutable { h(error_code{}); });
}
inline void beast_close_socket(WebSocketLayer& layer) { layer.link().close(); }

}  // namespace romp::net
