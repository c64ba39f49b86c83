// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "broker/queue.hpp"
#include "broker/refused.hpp"
#include "unit/broker/fakes.hpp"

namespace romp::broker {
namespace {

using config::OnFull;
using testing::ElementsAre;
using testing::IsEmpty;

class QueueLimits : public testing::Test {
 protected:
  base::Ptr<Queue> make(OnFull on_full, std::size_t max_messages = 2) {
    auto settings = queue_settings();
    settings.on_full = on_full;
    settings.max_messages = max_messages;
    return make_destination<Queue>(memory, settings);
  }

  static Refused::Why refusal_of(Destination& destination, const MessagePtr& message,
                                 Waiter* waiter = nullptr) {
    try {
      destination.publish(message, waiter);
    } catch (const Refused& refused) {
      return refused.why();
    }
    ADD_FAILURE() << "was not refused";
    return Refused::Why::unknown;
  }

  Memory memory{1 << 20};
  FakeWaiterPtr waiter{new FakeWaiter};
};

TEST_F(QueueLimits, RefusesWhatIsTooMuch) {
  const auto queue = make(OnFull::reject);
  publish(*queue, {"1", "2"});
  EXPECT_EQ(refusal_of(*queue, message("3"), waiter.get()), Refused::Why::full);
  EXPECT_EQ(queue->counts().refused, 1U);
  EXPECT_EQ(queue->counts().published, 2U);
  EXPECT_EQ(queue->counts().waiting, 2U);
}

TEST_F(QueueLimits, CountsWhatIsInFlight) {
  const auto queue = make(OnFull::reject);
  const auto s = client();
  queue->subscribe(s);
  publish(*queue, {"1", "2"});
  EXPECT_EQ(refusal_of(*queue, message("3")), Refused::Why::full);
  queue->settle(*s, s->take(1));
  EXPECT_EQ(queue->publish(message("3"), nullptr), Published::accepted);
}

TEST_F(QueueLimits, StillPassesOnWhatItNeedNotKeep) {
  const auto queue = make(OnFull::reject);
  publish(*queue, {"1", "2"});
  const auto s = automatic(selecting("color = 'red'"));
  queue->subscribe(s);
  queue->publish(message("3", {{"color", "red"}}), nullptr);
  EXPECT_THAT(s->bodies(), ElementsAre("3"));
}

TEST_F(QueueLimits, MakesTheSenderWaitUntilThereIsRoom) {
  const auto queue = make(OnFull::block);
  publish(*queue, {"1", "2"});
  const auto third = message("3");
  EXPECT_EQ(queue->publish(third, waiter.get()), Published::waits);
  EXPECT_EQ(waiter->told, 0);
  const auto s = client(1);
  queue->subscribe(s);
  EXPECT_EQ(waiter->told, 0);
  queue->settle(*s, s->take());
  EXPECT_EQ(waiter->told, 1);
  EXPECT_EQ(queue->publish(third, waiter.get()), Published::accepted);
}

TEST_F(QueueLimits, TellsTheWaitersOnceAQuarterIsFree) {
  const auto queue = make(OnFull::block, 8);
  publish(*queue, {"1", "2", "3", "4", "5", "6", "7", "8"});
  EXPECT_EQ(queue->publish(message("9"), waiter.get()), Published::waits);
  const auto s = client(1);
  queue->subscribe(s);
  queue->settle(*s, s->take());
  EXPECT_EQ(waiter->told, 0);
  queue->settle(*s, s->take());
  EXPECT_EQ(waiter->told, 1);
  queue->settle(*s, s->take());
  EXPECT_EQ(waiter->told, 1);
}

TEST_F(QueueLimits, TellsTheWaitersAtTheNextSweepWhenThereIsAnyRoom) {
  const auto queue = make(OnFull::block, 8);
  publish(*queue, {"1", "2", "3", "4", "5", "6", "7", "8"});
  EXPECT_EQ(queue->publish(message("9"), waiter.get()), Published::waits);
  const auto s = client(1);
  queue->subscribe(s);
  queue->sweep(0);
  EXPECT_EQ(waiter->told, 0);
  queue->settle(*s, s->take());
  queue->sweep(0);
  EXPECT_EQ(waiter->told, 1);
}

TEST_F(QueueLimits, TellsTheWaitersWhenASubscriptionEmptiesTheQueue) {
  const auto queue = make(OnFull::block);
  publish(*queue, {"1", "2"});
  EXPECT_EQ(queue->publish(message("3"), waiter.get()), Published::waits);
  queue->subscribe(automatic());
  EXPECT_EQ(waiter->told, 1);
}

TEST_F(QueueLimits, TellsTheWaitersWhenDeadLettersMakeRoom) {
  const auto queue = make(OnFull::block);
  const auto s = client();
  queue->subscribe(s);
  publish(*queue, {"1", "2"});
  EXPECT_EQ(queue->publish(message("3"), waiter.get()), Published::waits);
  EXPECT_EQ(queue->give_back(*s, s->take(), false).size(), 2U);
  EXPECT_EQ(waiter->told, 1);
}

TEST_F(QueueLimits, TellsTheWaitersWhenItIsPurged) {
  const auto queue = make(OnFull::block);
  publish(*queue, {"1", "2"});
  EXPECT_EQ(queue->publish(message("3"), waiter.get()), Published::waits);
  EXPECT_EQ(queue->purge(), 2U);
  EXPECT_EQ(waiter->told, 1);
}

TEST_F(QueueLimits, TellsTheWaitersWhenItIsDeleted) {
  const auto queue = make(OnFull::block);
  publish(*queue, {"1", "2"});
  EXPECT_EQ(queue->publish(message("3"), waiter.get()), Published::waits);
  queue->close();
  EXPECT_EQ(waiter->told, 1);
  EXPECT_EQ(queue->publish(message("3"), waiter.get()), Published::gone);
}

TEST_F(QueueLimits, ForgetsWhoGaveUpWaiting) {
  const auto queue = make(OnFull::block);
  publish(*queue, {"1", "2"});
  EXPECT_EQ(queue->publish(message("3"), waiter.get()), Published::waits);
  queue->stop_waiting(*waiter);
  queue->purge();
  EXPECT_EQ(waiter->told, 0);
}

TEST_F(QueueLimits, RefusesWhereItShouldBlockAndNobodyCanWait) {
  const auto queue = make(OnFull::block);
  publish(*queue, {"1", "2"});
  EXPECT_EQ(refusal_of(*queue, message("3")), Refused::Why::full);
}

TEST_F(QueueLimits, DropsTheOldest) {
  const auto queue = make(OnFull::drop_oldest);
  publish(*queue, {"1", "2", "3", "4"});
  EXPECT_EQ(queue->counts().dropped, 2U);
  const auto s = automatic();
  queue->subscribe(s);
  EXPECT_THAT(s->bodies(), ElementsAre("3", "4"));
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(QueueLimits, DropsNothingThatIsInFlight) {
  const auto queue = make(OnFull::drop_oldest);
  const auto s = client();
  queue->subscribe(s);
  publish(*queue, {"1", "2"});
  EXPECT_EQ(refusal_of(*queue, message("3")), Refused::Why::full);
}

TEST_F(QueueLimits, GivesTheNewMessageToWhoWantsItAfterDropping) {
  const auto queue = make(OnFull::drop_oldest);
  publish(*queue, {"1", "2"});
  const auto s = client(0, selecting("color = 'red'"));
  queue->subscribe(s);
  queue->publish(message("3", {{"color", "red"}}), nullptr);
  EXPECT_THAT(s->bodies(), ElementsAre("3"));
  EXPECT_EQ(queue->counts().waiting, 1U);
}

TEST_F(QueueLimits, TakesWhatWasPromisedThoughItIsFull) {
  const auto queue = make(OnFull::reject);
  publish(*queue, {"1", "2"});
  EXPECT_EQ(queue->publish(message("3"), nullptr, Admission::always), Published::accepted);
  EXPECT_EQ(queue->counts().waiting, 3U);
}

TEST_F(QueueLimits, RefusesATooLargeBodyInAnyCase) {
  auto settings = queue_settings();
  settings.max_message_size = 3;
  const auto queue = make_destination<Queue>(memory, settings);
  EXPECT_EQ(queue->publish(message("123"), nullptr), Published::accepted);
  EXPECT_EQ(refusal_of(*queue, message("1234")), Refused::Why::too_large);
  EXPECT_THROW(queue->publish(message("1234"), nullptr, Admission::always), Refused);
  EXPECT_EQ(queue->counts().refused, 2U);
}

TEST_F(QueueLimits, IsFullWhenAllMemoryIsUsed) {
  Memory little{message("1")->footprint()};
  auto settings = queue_settings();
  settings.on_full = OnFull::block;
  const auto queue = make_destination<Queue>(little, settings);
  const auto other = make_destination<Queue>(little, settings);
  publish(*other, {"1"});
  EXPECT_EQ(queue->publish(message("2"), waiter.get()), Published::waits);
  queue->sweep(0);
  EXPECT_EQ(waiter->told, 0);
  other->purge();
  queue->sweep(0);
  EXPECT_EQ(waiter->told, 1);
  EXPECT_EQ(queue->publish(message("2"), waiter.get()), Published::accepted);
}

TEST_F(QueueLimits, HoldsMemoryUntilAMessageIsSettled) {
  const auto queue = make(OnFull::reject, 10);
  const auto size = message("1")->footprint();
  publish(*queue, {"1", "2"});
  EXPECT_EQ(memory.used(), 2 * size);
  const auto s = client(1);
  queue->subscribe(s);
  EXPECT_EQ(memory.used(), 2 * size);
  queue->settle(*s, s->take());
  EXPECT_EQ(memory.used(), size);
  (void)queue->unsubscribe(*s, s->take());
  EXPECT_EQ(memory.used(), size);
  queue->purge();
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(QueueLimits, PurgesWhatWaitsAndLeavesWhatIsInFlight) {
  const auto queue = make(OnFull::reject, 10);
  const auto s = client(1);
  queue->subscribe(s);
  publish(*queue, {"1", "2", "3"});
  EXPECT_EQ(queue->purge(), 2U);
  EXPECT_EQ(queue->counts().in_flight, 1U);
  EXPECT_THAT(queue->give_back(*s, s->take(), true), IsEmpty());
  EXPECT_THAT(s->bodies(), ElementsAre("1+1"));
}

TEST_F(QueueLimits, DeletedItDropsAllAndFreesTheMemory) {
  const auto queue = make(OnFull::reject, 10);
  const auto s = client(1);
  queue->subscribe(s);
  publish(*queue, {"1", "2"});
  queue->close();
  EXPECT_EQ(s->evicted, "its destination was deleted");
  EXPECT_FALSE(queue->subscribe(automatic()));
  EXPECT_THAT(queue->unsubscribe(*s, s->take()), IsEmpty());
  EXPECT_EQ(memory.used(), 0U);
  EXPECT_EQ(queue->counts().waiting, 0U);
  EXPECT_EQ(queue->counts().in_flight, 0U);
}

class QueueExpiry : public QueueLimits {
 protected:
  const std::int64_t later = base::unix_ms() + 60'000;
  base::Ptr<Queue> queue = make(OnFull::reject, 10);
};

TEST_F(QueueExpiry, DropsWhatHasExpiredAtASweep) {
  queue->publish(message_until(later, "1"), nullptr);
  queue->publish(message_until(later + 1, "2"), nullptr);
  publish(*queue, {"3"});
  EXPECT_EQ(queue->sweep(later - 1), 0U);
  EXPECT_EQ(queue->sweep(later), 1U);
  EXPECT_EQ(queue->sweep(later + 1), 1U);
  EXPECT_EQ(queue->counts().expired, 2U);
  EXPECT_EQ(queue->counts().waiting, 1U);
}

TEST_F(QueueExpiry, TakesButDropsWhatHasExpiredOnItsWay) {
  const auto s = automatic();
  queue->subscribe(s);
  EXPECT_EQ(queue->publish(message_until(1, "1"), nullptr), Published::accepted);
  EXPECT_THAT(s->bodies(), IsEmpty());
  EXPECT_EQ(queue->counts().expired, 1U);
}

TEST_F(QueueExpiry, DeliversNothingThatExpiredWhileItWaited) {
  const auto soon = message_until(later, "1");
  queue->publish(soon, nullptr);
  publish(*queue, {"2"});
  soon->expires = 1;
  const auto s = automatic();
  queue->subscribe(s);
  EXPECT_THAT(s->bodies(), ElementsAre("2"));
  EXPECT_EQ(queue->counts().expired, 1U);
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(QueueExpiry, GivesMessagesWithoutALifeThatOfTheDestination) {
  auto settings = queue_settings();
  settings.expiry = std::chrono::milliseconds(5'000);
  const auto short_lived = make_destination<Queue>(memory, settings);
  const auto before = base::unix_ms();
  const auto mortal = message("1");
  short_lived->publish(mortal, nullptr);
  short_lived->publish(message_until(later, "2"), nullptr);
  EXPECT_GE(mortal->expires, before + 5'000);
  EXPECT_EQ(short_lived->sweep(mortal->expires), 1U);
  EXPECT_EQ(short_lived->counts().waiting, 1U);
}

}  // namespace
}  // namespace romp::broker
