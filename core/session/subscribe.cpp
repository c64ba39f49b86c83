// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "broker/refused.hpp"
#include "session/access.hpp"
#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {
namespace {

using broker::AckMode;
using broker::Refused;
using stomp::Name;
using stomp::ProtocolError;
using stomp::Version;

constexpr std::uint32_t largest_prefetch = 100'000;

AckMode ack_mode_of(const stomp::Frame& frame) {
  const auto text = frame.find(Name::ack);
  if (text.data() == nullptr || text == "auto") return AckMode::automatic;
  if (text == "client") return AckMode::client;
  if (text == "client-individual") return AckMode::client_individual;
  throw ProtocolError("bad ack mode", "ack must be auto, client or client-individual, not \"" +
                                          std::string(text.substr(0, 64)) + "\"");
}

std::uint32_t prefetch_of(const stomp::Frame& frame, std::uint32_t fallback) {
  auto text = frame.find(Name::prefetch_count);
  if (text.empty()) text = frame.find("activemq.prefetchSize");
  if (text.empty()) return fallback;
  std::uint32_t count = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || stop != text.data() + text.size()) {
    throw ProtocolError("bad prefetch-count",
                        "not a number of messages: \"" + std::string(text.substr(0, 64)) + "\"");
  }
  return count == 0 ? largest_prefetch : std::min(count, largest_prefetch);
}

/// STOMP's `selector`, or romp's `filter` with its one condition.
base::Ptr<const broker::Selector> selector_of(const stomp::Frame& frame) {
  try {
    if (const auto text = frame.find(Name::selector); !text.empty()) {
      return broker::Selector::parse(text);
    }
    if (const auto text = frame.find("filter"); !text.empty()) {
      return broker::Selector::parse_romp_filter(text);
    }
  } catch (const broker::SelectorError& error) {
    throw ProtocolError("bad selector", error.what());
  }
  return nullptr;
}

}  // namespace

Session::Effect Session::on_subscribe(Step& step) {
  const stomp::Frame& frame = step.frame();
  const auto destination = frame.find(Name::destination);
  if (destination.empty()) {
    throw ProtocolError("destination missing", "SUBSCRIBE needs a destination");
  }
  const auto id = frame.find(Name::id);
  if (id.empty() && connection_.version() != Version::v1_0) {
    throw ProtocolError("id missing", "SUBSCRIBE needs an id since STOMP 1.1");
  }
  if (!id.empty() && find_id(id) != subscriptions_.end()) {
    throw ProtocolError("id in use",
                        "this session has a subscription with the id \"" + std::string(id) + "\"");
  }
  auto terms = terms_from(frame);
  if (!passes(step, ROMP_STAGE_PRE_ROUTE)) return Effect::none;
  try {
    subscribe(std::move(terms),
              Wish{std::string(id), std::string(frame.find(Name::destination)), 0});
  } catch (const Refused& refused) {
    if (refused.why() != Refused::Why::unknown) throw;
    return on_unhandled(step, refused.what(), refused.detail());
  }
  return Effect::done;
}

broker::Terms Session::terms_from(const stomp::Frame& frame) const {
  broker::Terms terms;
  terms.ack = ack_mode_of(frame);
  terms.selector = selector_of(frame);
  terms.session = connection_.id();
  terms.from_web = connection_.is_of_the_web();
  terms.user = connection_.peer().user;
  terms.no_local = frame.find("no-local") == "true" || frame.find("activemq.noLocal") == "true";
  if (terms.ack != AckMode::automatic) {
    terms.prefetch = prefetch_of(frame, environment().settings.prefetch);
  }
  return terms;
}

