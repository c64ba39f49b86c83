// SPDX-License-Identifier: Apache-2.0
#include "server/entrance.hpp"

#include <array>
#include <boost/asio/error.hpp>
#include <string>

#include "base/log.hpp"
#include "net/first_bytes.hpp"
#include "net/tcp.hpp"
#include "net/wheel.hpp"

namespace romp::server {
namespace {

namespace asio = boost::asio;

std::uint32_t flags_of(const config::ListenerSettings& listener) noexcept {
  return (listener.admin ? ROMP_SESSION_ADMIN : 0U) | (listener.web ? ROMP_SESSION_WEB : 0U);
}

}  // namespace

/// A client whose first octets have not come yet, or not enough of them.
class Entrance::Newcomer final : public net::TransportUser, private net::Alarm {
 public:
  Newcomer(Entrance& entrance, std::unique_ptr<net::Transport> transport,
           const config::ListenerSettings& listener)
      : entrance_(entrance), transport_(std::move(transport)), listener_(listener) {}

  void start() {
    entrance_.worker_.wheel().set(*this, base::Clock::now() + entrance_.settings_.connect_timeout);
    transport_->wait_readable(*this);
  }
  void close() noexcept {
    cancel();
    if (transport_) transport_->close();
  }

  const std::string& octets() const noexcept { return octets_; }
  const config::ListenerSettings& listener() const noexcept { return listener_; }
  std::string remote() const { return transport_->remote(); }
  base::Time since() const noexcept { return since_; }
  void wait() { transport_->wait_readable(*this); }
  /// With what was read put back.
  std::unique_ptr<net::Transport> take_transport() {
    transport_->put_back(std::move(octets_));
    return std::move(transport_);
  }

 private:
  void on_readable(net::error_code error) override {
    if (!transport_) return;
    std::array<char, net::enough_first_bytes> room;
    const iovec into{room.data(), room.size() - octets_.size()};
    std::size_t n = 0;
    if (!error) n = transport_->read_some({&into, 1}, error);
    octets_.append(room.data(), n);
    if (error == asio::error::would_block || error == asio::error::try_again) {
      wait();
    } else if (error) {
      entrance_.leave(*this);
    } else {
      entrance_.judge(*this);
    }
  }
  void on_writable(net::error_code) override {}
  void on_alarm() override { entrance_.too_late(*this); }

  Entrance& entrance_;
  std::unique_ptr<net::Transport> transport_;
  const config::ListenerSettings& listener_;
  base::Time since_ = base::Clock::now();
  std::string octets_;
};

Entrance::Entrance(net::Worker& worker, session::Roster& roster, http::Desk& desk,
                   const config::Settings& settings)
    : worker_(worker), roster_(roster), desk_(desk), settings_(settings) {}

Entrance::~Entrance() = default;

std::size_t Entrance::load() const noexcept {
  return waiting_.load(std::memory_order_relaxed) + roster_.size() + desk_.size();
}

void Entrance::arrive(int descriptor, bool is_v6, const config::ListenerSettings& listener) {
  waiting_.fetch_add(1, std::memory_order_relaxed);
  worker_.post([this, descriptor, is_v6, &listener] {
    const base::Ptr<Newcomer> newcomer(new Newcomer(
        *this, std::make_unique<net::Tcp>(worker_.context(), descriptor, is_v6), listener));
    newcomers_.emplace(newcomer.get(), newcomer);
    newcomer->start();
  });
}

void Entrance::judge(Newcomer& newcomer) {
  const auto impression = net::judge_first_bytes(newcomer.octets());
  if (!impression) {
    newcomer.wait();
    return;
  }
  const config::ListenerSettings& listener = newcomer.listener();
  const bool http = listener.allows("http") || listener.allows("websocket");
  const base::Ptr<Newcomer> keep(&newcomer);
  if (impression->protocol == net::Protocol::http && http) {
    const session::Roster::Turn turn(roster_);
    desk_.add(newcomer.take_transport(), listener);
  } else if (impression->protocol == net::Protocol::stomp && listener.allows("stomp")) {
    hand_to_stomp(newcomer);
  } else {
    show_the_door(newcomer,
                  impression->protocol == net::Protocol::stomp ? "STOMP" : impression->name);
  }
  leave(newcomer);
}

void Entrance::hand_to_stomp(Newcomer& newcomer) {
  const session::Roster::Turn turn(roster_);
  roster_.add(newcomer.take_transport(),
              {ROMP_TRANSPORT_TCP, flags_of(newcomer.listener()), newcomer.since()});
}

/// Where STOMP is spoken, it says what was missing.
void Entrance::too_late(Newcomer& newcomer) {
  const base::Ptr<Newcomer> keep(&newcomer);
  if (newcomer.listener().allows("stomp")) hand_to_stomp(newcomer);
  leave(newcomer);
}

void Entrance::show_the_door(Newcomer& newcomer, std::string_view what) {
  foreigners_.add();
  std::uint64_t missed = 0;
  if (!hints_.pass(base::Clock::now(), missed)) return;
  std::string line = newcomer.remote() + " speaks " + std::string(what) + ", listener " +
                     newcomer.listener().name + " does not: closed";
  if (missed != 0) line += " (and " + std::to_string(missed) + " more since)";
  base::log::warning(line);
}

void Entrance::upgraded(std::unique_ptr<net::Transport> socket,
                        const config::ListenerSettings& listener) {
  roster_.add(std::move(socket),
              {ROMP_TRANSPORT_WS, flags_of(listener) | ROMP_SESSION_WEB, base::Time::max()});
}

void Entrance::leave(Newcomer& newcomer) {
  const base::Ptr<Newcomer> keep(&newcomer);
  newcomer.close();
  if (newcomers_.erase(&newcomer) != 0) waiting_.fetch_sub(1, std::memory_order_relaxed);
}

void Entrance::close_all() {
  const auto all = newcomers_;
  for (const auto& [key, newcomer] : all) leave(*newcomer);
}

}  // namespace romp::server
