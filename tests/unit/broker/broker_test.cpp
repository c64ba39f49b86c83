// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"

#include <gmock/gmock.h>

#include <optional>

#include "broker/queue.hpp"
#include "broker/refused.hpp"
#include "broker/shared_queue.hpp"
#include "broker/topic.hpp"
#include "unit/broker/fakes.hpp"

namespace romp::broker {
namespace {

using Why = Refused::Why;
using config::DestinationType;
using testing::ElementsAre;
using testing::IsEmpty;

template <class F>
std::optional<Why> refusal_of(F call) {
  try {
    call();
    return std::nullopt;
  } catch (const Refused& refused) {
    return refused.why();
  }
}

template <class D>
bool is_a(const DestinationPtr& destination) {
  return dynamic_cast<const D*>(destination.get()) != nullptr;
}

config::DestinationSettings declared(std::string name, DestinationType type) {
  config::DestinationSettings settings;
  settings.name = std::move(name);
  settings.type = type;
  return settings;
}

class BrokerTest : public testing::Test {
 protected:
  /// Made when first asked for, so that a test can change the settings before.
  Broker& broker() {
    if (!broker_) broker_.emplace(settings);
    return *broker_;
  }
  /// Two of them: the first only sees that something was published since.
  void sweep_when_all_is_idle() {
    broker().sweep();
    const auto now = base::Clock::now();
    while (base::Clock::now() < now + 2 * settings.auto_delete) {
    }
    broker().sweep();
  }

