// SPDX-License-Identifier: Apache-2.0
#include "plugin/subscriptions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

broker::MessagePtr message(std::string_view destination, std::string_view body) {
  const std::string head = "destination:" + std::string(destination) + "\n\n";
  auto made = broker::Message::make(head.size(), body.size());
  std::memcpy(made->mutable_head(), head.data(), head.size());
  std::memcpy(made->mutable_body(), body.data(), body.size());
  return made;
}

class SubscriptionsTest : public PluginTest {
 protected:
  SubscriptionsTest() { run(plugin); }

  static void on_message(void* user, romp_sub_id, const romp_frame* frame, std::uint64_t token) {
    auto& self = *static_cast<SubscriptionsTest*>(user);
    self.bodies.emplace_back(view(frame->body));
    self.tokens.push_back(token);
    EXPECT_EQ(current.mark, Mark::plugin);
    if (self.retains) self.retained = self.plugin.host->frame_retain(self.plugin.host, frame);
    if (self.throws) throw std::runtime_error("ouch");
  }
  static void on_closed(void* user, romp_sub_id, romp_status why) {
    static_cast<SubscriptionsTest*>(user)->closed.push_back(why);
  }

  romp_status subscribe(const char* destination, std::uint32_t ack = ROMP_ACK_AUTO,
                        std::uint32_t window = 0) {
    romp_subscription s{};
    s.size = sizeof s;
    s.ack = ack;
    s.window = window;
    s.destination = romp_str_z(destination);
    s.on_message = on_message;
    s.on_closed = on_closed;
    s.user = this;
    return plugin.host->subscribe(plugin.host, &s, &id);
  }
  void publish(std::string_view destination, std::string_view body) {
    gateway.broker.find(destination)->publish(message(destination, body), nullptr);
  }
  romp_status ack(std::uint64_t token, std::int32_t positive = 1) {
    return plugin.host->ack(plugin.host, id, token, positive);
  }
  broker::Counts counts(std::string_view destination) {
    return gateway.broker.find(destination)->counts();
  }

  bool throws = false;
  bool retains = false;
  const romp_frame* retained = nullptr;
  std::vector<std::string> bodies;
  std::vector<std::uint64_t> tokens;
  std::vector<romp_status> closed;
  romp_sub_id id = 0;
  ScriptedPlugin plugin{"s", ROMP_CAP_SUBSCRIBE};
};

TEST_F(SubscriptionsTest, MessagesComeInOrderOnTheStrand) {
  ASSERT_EQ(subscribe("/topic/a"), ROMP_OK);
  for (const auto* body : {"1", "2", "3"}) publish("/topic/a", body);
  EXPECT_THAT(bodies, IsEmpty());
  gateway.run_all();
  EXPECT_THAT(bodies, ElementsAre("1", "2", "3"));
  EXPECT_THAT(tokens, ElementsAre(0U, 0U, 0U));
}

TEST_F(SubscriptionsTest, WhatIsNotSettledHoldsTheWindow) {
  ASSERT_EQ(subscribe("/queue/a", ROMP_ACK_CLIENT_INDIVIDUAL, 2), ROMP_OK);
  for (const auto* body : {"1", "2", "3"}) publish("/queue/a", body);
  gateway.run_all();
  EXPECT_THAT(bodies, ElementsAre("1", "2"));
  EXPECT_EQ(ack(tokens.at(1)), ROMP_OK);
  EXPECT_EQ(ack(tokens.at(1)), ROMP_E_NOTFOUND);
  gateway.run_all();
  EXPECT_THAT(bodies, ElementsAre("1", "2", "3"));
  EXPECT_EQ(counts("/queue/a").in_flight, 2U);
}

TEST_F(SubscriptionsTest, AckOfOneSettlesAllBeforeItInModeClient) {
  ASSERT_EQ(subscribe("/queue/a", ROMP_ACK_CLIENT), ROMP_OK);
  for (const auto* body : {"1", "2", "3"}) publish("/queue/a", body);
  gateway.run_all();
  EXPECT_EQ(ack(tokens.at(1)), ROMP_OK);
  EXPECT_EQ(ack(tokens.at(0)), ROMP_E_NOTFOUND);
  EXPECT_EQ(counts("/queue/a").in_flight, 1U);
}

