// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <gmock/gmock.h>

#include "unit/config/config_files.hpp"

namespace romp::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Load, GivesTheDefaultsWhenNothingIsWritten) { EXPECT_EQ(settings_of(""), Settings{}); }

TEST(Load, ReadsEverySection) {
  const Settings settings = settings_of(R"(
[server]
ports = 61613, 61614
bind_address = ::
allow_anonymous = yes
log_level = debug
[stomp]
max_message_size = 1MiB
heart_beat_read = 30s
[destinations]
auto_create = /queue/* /topic/*
[plugins]
dir = /usr/lib/romp/plugins
on_error = skip
)");
  EXPECT_THAT(settings.ports, ElementsAre(61613, 61614));
  EXPECT_EQ(settings.bind_address, "::");
  EXPECT_EQ(settings.log_level, "debug");
  EXPECT_EQ(settings.max_message_size, 1048576U);
  EXPECT_EQ(settings.heart_beat_read, 30s);
  EXPECT_THAT(settings.auto_create, ElementsAre("/queue/*", "/topic/*"));
  EXPECT_EQ(settings.plugin_dir, "/usr/lib/romp/plugins");
  EXPECT_EQ(settings.on_plugin_error, OnPluginError::skip);
}

TEST(Load, NamesBothLinesOfADuplicateKey) {
  EXPECT_THAT(problems_of("[server]\nworkers = 1\n\nworkers = 2\n"),
              ElementsAre("4: [server] workers: written twice, first at romp.ini:2"));
}

TEST(Load, NamesBothLinesOfADuplicateSection) {
  EXPECT_THAT(problems_of("[server]\nworkers = 1\n[stomp]\n[server]\nname = x\n"),
              ElementsAre("4: [server]: written twice, first at romp.ini:1"));
}

TEST(Load, NamesBothLinesOfADuplicateDestination) {
  EXPECT_THAT(problems_of("[destination /queue/a]\n[destination:a]\nname = /queue/a\n"),
              ElementsAre("2: [destination /queue/a]: written twice, first at romp.ini:1"));
}

TEST(Load, NamesBothLinesOfADuplicatePlugin) {
  EXPECT_THAT(problems_of("[plugin ping]\n[plugin.ping]\n"),
              ElementsAre("2: [plugin ping]: written twice, first at romp.ini:1"));
}

TEST(Load, AsksWhetherAMisspeltKeyWasMeant) {
  EXPECT_THAT(problems_of("[server]\nprots = 1\n[stomp]\nmax_header = 9\nwhatever = 1\n"),
              ElementsAre("2: [server] prots: unknown key; did you mean \"ports\"?",
                          "4: [stomp] max_header: unknown key; did you mean \"max_headers\"?",
                          "5: [stomp] whatever: unknown key"));
  EXPECT_THAT(
      problems_of("[destination /queue/a]\nexpirey = 1\n"),
      ElementsAre("2: [destination /queue/a] expirey: unknown key; did you mean \"expiry\"?"));
  EXPECT_THAT(problems_of("[destinations]\nexpirey = 1\n"),
              ElementsAre("2: [destinations] expirey: unknown key; did you mean \"expiry\"?"));
}

TEST(Load, TellsWhereAKeyBelongs) {
  EXPECT_THAT(problems_of("[server]\nmax_headers = 9\nexpiry = 1\nenabled = yes\n"),
              ElementsAre("2: [server] max_headers: unknown key; it belongs in [stomp]",
                          "3: [server] expiry: unknown key; it belongs in [destination NAME]",
                          "4: [server] enabled: unknown key; it belongs in [plugin NAME]"));
  EXPECT_THAT(problems_of("[destinations]\ntype = queue\n"),
              ElementsAre("2: [destinations] type: unknown key; it belongs in [destination NAME]"));
}

TEST(Load, AsksWhetherAMisspeltSectionWasMeant) {
  EXPECT_THAT(problems_of("[sever]\n[stomp.x]\n[destnation /queue/a]\n[plugn]\n[elsewhere]\n[]\n"),
              ElementsAre("1: [sever]: unknown section; did you mean [server]?",
                          "2: [stomp.x]: unknown section; did you mean [stomp]?",
                          "3: [destnation /queue/a]: unknown section; did you mean [destination "
                          "/queue/a]?",
                          "4: [plugn]: unknown section; did you mean [plugin NAME]?",
                          "5: [elsewhere]: unknown section", "6: []: unknown section"));
}

TEST(Load, SaysWhatIsExpected) {
  EXPECT_THAT(
      problems_of("[server]\nworkers = many\nlog_level = loud\nbind_address = localhost\n"
                  "drain_timeout = soon\nmax_memory = 1GB\nname =\n"
                  "[destinations]\nfilter = maybe\n"),
      ElementsAre("2: [server] workers = many: expected a whole number from 0 to 256",
                  "3: [server] log_level = loud: expected one of trace debug info warning error",
                  "4: [server] bind_address = localhost: expected an IPv4 or IPv6 address such as "
                  "127.0.0.1, 0.0.0.0 or ::",
                  "5: [server] drain_timeout = soon: expected a duration such as 250ms, 30s or 5m, "
                  "from 0 to 1h",
                  "6: [server] max_memory = 1GB: expected octets such as 4096, 64k or 16MiB, from "
                  "64KiB to 1024GiB",
                  "7: [server] name = : expected text that is not empty",
                  "9: [destinations] filter = maybe: expected yes or no"));
}

TEST(Load, ReportsNumbersOutOfRange) {
  EXPECT_THAT(problems_of("[stomp]\nmax_headers = 0\n"),
              ElementsAre("2: [stomp] max_headers = 0: expected a whole number from 1 to 250"));
  EXPECT_THAT(problems_of("[stomp]\nmax_headers = 251\n"), testing::SizeIs(1));
  EXPECT_THAT(problems_of("[server]\nworkers = 257\n"), testing::SizeIs(1));
  EXPECT_THAT(problems_of("[server]\nworkers = -1\n"), testing::SizeIs(1));
  EXPECT_THAT(problems_of("[stomp]\nmax_headers = 250\n[server]\nworkers = 256\n"), IsEmpty());
}

TEST(Load, TakesPortsFrom0To65535AndNoneTwiceBut0) {
  const std::string expected = ": expected one or more ports from 0 to 65535, none twice but 0";
  EXPECT_THAT(problems_of("[server]\nports =\n"), ElementsAre("2: [server] ports = " + expected));
  EXPECT_THAT(problems_of("[server]\nports = 1, 65536\n"),
              ElementsAre("2: [server] ports = 1, 65536" + expected));
  EXPECT_THAT(problems_of("[server]\nports = 7 7\n"),
              ElementsAre("2: [server] ports = 7 7" + expected));
  EXPECT_THAT(settings_of("[server]\nports = 0 0 65535\n").ports, ElementsAre(0, 0, 65535));
}

TEST(Load, LeavesTheAdministratorsPortClosedWithoutComplaint) {
  EXPECT_EQ(settings_of("[server]\nports = 1\nadmin_port = 2\n").admin_port, 2);
}

TEST(Load, TakesThreeSpellingsOfASectionWithAName) {
  const Settings settings = settings_of(
      "[destination /queue/a.b:c]\n[destination./topic/b]\n[destination:/queue/c]\n"
      "[destination   /queue/d ]\n");
  ASSERT_EQ(settings.destinations.size(), 4U);
  EXPECT_EQ(settings.destinations[0].name, "/queue/a.b:c");
  EXPECT_EQ(settings.destinations[1].name, "/topic/b");
  EXPECT_EQ(settings.destinations[2].name, "/queue/c");
  EXPECT_EQ(settings.destinations[3].name, "/queue/d");
}

TEST(Load, TakesTheNameFromTheKeyWhenTheSectionHasOnlyAnId) {
  const Settings settings =
      settings_of("[destination:orders]\nname = /queue/orders\n[destination]\nname = /queue/b\n");
  ASSERT_EQ(settings.destinations.size(), 2U);
  EXPECT_EQ(settings.destinations[0].name, "/queue/orders");
  EXPECT_EQ(settings.destinations[0].type, DestinationType::queue);
  EXPECT_EQ(settings.destinations[1].name, "/queue/b");
}

TEST(Load, ReportsADestinationWithoutName) {
  EXPECT_THAT(
      problems_of("[destination]\nexpiry = 1s\n"),
      ElementsAre("1: [destination]: has no name; write [destination NAME] or name = NAME"));
}

TEST(Load, TellsTheTypeByItsKeyThenByMinDeliveryThenByName) {
  const Settings settings = settings_of(R"(
[destination /queue/a]
[destination /temp-queue/a]
[destination memtop-a]
[destination memtop-b]
min_delivery = 1
[destination /queue/b]
min_delivery = 0
[destination /queue/c]
type = topic
[destination memtop-c]
type = queue
min_delivery = 0
)");
  std::vector<bool> queues;
  for (const auto& destination : settings.destinations) {
    queues.push_back(destination.type == DestinationType::queue);
  }
  EXPECT_THAT(queues, ElementsAre(true, true, false, true, false, false, true));
}

TEST(Load, GivesADestinationTheDefaultsWhereverTheyStand) {
  const Settings settings = settings_of(R"(
[destination /queue/a]
max_messages = 5
[destinations]
max_messages = 7
expiry = 1m
on_full = reject
)");
  EXPECT_EQ(settings.destination_defaults.max_messages, 7U);
  ASSERT_EQ(settings.destinations.size(), 1U);
  EXPECT_EQ(settings.destinations[0].max_messages, 5U);
  EXPECT_EQ(settings.destinations[0].expiry, 1min);
  EXPECT_EQ(settings.destinations[0].on_full, OnFull::reject);
}

TEST(Load, KeepsAPluginsOwnKeysWithTheirPlace) {
  const Settings settings = settings_of(R"([plugin orders-bridge]
file = downstream.so
enabled = off
allow = frames, network
budget = 2ms
address = edge-1:61613
passcode = file:/etc/romp/secret/edge-1
)");
  ASSERT_EQ(settings.plugins.size(), 1U);
  const PluginSettings& plugin = settings.plugins[0];
  EXPECT_EQ(plugin.name, "orders-bridge");
  EXPECT_EQ(plugin.where, "romp.ini:1");
  EXPECT_EQ(plugin.file, "downstream.so");
  EXPECT_FALSE(plugin.enabled);
  EXPECT_FALSE(plugin.allow_all);
  EXPECT_THAT(plugin.allow, ElementsAre("frames", "network"));
  EXPECT_EQ(plugin.budget, 2ms);
  ASSERT_EQ(plugin.values.size(), 2U);
  EXPECT_EQ(plugin.values.at("address"), (PluginSettings::Value{"edge-1:61613", "romp.ini", 6}));
  EXPECT_EQ(plugin.values.at("passcode").text, "file:/etc/romp/secret/edge-1");
}

TEST(Load, LetsAPluginDoAllUnlessAllowIsWritten) {
  const Settings settings =
      settings_of("[plugin a]\n[plugin b]\nallow =\n[plugin c]\nallow = all\n");
  EXPECT_TRUE(settings.plugins[0].allow_all);
  EXPECT_FALSE(settings.plugins[1].allow_all);
  EXPECT_THAT(settings.plugins[1].allow, IsEmpty());
  EXPECT_TRUE(settings.plugins[2].allow_all);
}

TEST(Load, ReportsAPluginNameThatIsNone) {
  const std::string expected =
      ": expected a name of letters, digits, '.', '_' and '-' behind plugin";
  EXPECT_THAT(problems_of("[plugin]\n[plugin ../x]\n"),
              ElementsAre("1: [plugin]" + expected, "2: [plugin ../x]" + expected));
}

TEST(Load, TakesThePasscodeFromAFile) {
  const ConfigFiles files;
  files.write("secret", "top secret\n");
  std::vector<Problem> problems;
  const std::string ini = files.write("romp.ini", "[server]\nlogin = a\npasscode = file:secret\n");
  EXPECT_EQ(load(ini, problems).passcode, "top secret");
  EXPECT_THAT(problems, IsEmpty());
}

TEST(Load, ReportsASecretsFileThatCannotBeRead) {
  EXPECT_THAT(problems_of("[server]\nlogin = a\npasscode = file:/absent\n"),
              ElementsAre("3: [server] passcode = file:/absent: the file cannot be read: No such "
                          "file or directory"));
}

TEST(Load, AddsToTheProblemsThatAreThere) {
  std::vector<Problem> problems{{"other", 1, "earlier"}};
  load_text("[x]\n", "romp.ini", problems);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].text, "earlier");
}

TEST(Problem, IsPrintedWithFileAndLineAndNoControlCharacters) {
  EXPECT_EQ(to_string(Problem{"a.ini", 3, "bad"}), "a.ini:3: bad");
  EXPECT_EQ(to_string(Problem{"a.ini", 0, "bad\x1b"}), "a.ini: bad\\x1b");
}

}  // namespace
}  // namespace romp::config
