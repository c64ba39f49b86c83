// SPDX-License-Identifier: Apache-2.0
#include "plugin/events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/text.hpp"
#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using testing::ElementsAre;

class EventsTest : public PluginTest {
 protected:
  EventsTest() {
    plugin.create = [this](const romp_config*) {
      return plugin.host->add_events(plugin.host, mask, note, this);
    };
  }

  static void note(void* user, const romp_event* event) {
    auto& self = *static_cast<EventsTest*>(user);
    self.marks.push_back(current.mark);
    self.seen.push_back(std::to_string(event->type) + " " + std::string(view(event->destination)) +
                        " " + std::to_string(event->value));
    if (self.throws) throw std::runtime_error("ouch");
  }

  std::uint64_t mask = ROMP_MASK(ROMP_EV_DEST_CREATED) | ROMP_MASK(ROMP_EV_DEST_DROPPED);
  bool throws = false;
  std::vector<std::string> seen;
  std::vector<Mark> marks;
  ScriptedPlugin plugin;
};

TEST_F(EventsTest, ComeInOrderOnTheStrandAndOnlyThoseAskedFor) {
  run(plugin);
  plugin.instance->tell({.type = ROMP_EV_DEST_CREATED, .destination = "/queue/a"});
  plugin.instance->tell({.type = ROMP_EV_SESSION_OPENED, .session = 7});
  plugin.instance->tell({.type = ROMP_EV_DEST_DROPPED, .destination = "/queue/a", .value = 3});
  EXPECT_TRUE(seen.empty());
  gateway.run_all();
  EXPECT_THAT(seen, ElementsAre("5 /queue/a 0", "8 /queue/a 3"));
  EXPECT_THAT(marks, ElementsAre(Mark::plugin, Mark::plugin));
}

TEST_F(EventsTest, ThatDoNotFitAreCountedAndToldAsOne) {
  run(plugin);
  const auto some = Events::most_waiting + 10;
  for (std::size_t i = 0; i < some; ++i) plugin.instance->tell({.type = ROMP_EV_DEST_CREATED});
  gateway.run_all();
  ASSERT_EQ(seen.size(), Events::most_waiting + 1);
  EXPECT_EQ(seen.back(), "12  10");
  EXPECT_EQ(plugin.instance->events()->lost(), 10U);
}

TEST_F(EventsTest, GoOnAfterOneThatMadeThePluginThrow) {
  throws = true;
  run(plugin);
  for (int i = 0; i < 3; ++i) plugin.instance->tell({.type = ROMP_EV_DEST_CREATED});
  gateway.run_all();
  EXPECT_EQ(seen.size(), 3U);
}

TEST_F(EventsTest, ThatWaitWhenTheInstanceStopsAreNotTold) {
  run(plugin);
  plugin.instance->tell({.type = ROMP_EV_DEST_CREATED});
  plugin.instance->stop();
  gateway.run_all();
  plugin.instance->tell({.type = ROMP_EV_DEST_CREATED});
  gateway.run_all();
  EXPECT_TRUE(seen.empty());
}

TEST_F(EventsTest, AreAskedForOnceAndByNamesThatExist) {
  plugin.create = [this](const romp_config*) {
    const auto* h = plugin.host;
    EXPECT_EQ(h->add_events(h, 0, note, this), ROMP_E_INVAL);
    EXPECT_EQ(h->add_events(h, ROMP_MASK(40), note, this), ROMP_E_INVAL);
    EXPECT_EQ(h->add_events(h, 1, nullptr, this), ROMP_E_INVAL);
    EXPECT_EQ(h->add_events(h, ROMP_MASK_ANY, note, this), ROMP_OK);
    EXPECT_EQ(h->add_events(h, 1, note, this), ROMP_E_EXISTS);
    return ROMP_OK;
  };
  run(plugin);
  plugin.instance->tell({.type = ROMP_EV_SERVER_READY});
  gateway.run_all();
  EXPECT_THAT(seen, ElementsAre("10  0"));
}

}  // namespace
}  // namespace romp::plugin::test
