// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <romp/fake_host.hpp>

namespace {

using testing::Contains;
using testing::Not;

constexpr std::int64_t ms = 1000000;

class Layer : public testing::Test {
 protected:
  void load() { ASSERT_EQ(host.load(), ROMP_OK) << host.why; }
  romp::fake_host host{romp_plugin_entry(ROMP_ABI_MAJOR)};
};

TEST_F(Layer, DescribesItself) {
  const romp_plugin* d = romp_plugin_entry(ROMP_ABI_MAJOR);
  EXPECT_EQ(d->size, sizeof *d);
  EXPECT_STREQ(d->id, "layer");
  EXPECT_STREQ(d->title, "Test");
  EXPECT_EQ(d->config_key_count, 7U);
  EXPECT_EQ(romp_plugin_entry(2), nullptr);
}

TEST_F(Layer, ReadsTypedSettings) {
  load();
  EXPECT_THAT(host.log, Contains("10 x 1 -3 0.25 16777216"));
}

TEST_F(Layer, SaysWhichSettingIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"unknown key", "key 'no such key': ROMP_E_NOTFOUND"},
      {"wrong type", "key 'name': ROMP_E_INVAL"},
      {"range", "key 'count': out of range: -3"},
      {"create", "thrown in create"},
      {"int", "unknown exception"},
      {"interface", "this host has no romp.destinations/1"},
      {"start", "no start"}};
  for (const auto& [where, why] : cases) {
    romp::fake_host other(romp_plugin_entry(ROMP_ABI_MAJOR));
    other.set("throw", where);
    other.absent.insert(ROMP_DESTINATIONS_ID);
    EXPECT_LT(other.load(), 0) << where;
    EXPECT_EQ(other.why, why);
  }
}

TEST_F(Layer, TurnsWhatIsThrownIntoVerdicts) {
  load();
  EXPECT_EQ(host.send("/v/nothing", "").verdict, ROMP_CONTINUE);
  for (const char* where : {"/v/reject", "/v/cheap"}) {
    const romp::fake_result r = host.send(where, "");
    EXPECT_EQ(r.verdict, ROMP_REJECT) << where;
    EXPECT_EQ(r.reply, "r");
    EXPECT_EQ(r.log, "l");
  }
  EXPECT_TRUE(host.send("/v/reject", "").fatal);
  EXPECT_EQ(host.send("/v/fault", "").verdict, ROMP_E_FAULT);
  EXPECT_EQ(host.send("/v/fault", "").log, "broken");
  EXPECT_EQ(host.send("/v/odd", "").verdict, ROMP_E_FAULT);
  EXPECT_EQ(host.send("/v/memory", "").verdict, ROMP_E_NOMEM);
  EXPECT_EQ(host.send("/v/undeclared", "").log, "set header: ROMP_E_DENIED");
}

TEST_F(Layer, RejectsADeferredFrameThatIsForgotten) {
  load();
  EXPECT_EQ(host.send("/v/forget", "").verdict, ROMP_DEFER);
  ASSERT_EQ(host.resumed.size(), 1U);
  EXPECT_EQ(host.resumed[0].verdict, ROMP_REJECT);
  EXPECT_EQ(host.resumed[0].log, "a deferred frame was forgotten");
}

TEST_F(Layer, KeepsASlotForEachSession) {
  load();
  host.send("/s/slot", "", {}, 1);
  host.send("/s/slot", "", {}, 1);
  host.send("/s/slot", "", {}, 2);
  EXPECT_EQ(host.send("/s/other", "", {}, 1).verdict, ROMP_E_INVAL);
  host.close(1);
  EXPECT_THAT(host.log, Contains("dropped 2"));
  EXPECT_THAT(host.log, Not(Contains("dropped 1")));
  host.unload();
  EXPECT_THAT(host.log, Contains("dropped 1"));
}

TEST_F(Layer, SendsToAndClosesSessions) {
  load();
  EXPECT_EQ(host.send("/s/close", "", {}, 4).verdict, ROMP_HANDLED);
  EXPECT_EQ(host.sent.at(0).body, "last words");
  EXPECT_EQ(host.closed, std::vector<romp_session_id>{4});
}

TEST_F(Layer, AuthenticatesWithoutSeeingThePasscode) {
  load();
  host.session(5).user = "";
  const romp::fake_frame connect(ROMP_CMD_CONNECT, {{"login", "anna"}, {"passcode", "x"}});
  EXPECT_EQ(host.run(connect, ROMP_STAGE_AUTH, 5).verdict, ROMP_HANDLED);
  EXPECT_EQ(host.session(5).user, "anna");
}

TEST_F(Layer, HearsTheEventsItAskedFor) {
  load();
  EXPECT_TRUE(host.tell(ROMP_EV_DEST_DROPPED, "/topic/a", 3));
  EXPECT_FALSE(host.tell(ROMP_EV_SESSION_OPENED));
  EXPECT_TRUE(host.tell(ROMP_EV_SERVER_READY));
  EXPECT_THAT(host.log, Contains("dropped 3 of /topic/a"));
  EXPECT_THAT(host.log, Contains("not ready"));
}

TEST_F(Layer, TakesAndSettlesMessages) {
  load();
  EXPECT_EQ(host.deliver("/queue/jobs", "good"), 1U);
  EXPECT_EQ(host.deliver("/queue/jobs", "bad"), 1U);
  EXPECT_EQ(host.deliver("/queue/other", "x"), 0U);
  EXPECT_THAT(host.log, Contains("job good1"));
  std::vector<bool> positive;
  for (const auto& [token, good] : host.settled) positive.push_back(good);
  EXPECT_EQ(positive, (std::vector<bool>{true, false}));
}

TEST_F(Layer, EndsASubscriptionFromWithin) {
  load();
  EXPECT_EQ(host.deliver("/topic/once", "1"), 1U);
  host.deliver("/queue/jobs", "last");
  EXPECT_EQ(host.deliver("/topic/once", "2"), 0U);
}

TEST_F(Layer, RunsTimersUntilTheyAreStopped) {
  load();
  host.advance(100 * ms);
  EXPECT_EQ(std::count(host.log.begin(), host.log.end(), "tick"), 2);
  EXPECT_EQ(std::count(host.log.begin(), host.log.end(), "enough"), 1);
}

TEST_F(Layer, RunsPostedTasksAndLogsWhatTheyThrow) {
  load();
  EXPECT_EQ(host.send("/p/post", "body").verdict, ROMP_HANDLED);
  host.run_tasks();
  EXPECT_EQ(host.published.at(0).destination, "/topic/posted");
  EXPECT_EQ(host.published.at(0).body, "body");
  EXPECT_THAT(host.log, Contains("thrown in a task"));
}

TEST_F(Layer, DropsPostedTasksAtTheEnd) {
  load();
  host.send("/p/post", "body");
  host.unload();
  EXPECT_TRUE(host.published.empty());
  EXPECT_THAT(host.log, Contains("stopping"));
}

}  // namespace
