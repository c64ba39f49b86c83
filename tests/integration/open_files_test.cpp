// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <filesystem>

#include "support/broker_process.hpp"
#include "support/eventually.hpp"
#include "support/failure.hpp"
#include "support/stomp_client.hpp"

namespace romp::integration {
namespace {

using support::BrokerProcess;
using support::eventually;
using support::StompClient;

class OpenFiles : public testing::Test {
 protected:
  bool is_open(std::size_t descriptor) const {
    const std::string files = "/proc/" + std::to_string(broker.pid()) + "/fd/";
    return std::filesystem::is_symlink(files + std::to_string(descriptor));
  }
  /// Only so many more files may be opened by the running broker. The limit is one of numbers, and
  /// some below the highest in use may be free.
  void leave(std::size_t more) const {
    rlimit limit{};
    ASSERT_EQ(::prlimit(broker.pid(), RLIMIT_NOFILE, nullptr, &limit), 0);
    limit.rlim_cur = 0;
    for (std::size_t free = 0; free < more; ++limit.rlim_cur) {
      if (!is_open(limit.rlim_cur)) ++free;
    }
    ASSERT_EQ(::prlimit(broker.pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
  }
  std::size_t times_logged(const std::string& text) const {
    const std::string log = broker.log();
    std::size_t times = 0;
    for (auto at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) ++times;
    return times;
  }

  BrokerProcess broker = BrokerProcess::listening("[server]\nports = 0\n");
};

TEST_F(OpenFiles, ThatRunOutPauseAcceptingUntilSomeAreFree) {
  auto first = StompClient(broker.port());
  first.connect();
  leave(1);
  auto second = StompClient(broker.port());
  second.connect();
  auto third = StompClient(broker.port());
  third.send("CONNECT", {{"accept-version", "1.2"}, {"host", "h"}});
  ASSERT_TRUE(eventually([&] { return times_logged("pauses: Too many open files") == 1; }));
  first.publish("/queue/a", "those who are there go on");
  third.nothing_comes(std::chrono::milliseconds(300));
  EXPECT_EQ(times_logged("Too many open files"), 1U) << "one line, not one an attempt";
  second.complete("DISCONNECT");
  second.socket().close();
  third.expect("CONNECTED");
}

}  // namespace
}  // namespace romp::integration