TEST_F(SubscriptionsTest, ManyMaySettleBeforeTheFirstIsSettled) {
  ASSERT_EQ(subscribe("/queue/a", ROMP_ACK_CLIENT_INDIVIDUAL, 10'000), ROMP_OK);
  for (int i = 0; i < 3000; ++i) publish("/queue/a", "x");
  gateway.run_all();
  ASSERT_EQ(tokens.size(), 3000U);
  for (std::size_t i = 1; i < tokens.size(); ++i) ASSERT_EQ(ack(tokens[i]), ROMP_OK) << i;
  EXPECT_EQ(counts("/queue/a").in_flight, 1U);
  EXPECT_EQ(ack(tokens[2500]), ROMP_E_NOTFOUND);
  EXPECT_EQ(ack(tokens[0]), ROMP_OK);
  EXPECT_EQ(counts("/queue/a").in_flight, 0U);
}

TEST_F(SubscriptionsTest, ANackSendsItBackAndItComesAgain) {
  ASSERT_EQ(subscribe("/queue/a", ROMP_ACK_CLIENT_INDIVIDUAL), ROMP_OK);
  publish("/queue/a", "1");
  gateway.run_all();
  EXPECT_EQ(ack(tokens.at(0), 0), ROMP_OK);
  gateway.run_all();
  EXPECT_THAT(bodies, ElementsAre("1", "1"));
}

TEST_F(SubscriptionsTest, WhatWasNotSettledGoesBackAtTheEnd) {
  ASSERT_EQ(subscribe("/queue/a", ROMP_ACK_CLIENT_INDIVIDUAL), ROMP_OK);
  publish("/queue/a", "1");
  gateway.run_all();
  publish("/queue/a", "2");
  EXPECT_EQ(plugin.host->unsubscribe(plugin.host, id), ROMP_OK);
  EXPECT_EQ(plugin.host->unsubscribe(plugin.host, id), ROMP_E_GONE);
  gateway.run_all();
  EXPECT_THAT(closed, ElementsAre(ROMP_OK));
  EXPECT_EQ(counts("/queue/a").waiting, 2U);
  EXPECT_EQ(ack(tokens.at(0)), ROMP_E_GONE);
}

TEST_F(SubscriptionsTest, EndWhenTheirDestinationIsDeleted) {
  ASSERT_EQ(subscribe("/queue/a"), ROMP_OK);
  gateway.broker.remove("/queue/a");
  gateway.run_all();
  EXPECT_THAT(closed, ElementsAre(ROMP_E_GONE));
}

TEST_F(SubscriptionsTest, EndOnceWhenTheInstanceStops) {
  ASSERT_EQ(subscribe("/queue/a"), ROMP_OK);
  publish("/queue/a", "1");
  plugin.instance->stop();
  EXPECT_THAT(closed, ElementsAre(ROMP_E_CANCELLED));
  EXPECT_EQ(counts("/queue/a").waiting, 1U);
  EXPECT_EQ(subscribe("/queue/a"), ROMP_E_CANCELLED);
  plugin.instance->destroy();
  gateway.run_all();
  EXPECT_EQ(closed.size(), 1U);
}

TEST_F(SubscriptionsTest, ATopicThatIsFasterThanThePluginOverflows) {
  auto slow = broker::DestinationPtr(gateway.broker.find("/topic/a"));
  ASSERT_EQ(subscribe("/topic/a"), ROMP_OK);
  for (std::size_t i = 0; i < Inbox::most_waiting + 5; ++i) publish("/topic/a", "x");
  EXPECT_GE(slow->counts().dropped, 5U);
  gateway.run_all();
  EXPECT_THAT(closed, ElementsAre(ROMP_E_AGAIN));
}

TEST_F(SubscriptionsTest, AQueueWaitsForThePlugin) {
  ASSERT_EQ(subscribe("/queue/a"), ROMP_OK);
  for (std::size_t i = 0; i < Inbox::mark + 500; ++i) publish("/queue/a", "x");
  EXPECT_EQ(counts("/queue/a").waiting, 500U);
  gateway.run_all();
  EXPECT_EQ(bodies.size(), Inbox::mark + 500);
}

TEST_F(SubscriptionsTest, MessagesBehindOneThatMadeThePluginThrowStillCome) {
  throws = true;
  ASSERT_EQ(subscribe("/topic/a"), ROMP_OK);
  for (const auto* body : {"1", "2"}) publish("/topic/a", body);
  gateway.run_all();
  EXPECT_THAT(bodies, ElementsAre("1", "2"));
}

TEST_F(SubscriptionsTest, AMessageCanBeRetained) {
  retains = true;
  ASSERT_EQ(subscribe("/topic/a"), ROMP_OK);
  publish("/topic/a", "keep me");
  gateway.run_all();
  ASSERT_NE(retained, nullptr);
  EXPECT_EQ(view(retained->body), "keep me");
  EXPECT_EQ(view(retained->destination), "/topic/a");
  plugin.host->frame_release(plugin.host, retained);
}

TEST_F(SubscriptionsTest, ThatMakeNoSenseAreRefused) {
  EXPECT_EQ(subscribe(""), ROMP_E_INVAL);
  EXPECT_EQ(subscribe("/nowhere/a"), ROMP_E_NOTFOUND);
  EXPECT_EQ(subscribe("/queue/a", 7), ROMP_E_INVAL);
  romp_subscription s{};
  s.size = sizeof s;
  s.destination = ROMP_STR("/queue/a");
  EXPECT_EQ(plugin.host->subscribe(plugin.host, &s, &id), ROMP_E_INVAL);
  ASSERT_EQ(subscribe("/queue/a"), ROMP_OK);
  EXPECT_EQ(ack(1), ROMP_E_STATE);
  ScriptedPlugin other("other");
  run(other, 1);
  EXPECT_EQ(other.host->unsubscribe(other.host, id), ROMP_E_DENIED);
}

}  // namespace
}  // namespace romp::plugin::test
