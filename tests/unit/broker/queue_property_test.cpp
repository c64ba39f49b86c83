// SPDX-License-Identifier: Apache-2.0
// Random work on a queue, watched by a model: nothing is lost, nothing comes twice that is not
// marked as redelivered, the order holds, and nothing waits that somebody could take.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "broker/queue.hpp"
#include "broker/shared_queue.hpp"
#include "unit/broker/fakes.hpp"

namespace romp::broker {
namespace {

/// What a queue has promised for one message.
struct Promise {
  MessagePtr message;
  std::size_t needed;                     ///< deliveries that have to be settled
  std::set<const Subscription*> has;      ///< in flight
  std::set<const Subscription*> had;      ///< settled
  std::multiset<std::uint32_t> returned;  ///< attempts of deliveries that came back
  bool came_back = false;

  bool is_open() const { return has.size() + had.size() < needed; }
  bool went_to(const Subscription* s) const { return has.contains(s) || had.contains(s); }
};

class Model {
 public:
  explicit Model(std::size_t deliveries) : deliveries_(deliveries) {}

  void published(const MessagePtr& message) {
    promises_[message.get()] = {message, deliveries_, {}, {}, {}, false};
  }

  void delivered(const Subscription* to, const Message* message, std::uint32_t attempts) {
    Promise& promise = promises_.at(message);
    ASSERT_TRUE(promise.is_open()) << "given once more than it should";
    ASSERT_FALSE(promise.went_to(to)) << "given twice to the same";
    if (promise.returned.empty()) {
      ASSERT_EQ(attempts, 0U) << "marked as redelivered, and was not";
    } else {
      const auto attempt = promise.returned.find(attempts);
      ASSERT_NE(attempt, promise.returned.end()) << "wrong count of attempts";
      promise.returned.erase(attempt);
    }
    check_order(to, promise);
    const bool settled = to->terms().ack == AckMode::automatic;
    (settled ? promise.had : promise.has).insert(to);
  }

  void settled(const Subscription* by, const Message* message) {
    Promise& promise = promises_.at(message);
    ASSERT_EQ(promise.has.erase(by), 1U);
    promise.had.insert(by);
  }

  void gave_back(const Subscription* from, const Unsettled& one) {
    Promise& promise = promises_.at(one.message.get());
    ASSERT_EQ(promise.has.erase(from), 1U);
    promise.returned.insert(one.attempts);
    promise.came_back = true;
  }

  void never_arrived(const Subscription* at, const Unsettled& one) {
    Promise& promise = promises_.at(one.message.get());
    ASSERT_EQ(promise.has.erase(at) + promise.had.erase(at), 1U);
    promise.returned.insert(one.attempts);
    promise.came_back = true;
  }

  std::size_t purged() {
    std::size_t gone = 0;
    for (auto& [key, promise] : promises_) {
      if (!promise.is_open()) continue;
      promise.needed = promise.has.size() + promise.had.size();
      promise.returned.clear();
      ++gone;
    }
    return gone;
  }

  /// Nothing waits that `s`, which has credit, wants.
  void check_nothing_waits_for(const Subscription* s) const {
    for (const auto& [key, promise] : promises_) {
      const bool could = promise.is_open() && !promise.went_to(s);
      ASSERT_FALSE(could && s->wants(*promise.message, false)) << "stuck";
    }
  }

  std::size_t open() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(promises_, [](const auto& p) { return p.second.is_open(); }));
  }
  std::size_t in_flight() const {
    std::size_t sum = 0;
    for (const auto& [key, promise] : promises_) sum += promise.has.size();
    return sum;
  }
  bool all_kept() const { return open() == 0 && in_flight() == 0; }

 private:
  /// What never came back reaches a subscription in the order of publishing.
  void check_order(const Subscription* to, const Promise& promise) {
    if (promise.came_back) return;
    auto& last = last_[to];
    ASSERT_LT(last, promise.message->sequence) << "out of order";
    last = promise.message->sequence;
  }

  std::size_t deliveries_;
  std::map<const Message*, Promise> promises_;
  std::map<const Subscription*, std::uint64_t> last_;
};

class WatchedSubscription final : public Subscription {
 public:
  WatchedSubscription(Terms terms, Model& model) : Subscription(std::move(terms)), model_(model) {}

  bool deliver(const MessagePtr& message, std::uint32_t attempts) noexcept override {
    model_.delivered(this, message.get(), attempts);
    got.push_back({message, attempts});
    return true;
  }
  bool has_room() const noexcept override { return room; }
  void evict(const char*) noexcept override {}

  bool is_automatic() const { return terms().ack == AckMode::automatic; }
  bool has_credit() const {
    if (!room) return false;
    return is_automatic() || terms().prefetch == 0 || got.size() < terms().prefetch;
  }

  std::vector<Unsettled> got;
  bool room = true;

 private:
  Model& model_;
};
using WatchedPtr = base::Ptr<WatchedSubscription>;

