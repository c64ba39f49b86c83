// SPDX-License-Identifier: Apache-2.0
#include "broker/queue.hpp"

#include <gmock/gmock.h>

#include "unit/broker/fakes.hpp"

namespace romp::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class QueueTest : public testing::Test {
 protected:
  ~QueueTest() override { EXPECT_LE(memory.used(), memory.limit()); }

  void make(config::DestinationSettings settings) {
    queue = make_destination<Queue>(memory, std::move(settings));
  }
  FakePtr join(FakePtr subscription) {
    queue->subscribe(subscription);
    return subscription;
  }
  void leave(const FakePtr& s) { dead = queue->unsubscribe(*s, s->take()); }
  void ack(const FakePtr& s, std::size_t count = 1) { queue->settle(*s, s->take(count)); }
  void nack(const FakePtr& s, std::size_t count = 1, bool requeue = true) {
    dead = queue->give_back(*s, s->take(count), requeue);
  }
  void set_room(const FakePtr& s, bool room) {
    s->room = room;
    if (room) queue->resume(*s);
  }

  Memory memory{1 << 20};
  base::Ptr<Queue> queue = make_destination<Queue>(memory, queue_settings());
  std::vector<MessagePtr> dead;
};

using QueueSelector = QueueTest;

TEST_F(QueueTest, KeepsMessagesInOrderForTheSubscriptionThatComes) {
  publish(*queue, {"1", "2", "3"});
  const auto s = join(automatic());
  publish(*queue, {"4"});
  EXPECT_THAT(s->bodies(), ElementsAre("1", "2", "3", "4"));
}

TEST_F(QueueTest, NumbersItsMessagesRisingAndSaysItsPlace) {
  const auto s = join(automatic());
  publish(*queue, {"1", "2"});
  EXPECT_LT(s->got[0].message->sequence, s->got[1].message->sequence);
  EXPECT_EQ(s->got[0].message->place, 7U);
}

TEST_F(QueueTest, GivesEachMessageToOneSubscriptionInTurn) {
  const auto a = join(automatic());
  const auto b = join(automatic());
  const auto c = join(automatic());
  publish(*queue, {"1", "2", "3", "4"});
  EXPECT_THAT(a->bodies(), ElementsAre("1", "4"));
  EXPECT_THAT(b->bodies(), ElementsAre("2"));
  EXPECT_THAT(c->bodies(), ElementsAre("3"));
}

TEST_F(QueueTest, PassesOverWhoHasNoCredit) {
  const auto a = join(client(1));
  const auto b = join(client(3));
  publish(*queue, {"1", "2", "3", "4", "5"});
  EXPECT_THAT(a->bodies(), ElementsAre("1"));
  EXPECT_THAT(b->bodies(), ElementsAre("2", "3", "4"));
  ack(a);
  EXPECT_THAT(a->bodies(), ElementsAre("5"));
}

TEST_F(QueueTest, GivesNoMoreThanThePrefetchUntilSomethingIsSettled) {
  const auto s = join(client(2));
  publish(*queue, {"1", "2", "3", "4", "5"});
  EXPECT_THAT(s->bodies(), ElementsAre("1", "2"));
  ack(s, 2);
  EXPECT_THAT(s->bodies(), ElementsAre("3", "4"));
  EXPECT_EQ(queue->counts().in_flight, 2U);
  EXPECT_EQ(queue->counts().waiting, 1U);
}

TEST_F(QueueTest, GivesNothingToASessionWithoutRoomUntilItResumes) {
  const auto s = join(automatic());
  set_room(s, false);
  publish(*queue, {"1", "2"});
  EXPECT_THAT(s->bodies(), IsEmpty());
  set_room(s, true);
  EXPECT_THAT(s->bodies(), ElementsAre("1", "2"));
}

TEST_F(QueueTest, LetsNoMessageOvertakeWhenRoomComesBeforeResume) {
  const auto s = join(automatic());
  const auto other = join(automatic(selecting("a = 'b'")));
  s->room = false;
  publish(*queue, {"1"});
  s->room = true;
  publish(*queue, {"2"});
  EXPECT_THAT(s->bodies(), ElementsAre("1", "2"));
}

TEST_F(QueueTest, GivesAMessageToAnotherWhenItsTakerSaysNo) {
  const auto a = join(automatic());
  const auto b = join(automatic());
  a->most = 0;
  publish(*queue, {"1", "2"});
  EXPECT_THAT(b->bodies(), ElementsAre("1", "2"));
}

