// SPDX-License-Identifier: Apache-2.0
#include "broker/shared_queue.hpp"

#include <gmock/gmock.h>

#include "broker/refused.hpp"
#include "unit/broker/fakes.hpp"

namespace romp::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SharedQueueTest : public testing::Test {
 protected:
  static config::DestinationSettings settings() {
    auto two = queue_settings();
    two.min_delivery = 2;
    return two;
  }
  FakePtr join(FakePtr subscription) {
    queue->subscribe(subscription);
    return subscription;
  }
  void leave(const FakePtr& s) { dead = queue->unsubscribe(*s, s->take()); }
  void ack(const FakePtr& s, std::size_t count = 1) { queue->settle(*s, s->take(count)); }
  void nack(const FakePtr& s, bool requeue = true) {
    dead = queue->give_back(*s, s->take(1), requeue);
  }

  Memory memory{1 << 20};
  base::Ptr<SharedQueue> queue = make_destination<SharedQueue>(memory, settings());
  std::vector<MessagePtr> dead;
};

TEST_F(SharedQueueTest, GivesEachMessageToTwoSubscriptionsInTurn) {
  const auto a = join(automatic());
  const auto b = join(automatic());
  const auto c = join(automatic());
  publish(*queue, {"1", "2", "3"});
  EXPECT_THAT(a->bodies(), ElementsAre("1", "2"));
  EXPECT_THAT(b->bodies(), ElementsAre("1", "3"));
  EXPECT_THAT(c->bodies(), ElementsAre("2", "3"));
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(SharedQueueTest, KeepsAMessageUntilASecondSubscriptionComes) {
  const auto a = join(automatic());
  publish(*queue, {"1", "2"});
  EXPECT_THAT(a->bodies(), ElementsAre("1", "2"));
  EXPECT_EQ(queue->counts().waiting, 2U);
  const auto b = join(automatic());
  EXPECT_THAT(b->bodies(), ElementsAre("1", "2"));
  const auto c = join(automatic());
  EXPECT_THAT(c->bodies(), IsEmpty());
  EXPECT_EQ(queue->counts().waiting, 0U);
}

TEST_F(SharedQueueTest, KeepsAMessageUntilBothHaveSettledIt) {
  const auto a = join(client());
  const auto b = join(client());
  publish(*queue, {"1"});
  ack(a);
  EXPECT_NE(memory.used(), 0U);
  ack(b);
  EXPECT_EQ(memory.used(), 0U);
  EXPECT_EQ(queue->counts().in_flight, 0U);
}

TEST_F(SharedQueueTest, CountsASubscriptionThatHasLeftAfterSettling) {
  const auto a = join(client());
  publish(*queue, {"1"});
  ack(a);
  leave(a);
  const auto b = join(client());
  ack(b);
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(SharedQueueTest, GivesWhatOneRefusedToAnother) {
  const auto a = join(client());
  const auto b = join(client());
  publish(*queue, {"1"});
  const auto c = join(client());
  nack(a);
  EXPECT_THAT(a->bodies(), IsEmpty());
  EXPECT_THAT(b->bodies(), ElementsAre("1"));
  EXPECT_THAT(c->bodies(), ElementsAre("1+1"));
}

TEST_F(SharedQueueTest, GivesARefusedMessageToTheSameAgainWhenThereIsNoOther) {
  const auto a = join(client(1));
  const auto b = join(client());
  publish(*queue, {"1", "2"});
  nack(a);
  EXPECT_THAT(a->bodies(), ElementsAre("1+1"));
  EXPECT_THAT(b->bodies(), ElementsAre("1", "2"));
}

TEST_F(SharedQueueTest, GivesWhatOneLeftBehindToAnotherInOrder) {
  const auto a = join(client());
  const auto b = join(client());
  publish(*queue, {"1", "2"});
  leave(a);
  EXPECT_EQ(b->got.size(), 2U);
  publish(*queue, {"3"});
  const auto c = join(client());
  EXPECT_THAT(c->bodies(), ElementsAre("1+1", "2+1", "3"));
}

TEST_F(SharedQueueTest, GivesNoMoreThanThePrefetch) {
  const auto a = join(client(1));
  const auto b = join(client(2));
  publish(*queue, {"1", "2", "3"});
  EXPECT_THAT(a->bodies(), ElementsAre("1"));
  EXPECT_THAT(b->bodies(), ElementsAre("1", "2"));
  ack(a);
  EXPECT_THAT(a->bodies(), ElementsAre("2"));
  ack(b, 2);
  EXPECT_THAT(b->bodies(), ElementsAre("3"));
}

TEST_F(SharedQueueTest, GivesNothingToASessionWithoutRoomUntilItResumes) {
  const auto a = join(automatic());
  a->room = false;
  publish(*queue, {"1", "2"});
  a->room = true;
  publish(*queue, {"3"});
  EXPECT_THAT(a->bodies(), ElementsAre("1", "2", "3"));
  queue->resume(*a);
  EXPECT_EQ(a->got.size(), 3U);
}

TEST_F(SharedQueueTest, TriesAgainWhenADeliveryIsNotTaken) {
  const auto a = join(automatic());
  a->most = 1;
  publish(*queue, {"1", "2"});
  EXPECT_THAT(a->bodies(), ElementsAre("1"));
  a->most = 2;
  queue->resume(*a);
  EXPECT_THAT(a->bodies(), ElementsAre("1", "2"));
}

TEST_F(SharedQueueTest, KeepsWhatNobodySelectsWithoutStoppingTheRest) {
  const auto a = join(automatic(selecting("color = 'red'")));
  const auto b = join(automatic(selecting("color = 'red'")));
  publish(*queue, {"1"});
  queue->publish(message("2", {{"color", "red"}}), nullptr);
  EXPECT_THAT(a->bodies(), ElementsAre("2"));
  EXPECT_THAT(b->bodies(), ElementsAre("2"));
  EXPECT_EQ(queue->counts().waiting, 1U);
}

TEST_F(SharedQueueTest, StaysFairWhileAMessageNobodySelectsWaits) {
  const auto red = selecting("color = 'red'");
  const auto a = join(automatic(red));
  const auto b = join(automatic(red));
  const auto c = join(automatic(red));
  publish(*queue, {"nobody's"});
  for (const auto* body : {"1", "2", "3"}) {
    queue->publish(message(body, {{"color", "red"}}), nullptr);
  }
  EXPECT_EQ(a->got.size(), 2U);
  EXPECT_EQ(b->got.size(), 2U);
  EXPECT_EQ(c->got.size(), 2U);
}

TEST_F(SharedQueueTest, PassesOverTheSenderWithFilterSelf) {
  auto own_not = settings();
  own_not.filter_self = true;
  queue = make_destination<SharedQueue>(memory, own_not);
  const auto own = join(automatic(of_session(5)));
  const auto other = join(automatic(of_session(6)));
  queue->publish(message_from(5, "1"), nullptr);
  EXPECT_THAT(own->bodies(), IsEmpty());
  EXPECT_THAT(other->bodies(), ElementsAre("1"));
  EXPECT_EQ(queue->counts().waiting, 1U);
}

TEST_F(SharedQueueTest, SettlesADeliveryThatGoesToTheDeadLetterQueue) {
  const auto a = join(client());
  const auto b = join(client());
  publish(*queue, {"1"});
  nack(a, false);
  EXPECT_EQ(dead.size(), 1U);
  EXPECT_EQ(queue->counts().dead_lettered, 1U);
  EXPECT_EQ(queue->counts().waiting, 0U);
  ack(b);
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(SharedQueueTest, GivesADeliveryUpAfterMaxDeliveries) {
  auto once = settings();
  once.max_deliveries = 1;
  queue = make_destination<SharedQueue>(memory, once);
  const auto a = join(client());
  publish(*queue, {"1"});
  leave(a);
  ASSERT_EQ(dead.size(), 1U);
  const auto b = join(client());
  EXPECT_THAT(b->bodies(), ElementsAre("1"));
}

TEST_F(SharedQueueTest, TakesBackWhatWasUnderWayToASubscriptionThatHasLeft) {
  const auto a = join(automatic());
  publish(*queue, {"1"});
  (void)queue->unsubscribe(*a, {});
  EXPECT_THAT(queue->give_back(*a, a->take_from_mailbox(), true), IsEmpty());
  const auto b = join(automatic());
  const auto c = join(automatic());
  EXPECT_THAT(b->bodies(), ElementsAre("1"));
  EXPECT_THAT(c->bodies(), ElementsAre("1"));
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(SharedQueueTest, TakesBackBothDeliveriesThoughTheMessageHadLeft) {
  const auto a = join(automatic());
  const auto b = join(automatic());
  publish(*queue, {"1"});
  (void)queue->unsubscribe(*a, {});
  (void)queue->unsubscribe(*b, {});
  EXPECT_THAT(queue->give_back(*a, a->take_from_mailbox(), true), IsEmpty());
  EXPECT_THAT(queue->give_back(*b, b->take_from_mailbox(), true), IsEmpty());
  const auto c = join(automatic());
  const auto d = join(automatic());
  EXPECT_THAT(c->bodies(), ElementsAre("1+1"));
  EXPECT_THAT(d->bodies(), ElementsAre("1+1"));
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(SharedQueueTest, DropsTheOldestThatNobodyIsBusyWith) {
  auto small = settings();
  small.max_messages = 2;
  small.on_full = config::OnFull::drop_oldest;
  queue = make_destination<SharedQueue>(memory, small);
  const auto a = join(client(1));
  publish(*queue, {"1", "2", "3"});
  EXPECT_EQ(queue->counts().dropped, 1U);
  const auto b = join(automatic());
  EXPECT_THAT(b->bodies(), ElementsAre("1", "3"));
  EXPECT_THAT(a->bodies(), ElementsAre("1"));
}

TEST_F(SharedQueueTest, MakesTheSenderWaitUntilThereIsRoom) {
  auto small = settings();
  small.max_messages = 1;
  small.on_full = config::OnFull::block;
  queue = make_destination<SharedQueue>(memory, small);
  const FakeWaiterPtr waiter{new FakeWaiter};
  publish(*queue, {"1"});
  EXPECT_EQ(queue->publish(message("2"), waiter.get()), Published::waits);
  join(automatic());
  EXPECT_EQ(waiter->told, 0);
  join(automatic());
  EXPECT_EQ(waiter->told, 1);
}

TEST_F(SharedQueueTest, RefusesWhatIsTooMuchButTakesWhatWasPromised) {
  auto small = settings();
  small.max_messages = 1;
  small.on_full = config::OnFull::reject;
  queue = make_destination<SharedQueue>(memory, small);
  publish(*queue, {"1"});
  EXPECT_THROW(publish(*queue, {"2"}), Refused);
  EXPECT_EQ(queue->publish(message("3"), nullptr, Admission::always), Published::accepted);
}

TEST_F(SharedQueueTest, PurgedItGivesAMessageInFlightToNobodyElse) {
  const auto a = join(client(1));
  publish(*queue, {"1", "2"});
  EXPECT_EQ(queue->purge(), 2U);
  const auto b = join(client());
  EXPECT_THAT(b->bodies(), IsEmpty());
  ack(a);
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(SharedQueueTest, PurgedItStillRedeliversWhatWasInFlight) {
  const auto a = join(client());
  publish(*queue, {"1"});
  queue->purge();
  leave(a);
  const auto b = join(client());
  const auto c = join(client());
  EXPECT_THAT(b->bodies(), ElementsAre("1+1"));
  EXPECT_THAT(c->bodies(), IsEmpty());
}

TEST_F(SharedQueueTest, DropsWhatHasExpired) {
  const auto later = base::unix_ms() + 60'000;
  queue->publish(message_until(later, "1"), nullptr);
  const auto expiring = message_until(later + 2, "2");
  queue->publish(expiring, nullptr);
  EXPECT_EQ(queue->sweep(later), 1U);
  EXPECT_EQ(queue->sweep(later + 1), 0U);
  expiring->expires = 1;
  const auto a = join(automatic());
  EXPECT_THAT(a->bodies(), IsEmpty());
  EXPECT_EQ(queue->counts().expired, 2U);
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(SharedQueueTest, DeletedItDropsAllAndFreesTheMemory) {
  const auto a = join(client(1));
  publish(*queue, {"1", "2"});
  queue->close();
  EXPECT_NE(a->evicted, "");
  leave(a);
  EXPECT_EQ(memory.used(), 0U);
  EXPECT_EQ(queue->counts().in_flight, 0U);
}

}  // namespace
}  // namespace romp::broker
