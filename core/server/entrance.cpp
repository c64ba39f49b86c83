// SPDX-License-Identifier: Apache-2.0
#include "server/entrance.hpp"

#include <unistd.h>

#include <string>

#include "base/log.hpp"
#include "server/farewell.hpp"
#include "server/newcomer.hpp"

namespace romp::server {
namespace {

constexpr std::size_t most_refused = 256;

std::uint32_t flags_of(const config::ListenerSettings& listener) noexcept {
  return (listener.admin ? ROMP_SESSION_ADMIN : 0U) | (listener.web ? ROMP_SESSION_WEB : 0U);
}

}  // namespace

Entrance::Entrance(net::Worker& worker, session::Roster& roster, http::Desk& desk,
                   const config::Settings& settings)
    : worker_(worker), roster_(roster), desk_(desk), settings_(settings) {}

Entrance::~Entrance() = default;

std::size_t Entrance::load() const noexcept {
  return waiting_.load(std::memory_order_relaxed) + roster_.size() + desk_.size();
}

/// Few of those that may not come in are told why: a flood of them must not cost more than closing.
void Entrance::arrive(Arriving arriving) {
  const bool refused = arriving.refusal != nullptr;
  if (refused && (arriving.port.tls || refused_.load() >= most_refused)) {
    ::close(arriving.descriptor);
    return;
  }
  if (refused) ++refused_;
  waiting_.fetch_add(1, std::memory_order_relaxed);
  worker_.post([this, arriving = std::move(arriving)]() mutable {
    const base::Ptr<Newcomer> newcomer(new Newcomer(*this, std::move(arriving)));
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
  if (newcomer.refusal() != nullptr) {
    turn_away(newcomer, impression->protocol);
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
  const bool is_safe = newcomer.listener().tls.enabled;
  roster_.add(newcomer.take_transport(), {is_safe ? ROMP_TRANSPORT_TLS : ROMP_TRANSPORT_TCP,
                                          flags_of(newcomer.listener()), newcomer.since()});
}

/// Where STOMP is spoken, it says what was missing.
void Entrance::too_late(Newcomer& newcomer) {
  const base::Ptr<Newcomer> keep(&newcomer);
  if (newcomer.unsecured() != nullptr) {
    not_secured(newcomer, "it did not end in time");
    return;
  }
  const bool may_speak = newcomer.refusal() == nullptr && newcomer.listener().allows("stomp");
  if (may_speak) hand_to_stomp(newcomer);
  leave(newcomer);
}

void Entrance::turn_away(Newcomer& newcomer, net::Protocol protocol) {
  const base::Ptr<Newcomer> keep(&newcomer);
  hint(newcomer.remote() + " is turned away from listener " + newcomer.listener().name + ": " +
       newcomer.refusal());
  newcomer.say(farewell(protocol, "too many connections", newcomer.refusal(), 503));
  leave(newcomer);
}

void Entrance::show_the_door(Newcomer& newcomer, std::string_view what) {
  foreigners_.add();
  hint(newcomer.remote() + " speaks " + std::string(what) + ", listener " +
       newcomer.listener().name + " does not: closed");
}

void Entrance::not_secured(Newcomer& newcomer, std::string_view why) {
  ++newcomer.port().tls->failures;
  hint(newcomer.remote() + ": no TLS on listener " + newcomer.listener().name + ": " +
       std::string(why));
  leave(newcomer);
}

/// Says so in the words of who has come, in clear as they came.
void Entrance::not_encrypted(Newcomer& newcomer, std::string_view octets) {
  ++newcomer.port().tls->in_clear;
  const auto impression = net::judge_first_bytes(octets).value_or(net::FirstImpression{});
  hint(newcomer.remote() + " speaks no TLS, listener " + newcomer.listener().name +
       " does: closed");
  newcomer.unsecured()->answer_in_clear(
      farewell(impression.protocol, "TLS expected", "this port speaks TLS and nothing in clear"));
  leave(newcomer);
}

void Entrance::hint(const std::string& what) {
  std::uint64_t missed = 0;
  if (!hints_.pass(base::Clock::now(), missed)) return;
  base::log::warning(missed == 0 ? what
                                 : what + " (and " + std::to_string(missed) + " more since)");
}

void Entrance::upgraded(std::unique_ptr<net::Transport> socket,
                        const config::ListenerSettings& listener) {
  roster_.add(std::move(socket), {listener.tls.enabled ? ROMP_TRANSPORT_WSS : ROMP_TRANSPORT_WS,
                                  flags_of(listener) | ROMP_SESSION_WEB, base::Time::max()});
}

void Entrance::leave(Newcomer& newcomer) {
  const base::Ptr<Newcomer> keep(&newcomer);
  newcomer.close();
  if (newcomers_.erase(&newcomer) == 0) return;
  waiting_.fetch_sub(1, std::memory_order_relaxed);
  if (newcomer.refusal() != nullptr) --refused_;
}

void Entrance::close_all() {
  const auto all = newcomers_;
  for (const auto& [key, newcomer] : all) leave(*newcomer);
}

}  // namespace romp::server