TEST_F(QueueTest, KeepsTheOrderWhenADeliveryIsNotTaken) {
  const auto s = join(automatic());
  s->most = 1;
  publish(*queue, {"1", "2", "3"});
  EXPECT_THAT(s->bodies(), ElementsAre("1"));
  s->most = 100;
  queue->resume(*s);
  publish(*queue, {"4"});
  EXPECT_THAT(s->bodies(), ElementsAre("1", "2", "3", "4"));
}

TEST_F(QueueTest, LetsNoMessageOvertakeOneThatWasNotTakenTwice) {
  const auto s = join(automatic());
  s->refusals = 1;
  publish(*queue, {"1"});
  s->refusals = 1;
  publish(*queue, {"2"});
  EXPECT_THAT(s->bodies(), IsEmpty());
  queue->resume(*s);
  EXPECT_THAT(s->bodies(), ElementsAre("1", "2"));
}

TEST_F(QueueTest, RedeliversWhatWasNotAcknowledgedWhenTheSessionEnds) {
  const auto a = join(client());
  publish(*queue, {"1", "2", "3"});
  ack(a);
  leave(a);
  const auto b = join(client());
  EXPECT_THAT(b->bodies(), ElementsAre("2+1", "3+1"));
  EXPECT_THAT(dead, IsEmpty());
}

TEST_F(QueueTest, RedeliversBeforeWhatWaited) {
  const auto a = join(client(2));
  publish(*queue, {"1", "2", "3"});
  leave(a);
  const auto b = join(client());
  EXPECT_THAT(b->bodies(), ElementsAre("1+1", "2+1", "3"));
}

TEST_F(QueueTest, RedeliversInOrderWhateverTheOrderOfTheirReturn) {
  const auto a = join(client());
  publish(*queue, {"1", "2", "3"});
  auto returned = a->take();
  std::swap(returned[0], returned[2]);
  EXPECT_THAT(queue->unsubscribe(*a, std::move(returned)), IsEmpty());
  const auto b = join(client());
  EXPECT_THAT(b->bodies(), ElementsAre("1+1", "2+1", "3+1"));
}

TEST_F(QueueTest, SharesWhatComesBackAmongTheOthersInTurn) {
  const auto a = join(client());
  publish(*queue, {"1", "2", "3", "4"});
  const auto b = join(client());
  const auto c = join(client());
  leave(a);
  EXPECT_EQ(b->got.size(), 2U);
  EXPECT_EQ(c->got.size(), 2U);
}

TEST_F(QueueTest, RedeliversANackedMessageBeforeTheNext) {
  const auto s = join(client(1));
  publish(*queue, {"1", "2"});
  nack(s);
  EXPECT_THAT(s->bodies(), ElementsAre("1+1"));
  nack(s);
  EXPECT_THAT(s->bodies(), ElementsAre("1+2"));
  ack(s);
  EXPECT_THAT(s->bodies(), ElementsAre("2"));
}

TEST_F(QueueTest, ReturnsANackedMessageAsDeadWhenItIsNotToBeRequeued) {
  const auto s = join(client());
  publish(*queue, {"1"});
  nack(s, 1, false);
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0]->body(), "1");
  EXPECT_EQ(queue->counts().dead_lettered, 1U);
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(QueueTest, ReturnsAMessageAsDeadAfterMaxDeliveries) {
  auto settings = queue_settings();
  settings.max_deliveries = 2;
  make(settings);
  const auto s = join(client());
  publish(*queue, {"1"});
  nack(s);
  EXPECT_THAT(dead, IsEmpty());
  EXPECT_THAT(s->bodies(), ElementsAre("1+1"));
  leave(s);
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(queue->counts().waiting, 0U);
}

TEST_F(QueueTest, NeverGivesUpWithoutALimitOfDeliveries) {
  auto settings = queue_settings();
  settings.max_deliveries = 0;
  make(settings);
  const auto s = join(client());
  publish(*queue, {"1"});
  for (int i = 0; i < 100; ++i) nack(s);
  EXPECT_THAT(s->bodies(), ElementsAre("1+100"));
}

