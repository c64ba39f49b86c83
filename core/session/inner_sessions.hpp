// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "net/wheel.hpp"
#include "session/inner_transport.hpp"
#include "session/roster.hpp"
#include "stomp/batch.hpp"

namespace romp::session {

/// Sessions for the clients of another server, whose frames come over one outbound connection: each
/// is like that of a client of our own, so filters, deferrals, receipts and limits are the same.
///
/// At most `most` of them; the one that was silent longest makes room, and who is silent for
/// `idle_time` is ended. One worker, but for what says otherwise.
class InnerSessions final : private net::Alarm {
 public:
  static constexpr std::size_t most = 10'000;
  static constexpr base::Duration idle_time = std::chrono::minutes(10);
  /// Octets that may wait in all sessions; then the server should not be read from.
  static constexpr std::size_t mark = std::size_t{256} << 10;

  struct Above {
    /// Frames for one of them.
    std::function<void(const std::string& client, std::unique_ptr<stomp::Batch>)> answer;
    /// More waits than the mark, or less than half of it again.
    std::function<void(bool on)> hold;
  };

  InnerSessions(Roster& roster, std::string user, Above above);
  ~InnerSessions() override;

  /// Gives a frame to the client's session, which is made where there is none.
  void submit(const std::string& client, std::string_view octets);
  /// Nothing may be written to the sessions' ends for now, or again.
  void block(bool on);
  /// And takes no more frames; whoever is the last to hold this may then let it go on any thread.
  void end_all();

  // Any thread:
  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }
  /// Octets on their way: `expect` counts them before they are submitted.
  std::size_t waiting() const noexcept { return waiting_.load(std::memory_order_relaxed); }
  void expect(std::size_t octets) noexcept { waiting_.fetch_add(octets); }

 private:
  class One;
  using Order = std::list<std::unique_ptr<One>>;

  void on_alarm() override;
  One& session_of(const std::string& client);
  void make_room();
  void has_read(std::size_t octets);
  void forget(const std::string& client);

  Roster& roster_;
  const std::string user_;
  const Above above_;
  Order order_;  ///< the one that was silent longest is the first
  std::unordered_map<std::string, Order::iterator> by_client_;
  bool blocked_ = false;
  bool held_ = false;
  bool ended_ = false;
  std::atomic<std::size_t> size_{0};
  std::atomic<std::size_t> waiting_{0};
};

}  // namespace romp::session
