// SPDX-License-Identifier: Apache-2.0
// How a session that only sends moves to the worker where all that receive are. A message that
// crosses from one worker to another costs 1.2 to 1.4 times as much as one that stays.
#include <algorithm>

#include "base/log.hpp"
#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {
namespace {

constexpr std::size_t some_more = 2;

/// Workers are to have about as many sessions each, however attractive one is.
bool has_place_for_one_of(const Roster& from, const Roster& to) noexcept {
  return to.size() <= from.size() + from.size() / 8 + some_more;
}

}  // namespace

void Session::look_for_a_better_worker(const broker::Destination& destination) {
  if (connection_.has_moved() || !only_sends()) return;
  Roster& here = connection_.roster();
  const auto worker = destination.worker_of_all();
  if (!worker || *worker == here.worker().number()) return;
  Roster& there = here.neighbour(*worker);
  if (has_place_for_one_of(here, there)) connection_.move_later(there);
}

/// What plugins have in its slots binds it as well: an instance that ends looks for them on every
/// worker, and must not miss a session that is on its way.
bool Connection::can_move() const {
  const bool is_quiet = state_ == State::open && !paused_ && !waits_readable_ && !waits_writable_ &&
                        !peer_is_done_ && outbox_.empty() && !expects_letters();
  if (!is_quiet || has_moved_ || !session_ || !session_->only_sends()) return false;
  const auto is_empty = [](const void* slot) { return slot == nullptr; };
  return transport_->can_move() && (!peer_ || std::ranges::all_of(peer_->slots, is_empty));
}

void Connection::move(Roster& to) {
  cancel();
  has_moved_ = true;
  roster_->hand_over(*this, to);
}

void Connection::arrive(Roster& roster) {
  roster_ = &roster;
  round_ = 0;
  reader_.move_to(roster);
  net::error_code error;
  transport_->move_to(roster.worker(), error);
  if (error) {
    end_reason_ = "it could not move to another worker: " + error.message();
    base::log::error("a session is ended: " + end_reason_);
    close();
    return;
  }
  arm(next_due());
  want_input();
}

/// From here on the session is found by way of this roster, and counted by the other.
void Roster::hand_over(Connection& connection, Roster& to) {
  base::Ptr<Connection> leaving(&connection);
  to.size_.fetch_add(1, std::memory_order_relaxed);
  {
    const std::unique_lock lock(connections_mutex_);
    connections_.erase(connection.id());
    moved_.emplace(connection.id(), &to);
  }
  size_.fetch_sub(1, std::memory_order_relaxed);
  to.post(
      [&to, leaving = std::move(leaving), accesses = accesses_] { to.take_in(leaving, accesses); });
}

/// What every session is told, one on its way has missed, if it was told here already.
void Roster::take_in(const base::Ptr<Connection>& connection, std::uint64_t accesses) {
  {
    const std::unique_lock lock(connections_mutex_);
    connections_.emplace(connection->id(), connection);
  }
  counters_.moves.add();
  connection->arrive(*this);
  if (accesses != accesses_) connection->renew_access();
  if (finishes_) connection->finish();
}

Roster* Roster::whereabouts(std::uint64_t session) const {
  const std::shared_lock lock(connections_mutex_);
  const auto found = moved_.find(session);
  return found == moved_.end() ? nullptr : found->second;
}

}  // namespace romp::session