TEST_F(QueueTest, TakesBackWhatWasUnderWayToASubscriptionThatHasLeft) {
  const auto a = join(automatic());
  publish(*queue, {"1", "2"});
  (void)queue->unsubscribe(*a, {});
  publish(*queue, {"3"});
  EXPECT_THAT(queue->give_back(*a, a->take_from_mailbox(), true), IsEmpty());
  const auto b = join(automatic());
  EXPECT_THAT(b->bodies(), ElementsAre("1", "2", "3"));
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(QueueTest, TakesBackWhatWasUnderWayInClientModeToo) {
  const auto a = join(client());
  publish(*queue, {"1"});
  (void)queue->unsubscribe(*a, {});
  EXPECT_EQ(queue->counts().in_flight, 1U);
  EXPECT_THAT(queue->give_back(*a, a->take_from_mailbox(), true), IsEmpty());
  EXPECT_EQ(queue->counts().in_flight, 0U);
  const auto b = join(client());
  EXPECT_THAT(b->bodies(), ElementsAre("1"));
}

TEST_F(QueueTest, GivesNothingToASubscriptionThatHasLeft) {
  const auto s = join(client(1));
  publish(*queue, {"1", "2"});
  const auto held = s->take();
  EXPECT_THAT(queue->unsubscribe(*s, {}), IsEmpty());
  queue->settle(*s, held);
  queue->resume(*s);
  EXPECT_THAT(s->bodies(), IsEmpty());
  EXPECT_EQ(queue->counts().waiting, 1U);
}

TEST_F(QueueTest, CountsWhatItDoes) {
  const auto s = join(client(2));
  publish(*queue, {"1", "2", "3"});
  ack(s);
  const auto counts = queue->counts();
  EXPECT_EQ(counts.published, 3U);
  EXPECT_EQ(counts.delivered, 3U);
  EXPECT_EQ(counts.in_flight, 2U);
  EXPECT_EQ(counts.waiting, 0U);
  EXPECT_EQ(counts.subscriptions, 1U);
}

TEST_F(QueueSelector, GivesASubscriptionOnlyWhatItSelects) {
  const auto red = join(automatic(selecting("color = 'red'")));
  const auto blue = join(automatic(selecting("color = 'blue'")));
  for (const auto* color : {"blue", "blue", "red", "blue"}) {
    queue->publish(message(color, {{"color", color}}), nullptr);
  }
  EXPECT_THAT(red->bodies(), ElementsAre("red"));
  EXPECT_THAT(blue->bodies(), ElementsAre("blue", "blue", "blue"));
}

TEST_F(QueueSelector, KeepsWhatNobodySelectsWithoutStoppingTheRest) {
  const auto red = join(automatic(selecting("color = 'red'")));
  publish(*queue, {"1"});
  queue->publish(message("2", {{"color", "red"}}), nullptr);
  EXPECT_THAT(red->bodies(), ElementsAre("2"));
  EXPECT_EQ(queue->counts().waiting, 1U);
  const auto s = join(automatic());
  EXPECT_THAT(s->bodies(), ElementsAre("1"));
}

TEST_F(QueueSelector, FindsWhatComesBackThoughItHadLookedFurther) {
  const auto holder = join(client());
  queue->publish(message("1", {{"color", "red"}}), nullptr);
  const auto red = join(automatic(selecting("color = 'red'")));
  holder->room = false;
  publish(*queue, {"2", "3"});
  leave(holder);
  EXPECT_THAT(red->bodies(), ElementsAre("1+1"));
}

TEST_F(QueueSelector, FindsWhatCameBackWhileItHadNoCredit) {
  const auto holder = join(client(1));
  queue->publish(message("1", {{"color", "red"}}), nullptr);
  const auto red = join(client(1, selecting("color = 'red'")));
  queue->publish(message("2", {{"color", "red"}}), nullptr);
  publish(*queue, {"3"});
  leave(holder);
  EXPECT_THAT(red->bodies(), ElementsAre("2"));
  ack(red);
  EXPECT_THAT(red->bodies(), ElementsAre("1+1"));
}

TEST_F(QueueSelector, PassesOverTheSubscriptionsOfTheSenderWithNoLocal) {
  auto terms = of_session(5);
  terms.no_local = true;
  const auto own = join(automatic(terms));
  queue->publish(message_from(5, "1"), nullptr);
  queue->publish(message_from(6, "2"), nullptr);
  EXPECT_THAT(own->bodies(), ElementsAre("2"));
  const auto other = join(automatic(of_session(6)));
  EXPECT_THAT(other->bodies(), ElementsAre("1"));
}

TEST_F(QueueSelector, PassesOverTheSubscriptionsOfTheSenderWithFilterSelf) {
  auto settings = queue_settings();
  settings.filter_self = true;
  make(settings);
  const auto own = join(automatic(of_session(5)));
  queue->publish(message_from(5, "1"), nullptr);
  EXPECT_THAT(own->bodies(), IsEmpty());
  const auto other = join(automatic(of_session(6)));
  EXPECT_THAT(other->bodies(), ElementsAre("1"));
}

TEST_F(QueueSelector, TakesNobodysMessagesForNobodysOwn) {
  auto settings = queue_settings();
  settings.filter_self = true;
  make(settings);
  const auto of_the_host = join(automatic(of_session(0)));
  queue->publish(message_from(0, "1"), nullptr);
  EXPECT_THAT(of_the_host->bodies(), ElementsAre("1"));
}

}  // namespace
}  // namespace romp::broker
