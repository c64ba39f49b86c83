// SPDX-License-Identifier: Apache-2.0
#include "session/inner_sessions.hpp"

#include <utility>
#include <vector>

#include "base/log.hpp"
#include "session/handshake.hpp"
#include "stomp/error.hpp"

namespace romp::session {
namespace {

constexpr base::Duration look_every = std::chrono::minutes(1);

}  // namespace

/// The other end of one session.
class InnerSessions::One final : public InnerTransport::End {
 public:
  One(InnerSessions& owner, std::string client)
      : owner_(owner), client_(std::move(client)), reader_(owner.roster_.environment().limits) {}

  void begin() {
    auto transport = std::make_unique<InnerTransport>(owner_.roster_.worker(),
                                                      owner_.user_ + "/" + client_, *this);
    transport_ = transport.get();
    id_ = owner_.roster_.add(std::move(transport),
                             {ROMP_TRANSPORT_INTERNAL, ROMP_SESSION_DOWNSTREAM});
    admit(*owner_.roster_.find(id_), owner_.user_);
  }
  void feed(std::string_view octets) {
    last_used_ = owner_.roster_.now();
    unread_ += octets.size();
    transport_->feed(octets);
  }
  void unblock() {
    if (transport_ != nullptr) transport_->unblock();
  }
  void close() {
    if (const auto connection = owner_.roster_.find(id_)) connection->close();
  }

  const std::string& client() const noexcept { return client_; }
  base::Time last_used() const noexcept { return last_used_; }
  std::uint64_t id() const noexcept { return id_; }

 private:
  void read(std::size_t octets) override {
    unread_ -= octets;
    owner_.has_read(octets);
  }
  bool has_room() const override { return !owner_.blocked_; }
  void written(std::string_view octets) override {
    try {
      if (auto frames = reader_.take(octets)) owner_.above_.answer(client_, std::move(frames));
    } catch (const stomp::ProtocolError& error) {
      base::log::error("a session wrote what is no frame: " + error.detail());
      reader_.clear();
    }
  }
  /// Ends this object.
  void ended() override {
    transport_ = nullptr;
    owner_.has_read(unread_);
    owner_.forget(client_);
  }

  InnerSessions& owner_;
  const std::string client_;
  stomp::BatchReader reader_;
  InnerTransport* transport_ = nullptr;  ///< the session's
  std::uint64_t id_ = 0;
  std::size_t unread_ = 0;
  base::Time last_used_{};
};

InnerSessions::InnerSessions(Roster& roster, std::string user, Above above)
    : roster_(roster), user_(std::move(user)), above_(std::move(above)) {}

InnerSessions::~InnerSessions() { end_all(); }

void InnerSessions::submit(const std::string& client, std::string_view octets) {
  if (ended_) return;
  if (!held_ && waiting() > mark) above_.hold(held_ = true);
  session_of(client).feed(octets);
}

InnerSessions::One& InnerSessions::session_of(const std::string& client) {
  const auto found = by_client_.find(client);
  if (found != by_client_.end()) {
    order_.splice(order_.end(), order_, found->second);
    return **found->second;
  }
  if (by_client_.size() >= most) make_room();
  order_.push_back(std::make_unique<One>(*this, client));
  by_client_[client] = std::prev(order_.end());
  size_.store(by_client_.size(), std::memory_order_relaxed);
  order_.back()->begin();
  if (!is_set()) roster_.worker().wheel().set(*this, base::Clock::now() + look_every);
  return *order_.back();
}

void InnerSessions::make_room() { order_.front()->close(); }

void InnerSessions::has_read(std::size_t octets) {
  const auto left = waiting_.fetch_sub(octets) - octets;
  if (held_ && left < mark / 2) above_.hold(held_ = false);
}

void InnerSessions::forget(const std::string& client) {
  const auto found = by_client_.find(client);
  const auto at = found->second;
  by_client_.erase(found);
  order_.erase(at);
  size_.store(by_client_.size(), std::memory_order_relaxed);
}

void InnerSessions::block(bool on) {
  blocked_ = on;
  if (on) return;
  std::vector<std::string> all;
  for (const auto& one : order_) all.push_back(one->client());
  for (const auto& client : all) {
    const auto found = by_client_.find(client);
    if (found != by_client_.end() && !blocked_) (*found->second)->unblock();
  }
}

void InnerSessions::end_all() {
  ended_ = true;
  while (!order_.empty()) order_.front()->close();
  cancel();
}

void InnerSessions::on_alarm() {
  const Roster::Turn turn(roster_);
  const auto limit = roster_.now() - idle_time;
  while (!order_.empty() && order_.front()->last_used() < limit) order_.front()->close();
  if (!order_.empty()) roster_.worker().wheel().set(*this, base::Clock::now() + look_every);
}

}  // namespace romp::session
