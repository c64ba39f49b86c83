// SPDX-License-Identifier: Apache-2.0
// Many threads at one queue; meant for the thread sanitizer, and for the sums.

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "broker/queue.hpp"
#include "broker/shared_queue.hpp"
#include "unit/broker/fakes.hpp"

namespace romp::broker {
namespace {

constexpr std::size_t threads = 4;
constexpr std::size_t messages_a_thread = 2'000;

class LockedSubscription final : public Subscription {
 public:
  using Subscription::Subscription;

  bool deliver(const MessagePtr& message, std::uint32_t attempts) noexcept override {
    const std::lock_guard lock(mutex_);
    got_.push_back({message, attempts + 1});
    return true;
  }
  bool has_room() const noexcept override { return true; }
  void evict(const char*) noexcept override {}

  std::vector<Unsettled> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(got_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Unsettled> got_;
};

/// Counts what is settled by all.
template <class D>
class Crowd {
 public:
  explicit Crowd(std::uint32_t deliveries) {
    auto settings = queue_settings();
    settings.min_delivery = deliveries;
    settings.max_deliveries = 0;
    queue_ = make_destination<D>(memory_, settings);
  }

  std::size_t run() {
    {
      std::vector<std::jthread> crowd;
      for (std::size_t i = 0; i < threads; ++i) crowd.emplace_back([this] { work(); });
    }
    const auto a = join();
    const auto b = join();
    while (settle(*a) + settle(*b) != 0) {
    }
    EXPECT_EQ(queue_->counts().in_flight, 0U);
    EXPECT_EQ(queue_->counts().waiting, 0U);
    EXPECT_EQ(memory_.used(), 0U);
    return settled_;
  }

 private:
  using Ptr = base::Ptr<LockedSubscription>;

  Ptr join() {
    Terms terms;
    terms.ack = AckMode::client_individual;
    terms.prefetch = 20;
    Ptr s(new LockedSubscription(std::move(terms)));
    queue_->subscribe(s);
    return s;
  }

  void work() {
    auto s = join();
    for (std::size_t i = 1; i <= messages_a_thread; ++i) {
      queue_->publish(message("x"), nullptr);
      if (i % 5 == 0) settle(*s);
      if (i % 37 == 0) give_back(*s);
      if (i % 101 == 0) {
        leave(*s);
        s = join();
      }
      if (i % 50 == 0) queue_->sweep(0);
    }
    leave(*s);
  }

  std::size_t settle(LockedSubscription& s) {
    const auto done = s.take();
    queue_->settle(s, done);
    settled_ += done.size();
    return done.size();
  }

  void give_back(LockedSubscription& s) {
    EXPECT_TRUE(queue_->give_back(s, s.take(), true).empty());
  }

  /// What is given meanwhile comes back later.
  void leave(LockedSubscription& s) {
    EXPECT_TRUE(queue_->unsubscribe(s, s.take()).empty());
    give_back(s);
  }

  Memory memory_{1 << 30};
  base::Ptr<D> queue_;
  std::atomic<std::size_t> settled_{0};
};

TEST(QueueThreads, SettleEveryMessageOnce) {
  EXPECT_EQ(Crowd<Queue>(1).run(), threads * messages_a_thread);
}

TEST(SharedQueueThreads, SettleEveryMessageTwice) {
  EXPECT_EQ(Crowd<SharedQueue>(2).run(), 2 * threads * messages_a_thread);
}

}  // namespace
}  // namespace romp::broker
