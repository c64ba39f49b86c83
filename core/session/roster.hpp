// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/counter.hpp"
#include "net/transport.hpp"
#include "net/worker.hpp"
#include "session/call_pool.hpp"
#include "session/connection.hpp"
#include "session/environment.hpp"
#include "session/group.hpp"
#include "session/mailbox.hpp"
#include "session/pace.hpp"
#include "stomp/frame.hpp"

namespace romp::session {

/// What one worker has counted.
struct Counters {
  base::Counter connections;  ///< accepted
  base::Counter sessions;     ///< that got CONNECTED
  base::Counter frames_in;
  base::Counter messages_in;   ///< SEND frames that were accepted
  base::Counter messages_out;  ///< MESSAGE frames rendered
  base::Counter errors;        ///< ERROR frames sent
  base::Counter moves;         ///< sessions that have come from another worker
};

/// All connections of one worker, and what they share: buffers, the frame being read, the mailbox,
/// the list of outboxes to be written. One worker, but for what says otherwise.
class Roster {
 public:
  /// `all` are the rosters by the number of their worker, this one among them. Outlive it.
  Roster(net::Worker& worker, const Environment& environment, const std::vector<Roster*>& all);
  ~Roster();

  net::Worker& worker() noexcept { return worker_; }
  const Environment& environment() const noexcept { return environment_; }
  bool is_here() const noexcept { return worker_.is_here(); }
  Roster& neighbour(unsigned worker) const noexcept { return *all_[worker]; }
  /// The one a session came in on.
  Roster& home_of(std::uint64_t session) const noexcept { return *all_[worker_of(session)]; }
  /// The one whose turn this thread is in; null: none's.
  static Roster* in_turn() noexcept;

  /// Takes a connection in and gives it an id. This worker, within a turn.
  std::uint64_t add(std::unique_ptr<net::Transport> transport, const Arrival& arrival = {});
  void remove(Connection& connection);
  base::Ptr<Connection> find(std::uint64_t session) const;
  /// False for a session that came in here and has ended, or has never been. Any thread.
  bool is_alive(std::uint64_t session) const;
  /// Gives a connection of this worker, between two turns, to another. Whoever looks for it here is
  /// sent after it.
  void hand_over(Connection& connection, Roster& to);

  /// A connection has become a session. This worker.
  void introduce(plugin::SessionRow session);
  /// The sessions there are, for plugins. Any thread.
  std::vector<plugin::SessionRow> sessions() const;
  /// Visits every client that plugins know. This worker.
  void each_peer(const std::function<void(plugin::Peer&)>& visit);

  /// Visits every subscription of a client. This worker.
  void each_subscription(
      const std::function<void(std::uint64_t session, const ClientSubscription&)>& visit);
  /// Users or permissions have changed. This worker.
  void renew_access();

  /// Connections there are. Any thread.
  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

  /// Any thread.
  void put_letter(Letter letter);
  /// Letters name a subscription without owning it: keeps one that gets no new ones until those on
  /// their way are opened. This worker.
  void keep_for_letters(base::Ptr<ClientSubscription> subscription);

  /// All work for connections happens within a turn: at its end everything is written.
  class Turn {
   public:
    explicit Turn(Roster& roster);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Roster& roster_;
  };
  /// Runs `task` on this worker within a turn, after what is in the mailbox by then: a session that
  /// is to end gets what was sent to it before. Any thread.
  template <class F>
  void post(F task) {
    worker_.post([this, task = std::move(task)]() mutable {
      const Turn turn(*this);
      open_letters();
      task();
    });
  }

  /// Runs `task` with the connection of a session that came in here or has moved here, on the
  /// worker it is on now; not at all where it has ended. In the order of the calls. Any thread.
  template <class F>
  void post_to(std::uint64_t session, F task) {
    post([this, session, task = std::move(task)]() mutable {
      if (const auto connection = find(session)) {
        task(*connection);
      } else if (auto* there = whereabouts(session)) {
        there->post_to(session, std::move(task));
      }
    });
  }

  /// To be called before reading from a connection; `round` is its own. May sleep for a moment.
  void rest_before_reading(std::uint32_t& round);

  /// The time at the beginning of this turn.
  base::Time now() const noexcept { return now_; }

  /// For frames that filters see.
  CallPool& calls() noexcept { return calls_; }
  std::span<char> read_buffer() noexcept { return {read_buffer_.get(), buffer_size}; }
  std::span<char> write_buffer() noexcept { return {write_buffer_.get(), buffer_size}; }
  stomp::Frame& frame() noexcept { return frame_; }
  Counters& counters() noexcept { return counters_; }

  /// The filters in force in this turn.
  const plugin::Chain& chain() const noexcept { return *chain_; }
  /// Does a filter want to see the messages that are sent? Then deliveries wait until no lock is
  /// held.
  bool filters_messages() const noexcept {
    return chain_->wants(ROMP_STAGE_OUTBOUND, stomp::Command::message);
  }

  /// The connection's outbox is to be written at the end of this turn.
  void write_later(Connection& connection);

  base::Ptr<Group> group_of(const ClientSubscription& subscription);
  void leave(Group& group);

  /// Ends every connection once what it has to write is written.
  void finish_all();
  void close_all();

  /// The number of the worker that a session came in on.
  static unsigned worker_of(std::uint64_t session) noexcept;

 private:
  static constexpr std::size_t buffer_size = std::size_t{256} << 10;

  void take_in(const base::Ptr<Connection>& connection, std::uint64_t accesses);
  /// Where a session has moved to that came in here; null: nowhere. Any thread.
  Roster* whereabouts(std::uint64_t session) const;
  void forget(std::uint64_t session);
  void write_all();
  void open_letters();
  void wake();

  net::Worker& worker_;
  const Environment& environment_;
  const std::vector<Roster*>& all_;
  // Not cleared, so that they take memory only as they are used:
  const std::unique_ptr<char[]> read_buffer_;
  const std::unique_ptr<char[]> write_buffer_;
  stomp::Frame frame_;
  CallPool calls_;
  Counters counters_;
  Pace pace_;
  Mailbox mailbox_;
  std::vector<Letter> letters_;
  std::vector<Roster*> to_wake_;  ///< who got letters in this turn
  std::vector<base::Ptr<Connection>> to_write_;
  mutable std::shared_mutex connections_mutex_;
  std::unordered_map<std::uint64_t, base::Ptr<Connection>> connections_;  ///< this worker changes
  // Of the sessions that came in here, wherever they are:
  std::unordered_map<std::uint64_t, plugin::SessionRow> sessions_;
  std::unordered_map<std::uint64_t, Roster*> moved_;
  std::unordered_map<std::string, base::Ptr<Group>> groups_;
  std::atomic<std::size_t> size_{0};
  std::uint64_t last_session_ = 0;
  std::shared_ptr<const plugin::Chain> chain_;
  base::Time now_{};
  std::uint64_t accesses_ = 0;  ///< how often they were renewed
  unsigned turns_ = 0;
  bool finishes_ = false;  ///< who comes from another worker now is to finish as well
};

}  // namespace romp::session
