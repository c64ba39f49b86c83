// SPDX-License-Identifier: Apache-2.0
#include "config/options.hpp"

#include <gmock/gmock.h>

#include <set>

namespace romp::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <class Owner>
void expect_sound(const std::vector<Option<Owner>>& options) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& option : options) {
    SCOPED_TRACE(std::string(option.section) + " " + std::string(option.key));
    EXPECT_TRUE(seen.emplace(option.section, option.key).second);
    EXPECT_TRUE(option.help.ends_with('.'));
    EXPECT_LE(option.help.size(), 90U);
    EXPECT_FALSE(option.expects.empty());
  }
}

template <class Owner>
void expect_defaults_are_readable(const std::vector<Option<Owner>>& options) {
  for (const auto& option : options) {
    if (option.key == "name") continue;  // a destination has none by default
    Owner owner;
    EXPECT_TRUE(option.set(owner, option.get(Owner{}))) << option.key;
    EXPECT_EQ(owner, Owner{}) << option.key;
  }
}

TEST(Options, HaveHelpAndComeOnce) {
  expect_sound(server_options());
  expect_sound(destination_options());
  expect_sound(plugin_options());
}

TEST(Options, ReadTheirOwnDefaults) {
  expect_defaults_are_readable(server_options());
  expect_defaults_are_readable(destination_options());
  expect_defaults_are_readable(plugin_options());
  expect_defaults_are_readable(listener_options());
}

TEST(Options, KeepTheOldValueWhenTheTextIsNotWhatIsExpected) {
  for (const auto& option : server_options()) {
    Settings settings;
    const bool taken = option.set(settings, "!");
    EXPECT_TRUE(taken || settings == Settings{}) << option.key;
  }
}

TEST(Options, KeepTheNamesThatRompsUsersKnow) {
  std::set<std::string_view> keys;
  for (const auto& option : server_options()) keys.insert(option.key);
  for (const auto& option : destination_options()) keys.insert(option.key);
  for (const char* key : {"name",
                          "bind_address",
                          "admin_bind_address",
                          "ports",
                          "admin_port",
                          "login",
                          "passcode",
                          "pid_file",
                          "max_message_size",
                          "max_headers",
                          "max_header_len",
                          "max_subs",
                          "rlimit_nofile",
                          "heart_beat_read",
                          "heart_beat_write_min",
                          "heart_beat_write_max",
                          "max_connections",
                          "max_messages",
                          "expiry",
                          "filter",
                          "filter_self",
                          "sub_by_user",
                          "auto_ack",
                          "min_delivery",
                          "write_block",
                          "read_block",
                          "web_write_block",
                          "web_read_block",
                          "websockets",
                          "websockets_origin",
                          "stats"}) {
    EXPECT_TRUE(keys.contains(key)) << key;
  }
}

TEST(Options, NameWhatNeedsARestart) {
  Settings running;
  Settings loaded;
  EXPECT_THAT(needs_restart(running, loaded), IsEmpty());
  loaded.workers = 3;
  loaded.max_subs = 3;
  loaded.plugin_dir = "/opt";
  loaded.plugin_stop_timeout += std::chrono::seconds(1);
  loaded.plugins.emplace_back();
  loaded.destinations.emplace_back();
  EXPECT_THAT(needs_restart(running, loaded), ElementsAre("[server] workers", "[stomp] max_subs",
                                                          "[plugins] dir", "[destination NAME]"));
}

TEST(Options, TellSecretKeysOfPluginsByTheirName) {
  EXPECT_TRUE(is_secret_key("passcode"));
  EXPECT_TRUE(is_secret_key("api_token"));
  EXPECT_FALSE(is_secret_key("secret_timeout"));
  EXPECT_FALSE(is_secret_key("address"));
}

TEST(Options, TellTheTypeByName) {
  EXPECT_EQ(type_by_name("/queue/a"), DestinationType::queue);
  EXPECT_EQ(type_by_name("/temp-queue/a"), DestinationType::queue);
  EXPECT_EQ(type_by_name("/topic/a"), DestinationType::topic);
  EXPECT_EQ(type_by_name("memtop-a"), DestinationType::topic);
}

}  // namespace
}  // namespace romp::config
