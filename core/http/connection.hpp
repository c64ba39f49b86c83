// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/answer.hpp"
#include "http/desk.hpp"
#include "http/message.hpp"
#include "net/wheel.hpp"
#include "plugin/http_chain.hpp"

namespace romp::http {

class Resumer;

/// One client's HTTP conversation: a request is read whole, passes gate, upgrade, filters and what
/// is built in, and is answered before the next one is read. What is slow is ended by an alarm,
/// what is too large by its limit. One worker, but for what says otherwise.
class Connection final : public net::TransportUser, private net::Alarm {
 public:
  Connection(std::unique_ptr<net::Transport> transport, Desk& desk,
             const config::ListenerSettings& listener);
  ~Connection() override;

  void start();
  /// Ends it after the answer that is due; at once where none is.
  void finish();
  void close();

  /// A filter has decided.
  void resume(romp_defer_id id, romp_verdict verdict);
  /// The answer to a request of an administrator.
  void answered(Answer answer);

 private:
  enum class State { head, body, deferred, asked, writing, lingering, closed };

  void on_readable(net::error_code error) override;
  void on_writable(net::error_code error) override;
  void on_alarm() override;

  // reading
  void begin_request();
  void want_input();
  void read();
  void advance();
  bool parse();
  void head_is_in();
  void let_body_come();
  void discard_input();
  void too_late();

  // answering
  void handle();
  void upgrade(Message& request);
  void ask_api(const Message& request, std::string_view target);
  void walk(const plugin::HttpChain& chain, std::size_t from);
  void answer_with(Answer answer);
  void refuse(unsigned status, std::string_view why);
  void log_access(unsigned status) const;

  // writing
  void write();
  void written();
  void linger();

  void arm(base::Duration from_now);
  std::size_t held() const noexcept;
  void account();
  bool is_idle() const noexcept { return state_ == State::head && !parser_ && input_.empty(); }
  bool is_reading() const noexcept { return state_ == State::head || state_ == State::body; }
  base::Ptr<Resumer> resumer();

  Desk& desk_;
  const config::ListenerSettings& listener_;
  std::unique_ptr<net::Transport> transport_;
  std::unique_ptr<MessageParser> parser_;  ///< while a request is read and answered
  std::string input_;                      ///< what the parser has not taken
  std::string output_;
  std::size_t sent_ = 0;  ///< of the output
  std::shared_ptr<plugin::HttpCall> call_;
  base::Ptr<Resumer> resumer_;
  romp_defer_id deferred_id_ = 0;
  std::size_t accounted_ = 0;
  std::string_view cors_origin_;  ///< who may read the answer; of the settings
  State state_ = State::head;
  unsigned version_ = 11;
  bool keep_alive_ = true;
  bool without_body_ = false;
  bool finishing_ = false;
  bool waits_readable_ = false;
  bool waits_writable_ = false;
};

}  // namespace romp::http
