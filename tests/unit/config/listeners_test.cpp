// SPDX-License-Identifier: Apache-2.0
#include "config/listeners.hpp"

#include <gmock/gmock.h>

#include "config/options.hpp"
#include "unit/config/config_files.hpp"

namespace romp::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Listeners, OfTheShortFormSpeakEverything) {
  const auto all = all_listeners(settings_of("[server]\nports = 61613, 7\n"));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "61613");
  EXPECT_EQ(all[0].port, 61613);
  EXPECT_TRUE(all[0].allows("stomp") && all[0].allows("http") && all[0].allows("websocket"));
  EXPECT_FALSE(all[0].web || all[0].admin);
  EXPECT_EQ(all[1].port, 7);
}

TEST(Listeners, OfTheShortFormKnowTheAdministratorAndTheWebByThePort) {
  const auto all = all_listeners(
      settings_of("[server]\nports = 61616, 8080\nbind_address = 0.0.0.0\nallow_anonymous = yes\n"
                  "admin_bind_address = ::1\n"));
  EXPECT_TRUE(all[0].admin);
  EXPECT_EQ(all[0].address, "::1");
  EXPECT_TRUE(all[1].web);
  EXPECT_EQ(all[1].address, "0.0.0.0");
  EXPECT_TRUE(is_web_port(80) && is_web_port(81) && is_web_port(8000) && is_web_port(8099));
  EXPECT_FALSE(is_web_port(8100) || is_web_port(61613) || is_web_port(7999));
}

TEST(Listeners, AreReadFromTheirSections) {
  const auto settings = settings_of(
      "[listener web]\nport = 8080\nweb = yes\nprotocols = http websocket\n"
      "[listener.admin]\nport = 0\naddress = ::1\nadmin = yes\n");
  const auto all = all_listeners(settings);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].name, "web");
  EXPECT_TRUE(all[1].web);
  EXPECT_FALSE(all[1].allows("stomp"));
  EXPECT_EQ(all[2].address, "::1");
  EXPECT_TRUE(all[2].admin);
}

TEST(Listeners, WantAPortAndKnownProtocols) {
  EXPECT_THAT(problems_of("[listener a]\nweb = yes\n"),
              ElementsAre("1: [listener a]: has no port"));
  EXPECT_THAT(
      problems_of("[listener a]\nport = 1\nprotocols = mqtt\n"),
      ElementsAre("3: [listener a] protocols = mqtt: expected one or more of stomp, http and "
                  "websocket"));
  EXPECT_THAT(
      problems_of("[listener]\nport = 1\n"),
      ElementsAre("1: [listener]: expected a name of letters, digits, '.', '_' and '-' behind "
                  "listener"));
  EXPECT_THAT(problems_of("[listener a]\nport = 1\nwebb = yes\n"),
              ElementsAre("3: [listener a] webb: unknown key; did you mean \"web\"?"));
}

TEST(Listeners, ShareNoPort) {
  EXPECT_THAT(problems_of("[server]\nports = 7\n[listener a]\nport = 7\n"),
              ElementsAre("4: [listener a] port = 7: [server] listens there already"));
  EXPECT_THAT(problems_of("[server]\nports = 7\n[listener a]\nport = 7\naddress = ::1\n"),
              IsEmpty());
  EXPECT_THAT(problems_of("[server]\nports = 0\n[listener a]\nport = 0\n"), IsEmpty());
}

TEST(Listeners, AreNamedAmongWhatNeedsARestart) {
  EXPECT_THAT(needs_restart(Settings{}, settings_of("[listener a]\nport = 7\n")),
              ElementsAre("[listener]"));
}

TEST(Web, TakesOriginsOnly) {
  EXPECT_THAT(settings_of("[web]\nwebsockets_origin = https://example.org http://localhost:3000\n")
                  .websockets_origin,
              ElementsAre("https://example.org", "http://localhost:3000"));
  EXPECT_THAT(problems_of("[web]\ncors_origins = example.org\n"),
              ElementsAre("2: [web] cors_origins = example.org: expected origins such as "
                          "https://example.org, or *"));
  EXPECT_THAT(problems_of("[web]\ncors_origins = https://example.org/page\n"), testing::SizeIs(1));
}

}  // namespace
}  // namespace romp::config
