// SPDX-License-Identifier: Apache-2.0
// The daemon as an operator meets it on the command line.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "support/broker_process.hpp"
#include "support/stomp_client.hpp"
#include "support/temporary_directory.hpp"

namespace romp::integration {
namespace {

using support::BrokerProcess;
using testing::HasSubstr;

constexpr int usage_error = 64;
constexpr int bad_configuration = 78;

class CommandLine : public testing::Test {
 protected:
  std::string write(const std::string& ini) const { return directory.write("romp.ini", ini); }

  support::TemporaryDirectory directory;
};

TEST_F(CommandLine, TellsTheVersion) {
  const auto outcome = BrokerProcess::run({"--version"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, testing::MatchesRegex("romp [0-9.]+\n"));
}

TEST_F(CommandLine, HelpsWithAllOptions) {
  const auto outcome = BrokerProcess::run({"--help"});
  EXPECT_EQ(outcome.status, 0);
  for (const char* text : {"--check-config", "--print-config", "max_message_size", "dead_letter"}) {
    EXPECT_THAT(outcome.output, HasSubstr(text));
  }
}

TEST_F(CommandLine, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(BrokerProcess::run({"--frobnicate"}).status, usage_error);
}

TEST_F(CommandLine, ListsAllProblemsOfTheConfigurationAtOnce) {
  const auto file = write(
      "[server]\n"
      "prots = 61613\n"
      "workers = many\n"
      "[stomp]\n"
      "max_headers = 0\n"
      "[destination /queue/a]\n"
      "on_full = explode\n"
      "[nonsense]\n");
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"-c", file}, {"-c", file, "--check-config"}, {"-c", file, "--print-config"}}) {
    const auto outcome = BrokerProcess::run(arguments);
    EXPECT_EQ(outcome.status, bad_configuration);
    EXPECT_EQ(outcome.output, "");
    for (const char* place :
         {"romp.ini:2", "romp.ini:3", "romp.ini:5", "romp.ini:7", "romp.ini:8"}) {
      EXPECT_THAT(outcome.log, HasSubstr(place));
    }
    EXPECT_THAT(outcome.log, HasSubstr("did you mean")) << "prots is nearly ports";
  }
}

TEST_F(CommandLine, RefusesAConfigurationThatIsNotThere) {
  const auto missing = (directory.path() / "missing.ini").string();
  const auto outcome = BrokerProcess::run({"-c", missing});
  EXPECT_EQ(outcome.status, bad_configuration);
  EXPECT_THAT(outcome.log, HasSubstr("missing.ini"));
}

TEST_F(CommandLine, ChecksWithoutChangingAnything) {
  const auto pid_file = (directory.path() / "romp.pid").string();
  const auto file = write("[server]\nports = 0\npid_file = " + pid_file + "\n");
  const auto before = std::filesystem::last_write_time(file);
  const auto outcome = BrokerProcess::run({"-c", file, "--check-config"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, HasSubstr("good"));
  EXPECT_EQ(outcome.log, "");
  EXPECT_EQ(std::filesystem::last_write_time(file), before);
  const std::filesystem::directory_iterator files(directory.path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(CommandLine, PrintsAConfigurationThatLoadsAgain) {
  const auto file = write(
      "[server]\nname = edge\nports = 61613, 61614\n"
      "[stomp]\nmax_message_size = 3MiB\nframe_timeout = 90s\n"
      "[destination /queue/orders]\nmax_deliveries = 3\non_full = drop_oldest\n"
      "[destination news]\nwrite_block = yes\n");
  const auto first = BrokerProcess::run({"-c", file, "--print-config"});
  ASSERT_EQ(first.status, 0);
  EXPECT_THAT(first.output, HasSubstr("name = edge"));
  EXPECT_THAT(first.output, HasSubstr("max_message_size = 3MiB"));
  const auto printed = directory.write("printed.ini", first.output);
  const auto second = BrokerProcess::run({"-c", printed, "--print-config"});
  EXPECT_EQ(second.status, 0);
  EXPECT_EQ(second.output, first.output);
}

TEST_F(CommandLine, SaysWhenThePortIsTaken) {
  const auto running = BrokerProcess::listening("[server]\nports = 0\n");
  const auto file = write("[server]\nports = " + std::to_string(running.port()) + "\n");
  const auto outcome = BrokerProcess::run({"-c", file});
  EXPECT_EQ(outcome.status, bad_configuration);
  EXPECT_THAT(outcome.log, HasSubstr("port " + std::to_string(running.port())));
  EXPECT_THAT(outcome.log, HasSubstr("Address already in use"));
}

TEST_F(CommandLine, ServesWithTheConfigurationItIsGiven) {
  auto broker = BrokerProcess::listening(
      "[server]\nports = 0\nname = edge\nlogin = harry\npasscode = alohomora\n");
  support::StompClient client(broker.port());
  const auto connected = client.connect("1.2", {{"login", "harry"}, {"passcode", "alohomora"}});
  EXPECT_THAT(connected.header("server"), testing::StartsWith("edge/"));
}

TEST(Workers, AreHalfAsManyAsProcessorsButTwoWhereThereAreTwo) {
  const auto broker = BrokerProcess::listening("[server]\nports = 0\n");
  unsigned workers = 0;
  const auto threads = "/proc/" + std::to_string(broker.pid()) + "/task";
  for (const auto& thread : std::filesystem::directory_iterator(threads)) {
    std::string name;
    std::ifstream(thread.path() / "comm") >> name;
    workers += name.starts_with("worker-") ? 1 : 0;
  }
  const unsigned processors = std::thread::hardware_concurrency();
  EXPECT_EQ(workers, processors < 4 ? std::min(processors, 2U) : processors / 2);
}

}  // namespace
}  // namespace romp::integration