  config::Settings settings;
  std::optional<Broker> broker_;
};

TEST_F(BrokerTest, MakesQueuesAndTopicsOnDemandByTheirNames) {
  EXPECT_TRUE(is_a<Queue>(broker().find("/queue/a")));
  EXPECT_TRUE(is_a<Topic>(broker().find("/topic/a")));
  EXPECT_EQ(broker().find("/queue/a"), broker().find("/queue/a"));
  EXPECT_EQ(broker().all().size(), 2U);
}

TEST_F(BrokerTest, MakesNothingWhereItOnlyLooks) {
  EXPECT_EQ(broker().find_existing("/queue/a"), nullptr);
  const auto made = broker().find("/queue/a");
  EXPECT_EQ(broker().find_existing("/queue/a"), made);
}

TEST_F(BrokerTest, RefusesNamesItMayNotMake) {
  EXPECT_EQ(refusal_of([&] { broker().find("memtop"); }), Why::unknown);
  EXPECT_EQ(refusal_of([&] { broker().find("/temp-queue/x"); }), Why::unknown);
  EXPECT_EQ(refusal_of([&] { broker().find("/topic/*"); }), Why::unknown);
  EXPECT_EQ(refusal_of([&] { broker().find(""); }), Why::bad_name);
  EXPECT_THAT(broker().all(), IsEmpty());
}

TEST_F(BrokerTest, HasTheDeclaredDestinationsFromTheStart) {
  settings.destinations = {declared("memtop", DestinationType::topic),
                           declared("jobs", DestinationType::queue),
                           declared("/queue/orders/*", DestinationType::queue)};
  EXPECT_TRUE(is_a<Topic>(broker().find_existing("memtop")));
  EXPECT_TRUE(is_a<Queue>(broker().find_existing("jobs")));
  EXPECT_EQ(broker().all().size(), 2U);
}

TEST_F(BrokerTest, TakesTheSettingsOfTheNameElseOfTheLongestPattern) {
  settings.destination_defaults.max_messages = 1;
  auto wide = declared("/queue/*", DestinationType::queue);
  wide.max_messages = 2;
  auto narrow = declared("/queue/orders/*", DestinationType::queue);
  narrow.max_messages = 3;
  auto exact = declared("/queue/orders/eu", DestinationType::queue);
  exact.max_messages = 4;
  settings.destinations = {narrow, wide, exact};
  EXPECT_EQ(broker().find("/topic/a")->settings().max_messages, 1U);
  EXPECT_EQ(broker().find("/queue/a")->settings().max_messages, 2U);
  EXPECT_EQ(broker().find("/queue/orders/us")->settings().max_messages, 3U);
  EXPECT_EQ(broker().find("/queue/orders/eu")->settings().max_messages, 4U);
}

TEST_F(BrokerTest, MakesASharedQueueFromTwoDeliveriesOn) {
  for (const std::uint32_t n : {0U, 1U, 2U}) {
    auto queue = declared("q" + std::to_string(n), DestinationType::queue);
    queue.min_delivery = n;
    settings.destinations.push_back(queue);
  }
  EXPECT_TRUE(is_a<Queue>(broker().find("q0")));
  EXPECT_TRUE(is_a<Queue>(broker().find("q1")));
  EXPECT_TRUE(is_a<SharedQueue>(broker().find("q2")));
}

TEST_F(BrokerTest, TakesTheServersMessageSizeWhereADestinationHasNone) {
  settings.max_message_size = 3;
  EXPECT_EQ(broker().find("/queue/a")->settings().max_message_size, 3U);
  EXPECT_EQ(refusal_of([&] { broker().find("/queue/a")->publish(message("1234"), nullptr); }),
            Why::too_large);
}

TEST_F(BrokerTest, MakesNoMoreThanMaxDestinations) {
  settings.max_destinations = 1;
  broker().find("/queue/a");
  EXPECT_EQ(refusal_of([&] { broker().find("/queue/b"); }), Why::limit);
  EXPECT_NE(broker().find("/queue/a"), nullptr);
}

TEST_F(BrokerTest, TellsDestinationsApartByNumber) {
  const auto a = message("");
  const auto b = message("");
  broker().find("/queue/a")->publish(a, nullptr);
  broker().find("/queue/b")->publish(b, nullptr);
  EXPECT_NE(a->place, b->place);
}

TEST_F(BrokerTest, NeverUsesAMessageIdTwice) {
  const auto first = message("");
  broker().find("/queue/a")->publish(first, nullptr);
  broker().remove("/queue/a");
  const auto second = message("");
  broker().find("/queue/a")->publish(second, nullptr);
  EXPECT_NE(std::pair(first->place, first->sequence), std::pair(second->place, second->sequence));
  EXPECT_THAT(broker().boot(), testing::MatchesRegex("[a-z0-9]+"));
}

TEST_F(BrokerTest, PublishesAtOnceOrNotAtAll) {
  settings.destination_defaults.max_messages = 1;
  EXPECT_TRUE(broker().publish_now("/queue/a", message("1")));
  EXPECT_FALSE(broker().publish_now("/queue/a", message("2")));
  EXPECT_FALSE(broker().publish_now("unknown", message("3")));
}

TEST_F(BrokerTest, CountsTheMemoryOfAllQueues) {
  broker().publish_now("/queue/a", message("1"));
  broker().publish_now("/queue/b", message("2"));
  EXPECT_EQ(broker().memory().used(), 2 * message("1")->footprint());
  broker().remove("/queue/a");
  broker().find("/queue/b")->purge();
  EXPECT_EQ(broker().memory().used(), 0U);
}

using TemporaryQueue = BrokerTest;

TEST_F(TemporaryQueue, IsMadeForItsOwnerAndFoundByAll) {
  const auto queue = broker().make_temporary("/temp-queue/x", 5);
  EXPECT_TRUE(queue->is_queue());
  EXPECT_EQ(queue->owner(), 5U);
  EXPECT_EQ(broker().find("/temp-queue/x"), queue);
  EXPECT_EQ(broker().make_temporary("/temp-queue/x", 5), queue);
}

TEST_F(TemporaryQueue, BelongsToOneSession) {
  broker().make_temporary("/temp-queue/x", 5);
  EXPECT_EQ(refusal_of([&] { broker().make_temporary("/temp-queue/x", 6); }), Why::not_allowed);
}

TEST_F(TemporaryQueue, IsGoneWhenItsOwnerRemovesIt) {
  const auto queue = broker().make_temporary("/temp-queue/x", 5);
  broker().remove("/temp-queue/x");
  broker().remove("/temp-queue/x");
  EXPECT_EQ(queue->publish(message("1"), nullptr), Published::gone);
  EXPECT_EQ(refusal_of([&] { broker().find("/temp-queue/x"); }), Why::unknown);
}

class AutoDelete : public BrokerTest {
 protected:
  AutoDelete() { settings.auto_delete = std::chrono::milliseconds(1); }
};

TEST_F(AutoDelete, EndsWhatIsEmptyAndIdle) {
  const auto queue = broker().find("/queue/a");
  broker().find("/topic/a");
  sweep_when_all_is_idle();
  EXPECT_THAT(broker().all(), IsEmpty());
  EXPECT_EQ(queue->publish(message("1"), nullptr), Published::gone);
  EXPECT_FALSE(queue->subscribe(automatic()));
  EXPECT_TRUE(broker().publish_now("/queue/a", message("1")));
}

TEST_F(AutoDelete, SparesWhatIsDeclaredOrTemporary) {
  settings.destinations = {declared("jobs", DestinationType::queue)};
  broker().make_temporary("/temp-queue/x", 5);
  sweep_when_all_is_idle();
  EXPECT_EQ(broker().all().size(), 2U);
}

TEST_F(AutoDelete, SparesWhatHoldsMessagesOrHasSubscriptions) {
  broker().publish_now("/queue/full", message("1"));
  broker().find("/topic/heard")->subscribe(automatic());
  sweep_when_all_is_idle();
  EXPECT_EQ(broker().all().size(), 2U);
}

TEST_F(AutoDelete, SparesWhatHasADeliveryInFlight) {
  const auto queue = broker().find("/queue/a");
  const auto s = client();
  queue->subscribe(s);
  queue->publish(message("1"), nullptr);
  const auto held = s->take();
  (void)queue->unsubscribe(*s, {});
  sweep_when_all_is_idle();
  EXPECT_NE(broker().find_existing("/queue/a"), nullptr);
  queue->settle(*s, held);
  sweep_when_all_is_idle();
  EXPECT_EQ(broker().find_existing("/queue/a"), nullptr);
}

TEST_F(AutoDelete, SparesWhatWasPublishedToSinceTheLastSweep) {
  settings.auto_delete = std::chrono::hours(1);
  const auto topic = broker().find("/topic/a");
  const auto long_after = base::Clock::now() + std::chrono::hours(2);
  topic->publish(message("1"), nullptr);
  EXPECT_FALSE(topic->close_if_idle(base::Clock::now() - std::chrono::hours(1)));
  EXPECT_TRUE(topic->close_if_idle(long_after));
}

TEST_F(AutoDelete, EndsNothingWhenItIsOff) {
  broker().find("/queue/a");
  settings.auto_delete = std::chrono::milliseconds(0);
  sweep_when_all_is_idle();
  EXPECT_EQ(broker().all().size(), 1U);
}

TEST_F(BrokerTest, DropsWhatHasExpiredAtASweep) {
  const auto expires = base::unix_ms() + 2;
  broker().publish_now("/queue/a", message_until(expires, "1"));
  while (base::unix_ms() <= expires) {
  }
  broker().sweep();
  EXPECT_EQ(broker().find("/queue/a")->counts().expired, 1U);
  EXPECT_EQ(broker().memory().used(), 0U);
}

class Patterns : public BrokerTest {
 protected:
  FakePtr join(const char* pattern) {
    auto s = automatic();
    broker().subscribe_pattern(Pattern(pattern), s);
    return s;
  }
};

TEST_F(Patterns, GetTheTopicsThatAreThereAndThoseToCome) {
  broker().find("/topic/now");
  const auto s = join("/topic/*");
  broker().publish_now("/topic/now", message("1"));
  broker().publish_now("/topic/later", message("2"));
  broker().publish_now("/topic/too/deep", message("3"));
  EXPECT_THAT(s->bodies(), ElementsAre("1", "2"));
}

TEST_F(Patterns, GetNoQueuesAndNothingThatMayNotBeRead) {
  settings.destinations = {declared("/topic/secret", DestinationType::topic)};
  settings.destinations[0].read_block = true;
  const auto s = join("/>");
  const auto t = join("/topic/*");
  broker().publish_now("/queue/a", message("1"));
  broker().publish_now("/topic/secret", message("2"));
  EXPECT_THAT(s->bodies(), IsEmpty());
  EXPECT_THAT(t->bodies(), IsEmpty());
}

TEST_F(Patterns, WithASelectorGetNoTopicThatAllowsNone) {
  settings.destinations = {declared("/topic/whole", DestinationType::topic)};
  settings.destinations[0].filter = false;
  const auto all = join("/topic/*");
  FakePtr some = automatic(selecting("size > 1"));
  broker().subscribe_pattern(Pattern("/topic/*"), some);
  broker().publish_now("/topic/whole", message("1", {{"size", "2"}}));
  broker().publish_now("/topic/other", message("2", {{"size", "2"}}));
  EXPECT_THAT(all->bodies(), ElementsAre("1", "2"));
  EXPECT_THAT(some->bodies(), ElementsAre("2"));
}

TEST_F(Patterns, EndWithTheirSubscription) {
  const auto s = join("/topic/*");
  broker().find("/topic/now");
  broker().unsubscribe_pattern(*s);
  broker().unsubscribe_pattern(*s);
  broker().publish_now("/topic/now", message("1"));
  broker().publish_now("/topic/later", message("2"));
  EXPECT_THAT(s->bodies(), IsEmpty());
}

TEST_F(Patterns, OutliveATopicThatIsDeleted) {
  const auto s = join("/topic/*");
  broker().find("/topic/a");
  broker().remove("/topic/a");
  EXPECT_EQ(s->evicted, "");
  broker().publish_now("/topic/a", message("1"));
  EXPECT_THAT(s->bodies(), ElementsAre("1"));
}

TEST_F(Patterns, AreRefusedWholeWhenATopicTakesNoMoreSubscriptions) {
  settings.destination_defaults.max_connections = 1;
  broker().find("/topic/a")->subscribe(automatic());
  broker().find("/topic/b");
  const auto s = automatic();
  EXPECT_EQ(refusal_of([&] { broker().subscribe_pattern(Pattern("/topic/*"), s); }), Why::limit);
  broker().publish_now("/topic/b", message("1"));
  broker().publish_now("/topic/c", message("2"));
  EXPECT_THAT(s->bodies(), IsEmpty());
}

TEST_F(Patterns, AreEvictedWhenANewTopicTakesNoMoreSubscriptions) {
  settings.destination_defaults.max_connections = 1;
  const auto a = join("/topic/*");
  const auto b = join("/topic/>");
  EXPECT_TRUE(broker().publish_now("/topic/a", message("1")));
  EXPECT_EQ(a->evicted, "");
  EXPECT_NE(b->evicted, "");
}

}  // namespace
}  // namespace romp::broker