void Session::subscribe(broker::Terms terms, Wish wish) {
  const auto& settings = environment().settings;
  if (subscriptions_.size() >= settings.max_subs) {
    throw ProtocolError("too many subscriptions",
                        "a session may have " + std::to_string(settings.max_subs));
  }
  if (place_) place_->claim_subscriptions(subscriptions_.size() + 1);
  wish.slot = ++last_slot_;
  const std::string name = wish.destination;
  require_read(name);
  if (broker::Pattern::is_pattern(name)) {
    terms.by_pattern = true;
    if (access_ && access_->rights) terms.audience = new PermittedTopics(access_->rights);
    subscribe_to_pattern(new ClientSubscription(std::move(terms), std::move(wish), connection_));
    return;
  }
  const auto destination =
      TemporaryQueues::is_temporary(name) ? make_temporary(name) : find_or_create(name);
  const auto& rules = destination->settings();
  if (destination->live().blocks_reader(terms.from_web)) {
    throw Refused(Refused::Why::not_allowed, "blocked", "clients cannot subscribe to " + name);
  }
  if (terms.selector && !rules.filter) {
    throw Refused(Refused::Why::not_allowed, "selector not allowed",
                  name + " has `filter = false`");
  }
  if (rules.auto_ack) {
    terms.ack = AckMode::automatic;
    terms.prefetch = 0;
  }
  subscribe_to(destination, new ClientSubscription(std::move(terms), std::move(wish), connection_));
}

void Session::subscribe_to(broker::DestinationPtr destination,
                           const base::Ptr<ClientSubscription>& subscription) {
  subscriptions_.push_back(subscription);
  try {
    subscription->set_destination(destination);
    while (!destination->subscribe(subscription)) {
      destination = find_or_create(destination->name());
      subscription->set_destination(destination);
    }
    tell(ROMP_EV_SUBSCRIBED, *subscription);
  } catch (const Refused&) {
    subscription->end();
    subscriptions_.pop_back();
    throw;
  }
}

void Session::subscribe_to_pattern(const base::Ptr<ClientSubscription>& subscription) {
  const std::string& text = subscription->wish().destination;
  if (text.starts_with("/queue/")) {
    throw ProtocolError("bad destination", "a pattern can name topics, not queues: " + text);
  }
  if (const auto why = broker::why_bad_name(text); !why.empty()) {
    throw ProtocolError("bad destination", "the pattern " + std::string(why));
  }
  try {
    const broker::Pattern pattern(text);
    subscription->set_destination(nullptr);
    subscriptions_.push_back(subscription);
    environment().broker.subscribe_pattern(pattern, subscription);
    tell(ROMP_EV_SUBSCRIBED, *subscription);
  } catch (const std::invalid_argument& error) {
    throw ProtocolError("bad destination", error.what());
  }
}

broker::DestinationPtr Session::make_temporary(std::string_view name) {
  auto& broker = environment().broker;
  const auto existing = broker.find_existing(name);
  if (existing && existing->owner() != connection_.id()) {
    throw Refused(Refused::Why::not_allowed, "not yours",
                  "a temporary queue belongs to the session that made it");
  }
  if (existing) return existing;
  if (!temporary_) temporary_ = std::make_unique<TemporaryQueues>();
  const std::string full = temporary_->broker_name(name);
  if (auto made_before = broker.find_existing(full)) return made_before;
  if (const auto why = broker::why_bad_name(full); !why.empty()) {
    throw Refused(Refused::Why::bad_name, "bad destination",
                  "a destination cannot have this name: it " + std::string(why));
  }
  if (temporary_->all().size() >= environment().settings.max_subs) {
    throw Refused(Refused::Why::limit, "too many temporary queues",
                  "a session may have as many as subscriptions");
  }
  auto queue = broker.make_temporary(full, connection_.id());
  temporary_->note(full);
  return queue;
}

Session::Effect Session::on_unsubscribe(Step& step) {
  const stomp::Frame& frame = step.frame();
  const auto id = frame.find(Name::id);
  auto at = subscriptions_.end();
  if (!id.empty()) {
    at = find_id(id);
  } else if (connection_.version() == Version::v1_0) {
    const auto destination = frame.find(Name::destination);
    at = std::ranges::find_if(subscriptions_, [&](const auto& s) {
      return s->wish().id.empty() && s->wish().destination == destination;
    });
  } else {
    throw ProtocolError("id missing", "UNSUBSCRIBE needs an id since STOMP 1.1");
  }
  if (at == subscriptions_.end()) {
    throw ProtocolError("subscription unknown", "this session has no such subscription");
  }
  if (!passes(step, ROMP_STAGE_PRE_ROUTE)) return Effect::none;
  const base::Ptr<ClientSubscription> subscription = *at;
  subscriptions_.erase(at);
  if (place_) place_->claim_subscriptions(subscriptions_.size());
  end_subscription(subscription);
  return Effect::done;
}

}  // namespace romp::session
