// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "auth/authenticator.hpp"
#include "net/transport.hpp"
#include "net/wheel.hpp"
#include "plugin/call.hpp"
#include "plugin/gateway.hpp"
#include "romp/http.h"
#include "session/frame_reader.hpp"
#include "session/outbox.hpp"
#include "session/step.hpp"
#include "stomp/error.hpp"
#include "stomp/negotiation.hpp"

namespace romp::session {

class ClientSubscription;
class Roster;
class Session;
struct Environment;
struct Login;

/// The way a client came in.
struct Arrival {
  std::uint32_t transport = ROMP_TRANSPORT_TCP;
  std::uint32_t flags = 0;               ///< ROMP_SESSION_ADMIN, ROMP_SESSION_WEB
  base::Time since = base::Time::max();  ///< when; max: now
};

/// One client's connection: reads frames, hands them to its session, writes what the outbox holds,
/// and ends it all in order. One worker, but for what says otherwise.
class Connection final : public net::TransportUser, private net::Alarm, private FrameReader::Taker {
 public:
  Connection(std::unique_ptr<net::Transport> transport, Roster& roster, std::uint64_t id,
             const Arrival& arrival);
  ~Connection() override;

  void start();

  std::uint64_t id() const noexcept { return id_; }
  Roster& roster() noexcept { return *roster_; }
  const Environment& environment() const noexcept;
  stomp::Version version() const noexcept { return version_; }
  /// This client as plugins see it.
  plugin::Peer& peer();
  /// Null where no plugin has asked for it.
  plugin::Peer* known_peer() noexcept { return peer_.get(); }
  /// "address:port" of the client.
  std::string remote() const { return transport_->remote(); }
  /// The name in the client's certificate, verified; empty: there is none.
  std::string certified_name() const { return transport_->certified_name(); }
  bool is_of_the_web() const noexcept { return (arrival_.flags & ROMP_SESSION_WEB) != 0; }

  // For the handshake and the session:
  /// Who is there, by CONNECT; nothing while it is being found out: then the frame is taken over,
  /// and handled again when it is known.
  std::optional<auth::Answer> answer_to_login(Step& step);
  /// Users or permissions have changed.
  void renew_access();
  void begin_session(std::unique_ptr<Session> session, stomp::Version version,
                     const stomp::HeartBeat& beat);
  Session* session() noexcept { return session_.get(); }
  void send(stomp::Command command, std::span<const stomp::Header> headers, std::string_view body);
  void send_receipt(std::string_view id);
  void send_error(std::string_view message, std::string_view receipt, std::string_view body);
  /// A MESSAGE frame, whole, that filters want to see before it goes out.
  void send_filtered(std::string frame);
  /// A frame that a plugin sends; a MESSAGE gets the headers that STOMP asks for.
  void send_for_plugin(const plugin::Outgoing& frame);
  /// Ends it with an ERROR that says why; without a reason silently.
  void end_by_server(const std::string& reason);
  /// Writes what waits, then ends the connection so that the client gets to read it.
  void finish();
  /// Ends it at once.
  void close();
  bool is_open() const noexcept { return state_ == State::open; }
  /// Goes on on another worker when this turn is over, unless it holds something here by then.
  /// Once.
  void move_later(Roster& to) noexcept { moves_to_ = &to; }
  bool has_moved() const noexcept { return has_moved_; }
  /// Lives in this roster from now on. On its worker, once the one before has let go.
  void arrive(Roster& roster);

  /// Stops reading until `go_on`, because a destination is full; after `at_most` the session hears
  /// of it.
  void pause(base::Duration at_most);
  void go_on();

  /// A filter will decide about this frame later: nothing is read until then.
  void defer(Step step, romp_defer_id id);
  /// The destination that a SEND waits for has room.
  void room_again();
  /// It has decided. Nothing happens when the frame is no longer waited for.
  void resume(romp_defer_id id, const plugin::Resumption& how);

  Outbox& outbox() noexcept { return outbox_; }
  /// Something was put into the outbox.
  void output_waits();
  /// What letters of so many octets brought is in the outbox.
  void letters_opened(std::size_t octets) noexcept;

  void subscription_lost(ClientSubscription& subscription, const std::string& reason);

  // Any thread:
  bool has_room() const noexcept;
  bool is_over_limit() const noexcept;
  void expect_letter(std::size_t octets) noexcept {
    in_letters_.fetch_add(octets, std::memory_order_relaxed);
  }
  bool expects_letters() const noexcept { return in_letters_.load(std::memory_order_relaxed) != 0; }

  /// Writes as much as the transport takes. Called by the roster at the end of a turn.
  void write();

 private:
  enum class State { open, finishing, lingering, closed };

  void on_readable(net::error_code error) override;
  void on_writable(net::error_code error) override;
  void on_alarm() override;

  bool take(stomp::Frame& frame) override;
  bool take_head(stomp::Frame& frame, std::size_t size) override;
  bool take_body(const base::Ptr<broker::Body>& body) override;
  bool body_dropped() override { return takes_frames(); }
  bool takes_frames() const noexcept { return state_ == State::open && !paused_; }
  void read();
  void guarded_handle(Step& step);
  void continue_with(Step& step);
  void fail(const stomp::ProtocolError& error, std::string_view receipt);
  void fail_in_reading(const stomp::ProtocolError& error);
  void discard_input();
  void want_input();
  void written();
  void end_session();
  bool can_move() const;
  void move(Roster& to);
  void introduce();
  void log_access(std::string_view what);
  void tell(std::uint32_t event);
  void linger();
  void check_login();
  void login_answered(auth::Answer answer);
  void login_due();
  void pause_ended();
  void arm(base::Time due);
  base::Time next_due() const;
  const char* what_is_overdue(base::Time now);
  std::size_t backlog() const noexcept;

  Roster* roster_;
  Roster* moves_to_ = nullptr;  ///< at the end of this turn
  std::uint64_t id_;
  Arrival arrival_;
  std::unique_ptr<net::Transport> transport_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<plugin::Peer> peer_;
  std::unique_ptr<Login> login_;  ///< while it is checked
  std::unique_ptr<Step> deferred_;
  std::unique_ptr<Step> large_;  ///< a frame whose body is still to come
  // Other threads write these for each letter: they stand among what is seldom used.
  std::atomic<std::size_t> in_outbox_{0};  ///< what other threads may know of it
  std::atomic<std::size_t> in_letters_{0};
  mutable std::atomic<bool> refused_room_{false};
  romp_defer_id deferred_id_ = 0;
  std::string end_reason_;  ///< for plugins; empty: the client went in order
  FrameReader reader_;
  Outbox outbox_;
  stomp::HeartBeat beat_;
  base::Time began_{};
  base::Time last_heard_{};
  base::Time last_sent_{};
  base::Time pause_ends_ = base::Time::max();
  base::Time give_up_at_ = base::Time::max();  ///< when it ends, whatever is left to write
  std::uint32_t from_plugins_ = 0;             ///< messages that plugins sent here
  std::uint32_t round_ = 0;                    ///< for the pace of reading
  State state_ = State::open;
  stomp::Version version_ = stomp::Version::v1_2;
  bool paused_ = false;
  bool waits_readable_ = false;
  bool waits_writable_ = false;
  bool to_write_ = false;      ///< on the roster's list
  bool peer_is_done_ = false;  ///< it has closed its side
  bool has_ended_ = false;     ///< as plugins have been told
  bool has_moved_ = false;     ///< from the worker that its id names to another
};

}  // namespace romp::session
