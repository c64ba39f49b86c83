// SPDX-License-Identifier: Apache-2.0
#include "config/print.hpp"

#include <gmock/gmock.h>

#include "config/ini_file.hpp"
#include "config/options.hpp"
#include "config/read_file.hpp"
#include "unit/config/config_files.hpp"

namespace romp::config {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Print, OfTheDefaultsLoadsAsTheDefaults) {
  EXPECT_EQ(settings_of(print_config(Settings{})), Settings{});
}

TEST(Print, OfChangedSettingsLoadsAsThem) {
  const Settings settings = settings_of(R"(
[server]
ports = 0, 7
max_memory = 100000k
[listener edge]
port = 8443
protocols = http, websocket
web = yes
[web]
websockets_origin = https://example.org, http://localhost:3000
[destinations]
expiry = 1500ms
filter = no
[destination /queue/a]
filter = yes
[destination b]
type = queue
min_delivery = 3
[destination c]
name = /topic/a name that is much too long for a section; with.a ] bracket
[destination /queue/dead-letter]
dead_letter =
)");
  EXPECT_EQ(settings.destinations.size(), 4U);
  EXPECT_EQ(settings_of(print_config(settings)), settings);
}

TEST(Print, KeepsPlugins) {
  const Settings settings = settings_of(
      "[plugin a]\nenabled = no\nallow =\nkey = some text\n[plugin b]\nallow = frames, publish\n");
  const std::string text = print_config(settings);
  EXPECT_THAT(text, HasSubstr("[plugin a]\nenabled = no\nallow =\nkey = some text\n"));
  EXPECT_EQ(print_config(settings_of(text)), text);
}

TEST(Print, OfADestinationHoldsOnlyWhatDiffersFromTheDefaults) {
  const std::string text = print_config(
      settings_of("[destinations]\nstats = yes\n[destination /queue/a]\nexpiry = 5s\n"));
  EXPECT_THAT(text, testing::EndsWith("\n[destination /queue/a]\ntype = queue\nexpiry = 5s\n"));
}

TEST(Print, ShowsNoSecretAndStaysLoadable) {
  const Settings settings = settings_of(
      "[server]\nlogin = admin\npasscode = hunter2\n"
      "[plugin a]\napi_token = hunter2\nupstream_passcode = file:/etc/romp/edge\n");
  const std::string text = print_config(settings);
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, HasSubstr("\n# login = admin\n"));
  EXPECT_THAT(text, HasSubstr("\n# passcode = ********\n"));
  EXPECT_THAT(text, HasSubstr("\n# api_token = ********\n"));
  EXPECT_THAT(text, HasSubstr("\nupstream_passcode = file:/etc/romp/edge\n"));
  EXPECT_EQ(settings_of(text).plugins.size(), 1U);
}

TEST(Print, IncludesNothingTwice) {
  const ConfigFiles files;
  files.write("a.ini", "[destination /queue/a]\n");
  std::vector<Problem> problems;
  const Settings settings = load(files.write("romp.ini", "[server]\ninclude = *.ini\n"), problems);
  load(files.write("romp.ini", print_config(settings)), problems);
  EXPECT_THAT(problems, testing::IsEmpty());
}

TEST(Print, GivesEveryOptionItsHelpAndADefaultThatDiffers) {
  Settings settings;
  settings.workers = 3;
  const std::string text = print_config(settings);
  EXPECT_THAT(
      text,
      HasSubstr(
          "# Threads that serve clients; 0: half of the processors, but two where there are two. "
          "Default: 0. [restart]\nworkers = 3\n"));
  for (const auto& option : server_options())
    EXPECT_THAT(text, HasSubstr(std::string(option.help)));
  for (const auto& option : plugin_options())
    EXPECT_THAT(text, HasSubstr(std::string(option.help)));
}

TEST(Print, OfTheHelpHoldsEveryKeyWithItsDefault) {
  const std::string help = print_options_help();
  EXPECT_THAT(help, HasSubstr("[stomp]\n  max_message_size      16MiB "));
  EXPECT_THAT(help, HasSubstr("\n  heart_beat_write_min  500ms "));
  for (const auto& option : destination_options())
    EXPECT_THAT(help, HasSubstr(std::string(option.key)));
}

TEST(Print, OfTheShippedSettingsIsTheFileInEtc) {
  std::string why;
  const auto file = read_file(ROMP_SOURCE_DIR "/etc/romp.ini", why);
  ASSERT_TRUE(file) << why;
  Settings settings = shipped_settings();
  settings.plugin_dir = "/usr/lib/x86_64-linux-gnu/romp/plugins";  // of the build, but in the file
  EXPECT_EQ(*file, print_config(settings)) << "etc/romp.ini is print_config's output";
}

TEST(Print, OfTheShippedSettingsLoadsWhereNothingIsInstalled) {
  std::vector<Problem> problems;
  Settings settings = shipped_settings();
  settings.include = {"/absent/romp/conf.d/*.ini", "/absent/romp/plugins.d/*.ini"};
  EXPECT_EQ(load_text(print_config(settings), "romp.ini", problems), settings);
  EXPECT_THAT(problems, testing::IsEmpty());
}

}  // namespace
}  // namespace romp::config
