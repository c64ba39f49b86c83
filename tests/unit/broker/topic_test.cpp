// SPDX-License-Identifier: Apache-2.0
#include "broker/topic.hpp"

#include <gmock/gmock.h>

#include "broker/refused.hpp"
#include "unit/broker/fakes.hpp"

namespace romp::broker {
namespace {

using config::SlowConsumer;
using testing::ElementsAre;
using testing::IsEmpty;

class TopicTest : public testing::Test {
 protected:
  void make(config::DestinationSettings settings) {
    topic = make_destination<Topic>(memory, std::move(settings));
  }
  FakePtr join(FakePtr subscription) {
    topic->subscribe(subscription);
    return subscription;
  }

  Memory memory{1 << 20};
  base::Ptr<Topic> topic = make_destination<Topic>(memory, {});
};

class TopicByUser : public TopicTest {
 protected:
  TopicByUser() {
    config::DestinationSettings settings;
    settings.sub_by_user = true;
    make(settings);
  }
};

TEST_F(TopicTest, GivesEveryMessageToEverySubscription) {
  const auto a = join(automatic());
  const auto b = join(client(1));
  publish(*topic, {"1", "2"});
  EXPECT_THAT(a->bodies(), ElementsAre("1", "2"));
  EXPECT_THAT(b->bodies(), ElementsAre("1", "2"));
  EXPECT_EQ(topic->counts().published, 2U);
  EXPECT_EQ(topic->counts().delivered, 4U);
}

TEST_F(TopicTest, KeepsNothingForThoseWhoComeLater) {
  publish(*topic, {"1"});
  const auto s = join(automatic());
  EXPECT_THAT(s->bodies(), IsEmpty());
  EXPECT_EQ(memory.used(), 0U);
}

TEST_F(TopicTest, GivesNothingToASubscriptionThatHasLeft) {
  const auto s = join(client());
  publish(*topic, {"1"});
  EXPECT_THAT(topic->unsubscribe(*s, s->take()), IsEmpty());
  publish(*topic, {"2"});
  EXPECT_THAT(s->bodies(), IsEmpty());
}

TEST_F(TopicTest, GivesASubscriptionOnlyWhatItSelects) {
  const auto red = join(automatic(selecting("color = 'red'")));
  publish(*topic, {"1"});
  topic->publish(message("2", {{"color", "red"}}), nullptr);
  EXPECT_THAT(red->bodies(), ElementsAre("2"));
}

TEST_F(TopicTest, GivesNothingBackToItsSenderWithNoLocalOrFilterSelf) {
  auto terms = of_session(5);
  terms.no_local = true;
  const auto no_local = join(automatic(terms));
  topic->publish(message_from(5, "1"), nullptr);
  EXPECT_THAT(no_local->bodies(), IsEmpty());

  config::DestinationSettings settings;
  settings.filter_self = true;
  make(settings);
  const auto own = join(automatic(of_session(5)));
  const auto other = join(automatic(of_session(6)));
  topic->publish(message_from(5, "2"), nullptr);
  EXPECT_THAT(own->bodies(), IsEmpty());
  EXPECT_THAT(other->bodies(), ElementsAre("2"));
}

TEST_F(TopicTest, EvictsASlowConsumer) {
  const auto slow = join(automatic());
  const auto fast = join(automatic());
  slow->most = 1;
  publish(*topic, {"1", "2"});
  EXPECT_NE(slow->evicted, "");
  EXPECT_EQ(fast->evicted, "");
  EXPECT_THAT(fast->bodies(), ElementsAre("1", "2"));
  EXPECT_EQ(topic->counts().dropped, 1U);
}

TEST_F(TopicTest, DropsForASlowConsumerWhereItIsToldTo) {
  config::DestinationSettings settings;
  settings.slow_consumer = SlowConsumer::drop;
  make(settings);
  const auto slow = join(automatic());
  slow->most = 1;
  publish(*topic, {"1", "2"});
  slow->most = 2;
  publish(*topic, {"3"});
  EXPECT_THAT(slow->bodies(), ElementsAre("1", "3"));
  EXPECT_EQ(slow->evicted, "");
  EXPECT_EQ(topic->counts().dropped, 1U);
}

TEST_F(TopicTest, TakesNoMoreSubscriptionsThanItsLimit) {
  config::DestinationSettings settings;
  settings.max_connections = 1;
  make(settings);
  const auto first = join(automatic());
  EXPECT_THROW(join(automatic()), Refused);
  (void)topic->unsubscribe(*first, {});
  EXPECT_TRUE(topic->subscribe(automatic()));
  EXPECT_EQ(topic->counts().subscriptions, 1U);
}

TEST_F(TopicTest, DeliversNothingThatHasExpired) {
  const auto s = join(automatic());
  topic->publish(message_until(1, "1"), nullptr);
  EXPECT_THAT(s->bodies(), IsEmpty());
  EXPECT_EQ(topic->counts().expired, 1U);
}

TEST_F(TopicTest, DeletedItIsGoneForAll) {
  const auto s = join(automatic());
  topic->close();
  EXPECT_EQ(s->evicted, "its destination was deleted");
  EXPECT_EQ(topic->publish(message("1"), nullptr), Published::gone);
  EXPECT_FALSE(topic->subscribe(s));
}

TEST_F(TopicByUser, SendsToTheUserThatToNames) {
  const auto ann = join(automatic(of_user("ann")));
  const auto bob = join(automatic(of_user("bob")));
  topic->publish(message("1", {{"to", "ann"}}), nullptr);
  topic->publish(message("2", {{"to", "carl"}}), nullptr);
  publish(*topic, {"3"});
  EXPECT_THAT(ann->bodies(), ElementsAre("1", "3"));
  EXPECT_THAT(bob->bodies(), ElementsAre("3"));
}

TEST_F(TopicByUser, SendsNothingToNobodyInParticular) {
  const auto nobody = join(automatic());
  topic->publish(message("1", {{"to", ""}}), nullptr);
  EXPECT_THAT(nobody->bodies(), IsEmpty());
}

TEST_F(TopicByUser, ReplacesTheOlderSubscriptionOfTheSameUser) {
  const auto older = join(automatic(of_user("ann")));
  const auto newer = join(automatic(of_user("ann")));
  publish(*topic, {"1"});
  EXPECT_NE(older->evicted, "");
  EXPECT_THAT(older->bodies(), IsEmpty());
  EXPECT_THAT(newer->bodies(), ElementsAre("1"));
}

TEST_F(TopicByUser, KeepsManySubscriptionsOfNobodyInParticular) {
  const auto a = join(automatic());
  const auto b = join(automatic());
  publish(*topic, {"1"});
  EXPECT_EQ(a->got.size() + b->got.size(), 2U);
}

TEST_F(TopicByUser, ReplacesThoughTheLimitOfSubscriptionsIsReached) {
  config::DestinationSettings settings;
  settings.sub_by_user = true;
  settings.max_connections = 1;
  make(settings);
  join(automatic(of_user("ann")));
  EXPECT_NO_THROW(join(automatic(of_user("ann"))));
}

TEST_F(TopicTest, KnowsTheWorkerOfAllItsSubscriptionsWhereItIsOne) {
  EXPECT_EQ(topic->worker_of_all(), std::nullopt);
  const auto a = join(automatic());
  EXPECT_EQ(topic->worker_of_all(), std::nullopt);
  a->on_worker = 1;
  const auto b = join(automatic());
  b->on_worker = 1;
  EXPECT_EQ(topic->worker_of_all(), 1U);
  b->on_worker = 2;
  EXPECT_EQ(topic->worker_of_all(), std::nullopt);
}

TEST_F(TopicTest, LooksAtNoToHeaderOtherwise) {
  const auto s = join(automatic(of_user("bob")));
  topic->publish(message("1", {{"to", "ann"}}), nullptr);
  EXPECT_THAT(s->bodies(), ElementsAre("1"));
}

}  // namespace
}  // namespace romp::broker