template <class D>
class RandomWork {
 public:
  RandomWork(std::uint32_t seed, std::uint32_t deliveries)
      : random_(seed), model_(deliveries), automatic_may_return_(deliveries == 1) {
    auto settings = queue_settings();
    settings.min_delivery = deliveries;
    settings.max_deliveries = 0;
    queue_ = make_destination<D>(memory_, settings);
  }

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFatalFailure(); ++i) {
      step();
      check();
    }
    finish();
  }

 private:
  void step() {
    switch (pick(16)) {
      case 0:
        return join();
      case 1:
        return leave();
      case 2:
        return toggle_room();
      case 3:
        return pick(10) == 0 ? purge() : nack();
      case 4:
        return nack();
      case 5:
      case 6:
      case 7:
      case 8:
        return settle();
      default:
        return publish();
    }
  }

  void publish() {
    if (model_.open() > 30) return settle();
    const auto made = message("", {{"color", pick(3) == 0 ? "red" : "blue"}});
    made->sender = 1 + pick(3);
    model_.published(made);
    ASSERT_EQ(queue_->publish(made, nullptr), Published::accepted);
  }

  void join() {
    if (subscriptions_.size() >= 5) return;
    Terms terms;
    terms.ack = pick(3) == 0 ? AckMode::automatic : AckMode::client_individual;
    terms.prefetch = static_cast<std::uint32_t>(pick(5));
    terms.session = 1 + pick(3);
    terms.no_local = pick(4) == 0;
    if (pick(3) == 0) terms.selector = Selector::parse("color = 'red'");
    all_.emplace_back(new WatchedSubscription(std::move(terms), model_));
    subscriptions_.push_back(all_.back());
    ASSERT_TRUE(queue_->subscribe(all_.back()));
  }

  /// With some of its deliveries settled by the client, and the last still in its mailbox.
  void leave() {
    if (subscriptions_.empty()) return;
    const WatchedPtr s = subscriptions_[pick(subscriptions_.size())];
    std::erase(subscriptions_, s);
    s->room = false;
    const bool returns = !s->is_automatic() || automatic_may_return_;
    auto in_mailbox = returns ? take_last(*s, pick(3)) : std::vector<Unsettled>();
    auto unsettled = s->is_automatic() ? std::vector<Unsettled>() : take_random(*s, s->got.size());
    for (const auto& one : unsettled) model_.gave_back(s.get(), one);
    ASSERT_TRUE(queue_->unsubscribe(*s, std::move(unsettled)).empty());
    for (const auto& one : in_mailbox) model_.never_arrived(s.get(), one);
    ASSERT_TRUE(queue_->give_back(*s, std::move(in_mailbox), true).empty());
  }

  void toggle_room() {
    if (subscriptions_.empty()) return;
    const auto& s = subscriptions_[pick(subscriptions_.size())];
    s->room = !s->room;
    if (s->room && pick(2) == 0) publish();
    if (s->room) queue_->resume(*s);
  }

  void settle() {
    const auto s = one_that_holds();
    if (!s) return;
    const auto done = take_random(*s, 1 + pick(3));
    for (const auto& one : done) model_.settled(s.get(), one.message.get());
    queue_->settle(*s, done);
  }

  void nack() {
    const auto s = one_that_holds();
    if (!s) return;
    auto refused = take_random(*s, 1 + pick(3));
    const bool requeue = pick(4) != 0;
    for (const auto& one : refused) {
      requeue ? model_.gave_back(s.get(), one) : model_.settled(s.get(), one.message.get());
    }
    const std::size_t count = refused.size();
    ASSERT_EQ(queue_->give_back(*s, std::move(refused), requeue).size(), requeue ? 0 : count);
  }

  void purge() {
    const std::size_t expected = model_.purged();
    ASSERT_EQ(queue_->purge(), expected);
  }

  void check() {
    for (const auto& s : subscriptions_) {
      if (s->has_credit()) model_.check_nothing_waits_for(s.get());
    }
    const auto counts = queue_->counts();
    ASSERT_EQ(counts.waiting, model_.open());
    ASSERT_EQ(counts.in_flight, model_.in_flight());
    ASSERT_EQ(counts.subscriptions, subscriptions_.size());
  }

  void finish() {
    while (!subscriptions_.empty()) leave();
    for (int i = 0; i < 2; ++i) {
      all_.emplace_back(new WatchedSubscription({}, model_));
      ASSERT_TRUE(queue_->subscribe(all_.back()));
    }
    EXPECT_TRUE(model_.all_kept());
    EXPECT_EQ(memory_.used(), 0U);
  }

  WatchedPtr one_that_holds() {
    std::vector<WatchedPtr> holding;
    for (const auto& s : subscriptions_) {
      if (!s->is_automatic() && !s->got.empty()) holding.push_back(s);
    }
    return holding.empty() ? nullptr : holding[pick(holding.size())];
  }

  std::vector<Unsettled> take_random(WatchedSubscription& s, std::size_t count) {
    std::vector<Unsettled> taken;
    while (taken.size() < count && !s.got.empty()) {
      const auto at = s.got.begin() + static_cast<std::ptrdiff_t>(pick(s.got.size()));
      taken.push_back({at->message, at->attempts + 1});
      s.got.erase(at);
    }
    return taken;
  }

  std::vector<Unsettled> take_last(WatchedSubscription& s, std::size_t count) {
    const auto begin = s.got.end() - static_cast<std::ptrdiff_t>(std::min(count, s.got.size()));
    std::vector<Unsettled> taken(begin, s.got.end());
    s.got.erase(begin, s.got.end());
    return taken;
  }

  std::size_t pick(std::size_t below) { return random_() % below; }

  std::mt19937 random_;
  Memory memory_{1 << 20};
  Model model_;
  bool automatic_may_return_;
  base::Ptr<D> queue_;
  std::vector<WatchedPtr> all_;  ///< kept, so that no two have the same address
  std::vector<WatchedPtr> subscriptions_;
};

TEST(QueueProperty, KeepsItsPromisesUnderRandomWork) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    RandomWork<Queue>(seed, 1).run(500);
    if (HasFailure()) return;
  }
}

TEST(SharedQueueProperty, KeepsItsPromisesUnderRandomWork) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    RandomWork<SharedQueue>(seed, 2).run(500);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace romp::broker
