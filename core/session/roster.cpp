// SPDX-License-Identifier: Apache-2.0
#include "session/roster.hpp"

#include <thread>

#include "session/client_subscription.hpp"
#include "session/session.hpp"

namespace romp::session {
namespace {

constexpr unsigned worker_bits = 8;
constexpr std::size_t letters_ahead = 4;

/// The one whose turn this thread is in.
thread_local constinit Roster* current = nullptr;

}  // namespace

Roster::Roster(net::Worker& worker, const Environment& environment, const std::vector<Roster*>& all)
    : worker_(worker),
      environment_(environment),
      all_(all),
      read_buffer_(std::make_unique_for_overwrite<char[]>(buffer_size)),
      write_buffer_(std::make_unique_for_overwrite<char[]>(buffer_size)),
      chain_(std::make_shared<const plugin::Chain>()) {
  environment.plugins.follow(chain_);
}

Roster::~Roster() = default;

std::uint64_t Roster::add(std::unique_ptr<net::Transport> transport, const Arrival& arrival) {
  size_.fetch_add(1, std::memory_order_relaxed);
  const std::uint64_t id = (++last_session_ << worker_bits) | worker_.number();
  const base::Ptr<Connection> connection(new Connection(std::move(transport), *this, id, arrival));
  {
    const std::unique_lock lock(connections_mutex_);
    connections_.emplace(id, connection);
  }
  counters_.connections.add();
  connection->start();
  return id;
}

void Roster::remove(Connection& connection) {
  const auto id = connection.id();
  {
    const std::unique_lock lock(connections_mutex_);
    if (connections_.erase(id) != 0) size_.fetch_sub(1, std::memory_order_relaxed);
  }
  home_of(id).forget(id);
}

void Roster::forget(std::uint64_t session) {
  const std::unique_lock lock(connections_mutex_);
  sessions_.erase(session);
  moved_.erase(session);
}

base::Ptr<Connection> Roster::find(std::uint64_t session) const {
  const auto found = connections_.find(session);
  return found == connections_.end() ? nullptr : found->second;
}

bool Roster::is_alive(std::uint64_t session) const {
  const std::shared_lock lock(connections_mutex_);
  return connections_.contains(session) || moved_.contains(session);
}

void Roster::introduce(plugin::SessionRow session) {
  const std::unique_lock lock(connections_mutex_);
  const auto id = session.id;
  sessions_.insert_or_assign(id, std::move(session));
}

std::vector<plugin::SessionRow> Roster::sessions() const {
  const std::shared_lock lock(connections_mutex_);
  std::vector<plugin::SessionRow> all;
  for (const auto& [id, session] : sessions_) all.push_back(session);
  return all;
}

void Roster::each_peer(const std::function<void(plugin::Peer&)>& visit) {
  for (const auto& [id, connection] : connections_) {
    if (auto* peer = connection->known_peer()) visit(*peer);
  }
}

void Roster::each_subscription(
    const std::function<void(std::uint64_t, const ClientSubscription&)>& visit) {
  for (const auto& [id, connection] : connections_) {
    if (connection->session() == nullptr) continue;
    for (const auto& subscription : connection->session()->subscriptions()) {
      visit(id, *subscription);
    }
  }
}

void Roster::renew_access() {
  ++accesses_;
  const auto all = connections_;
  for (const auto& [id, connection] : all) connection->renew_access();
}

unsigned Roster::worker_of(std::uint64_t session) noexcept {
  return static_cast<unsigned>(session & ((1U << worker_bits) - 1));
}

// ---- turns ------------------------------------------------------------------------------------

Roster::Turn::Turn(Roster& roster) : roster_(roster) {
  if (roster_.turns_++ != 0) return;
  current = &roster;
  roster_.now_ = base::Clock::now();
  roster_.environment_.plugins.follow(roster_.chain_);
}

Roster::Turn::~Turn() {
  if (roster_.turns_ == 1) {
    roster_.write_all();
    current = nullptr;
    for (auto* other : roster_.to_wake_) other->wake();
    roster_.to_wake_.clear();
  }
  --roster_.turns_;
}

Roster* Roster::in_turn() noexcept { return current; }

void Roster::write_later(Connection& connection) { to_write_.emplace_back(&connection); }

/// Writing may make room, and room may bring more to write.
void Roster::write_all() {
  std::vector<base::Ptr<Connection>> batch;
  while (!to_write_.empty()) {
    batch.swap(to_write_);
    for (const auto& connection : batch) connection->write();
    batch.clear();
    if (to_write_.empty()) to_write_.swap(batch);
  }
}

void Roster::rest_before_reading(std::uint32_t& round) {
  const auto rest = pace_.before_reading(now_, counters_.frames_in.value(), round);
  if (rest == base::Duration::zero()) return;
  std::this_thread::sleep_for(rest);
  now_ = base::Clock::now();
}

// ---- mailbox ----------------------------------------------------------------------------------

void Roster::put_letter(Letter letter) {
  if (!mailbox_.put(std::move(letter))) return;
  if (current != nullptr) {
    current->to_wake_.push_back(this);
  } else {
    wake();
  }
}

void Roster::keep_for_letters(base::Ptr<ClientSubscription> subscription) {
  post([keep = std::move(subscription)] {});
}

void Roster::wake() {
  post([] {});
}

void Roster::open_letters() {
  mailbox_.take(letters_);
  std::size_t octets = 0;
  for (std::size_t i = 0; i < letters_.size(); ++i) {
    if (i + letters_ahead < letters_.size()) letters_[i + letters_ahead].message->prefetch();
    const auto& [to, message, attempts] = letters_[i];
    to->open(message, attempts);
    octets += message->footprint();
    const bool last = i + 1 == letters_.size() || letters_[i + 1].to != to;
    if (last) to->connection().letters_opened(std::exchange(octets, 0));
  }
  letters_.clear();
}

// ---- groups -----------------------------------------------------------------------------------

base::Ptr<Group> Roster::group_of(const ClientSubscription& subscription) {
  std::string key = subscription.wish().destination + '\n' + subscription.opening();
  auto& group = groups_[key];
  if (!group) group = new Group(std::move(key));
  group->join();
  return group;
}

void Roster::leave(Group& group) {
  if (group.leave()) groups_.erase(group.key());
}

// ---- the end ----------------------------------------------------------------------------------

void Roster::finish_all() {
  finishes_ = true;
  const auto all = connections_;
  for (const auto& [id, connection] : all) connection->finish();
}

void Roster::close_all() {
  const auto all = connections_;
  for (const auto& [id, connection] : all) connection->close();
  to_write_.clear();
  letters_.clear();
  mailbox_.take(letters_);
  letters_.clear();
}

}  // namespace romp::session
