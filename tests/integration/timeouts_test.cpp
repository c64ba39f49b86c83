// SPDX-License-Identifier: Apache-2.0
#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

class ConnectTimeout : public ServerTest {
 protected:
  ConnectTimeout() {
    settings.connect_timeout = 150ms;
    start();
  }
};

class FrameTimeout : public ServerTest {
 protected:
  FrameTimeout() {
    settings.frame_timeout = 300ms;
    start();
  }
};

TEST_F(ConnectTimeout, EndsAConnectionThatSaysNothing) {
  auto c = server->client();
  EXPECT_THAT(c.expect_error("timeout").body, HasSubstr("no CONNECT in time"));
}

/// "Slowloris": each octet is a sign of life, and yet it never comes to an end.
TEST_F(ConnectTimeout, EndsAConnectionThatSaysItTooSlowly) {
  auto c = server->client();
  EXPECT_TRUE(eventually([&] {
    try {
      c.raw("\n");
    } catch (const support::Failure&) {  // the server has closed
      return true;
    }
    return server->connections() == 0;
  }));
}

TEST_F(ConnectTimeout, EndsAConnectFrameThatIsNotWhole) {
  auto c = server->client();
  c.raw("CONNECT\naccept-version:1.2\n");
  c.expect_error("timeout");
}

TEST_F(ConnectTimeout, LeavesASessionAlone) {
  auto c = connect();
  c.nothing_comes(400ms);
  c.nothing_came();
}

TEST_F(FrameTimeout, EndsAFrameThatStopsInItsHeaders) {
  auto c = connect();
  c.raw("SEND\ndestination:/que");
  EXPECT_THAT(c.expect_error("timeout").body, HasSubstr("a frame was begun"));
}

TEST_F(FrameTimeout, EndsAFrameThatStopsInItsBody) {
  auto c = connect();
  c.raw("SEND\ndestination:/queue/a\ncontent-length:10\n\nabc");
  c.expect_error("timeout");
}

/// A large body goes another way into memory.
TEST_F(FrameTimeout, EndsAFrameThatStopsInALargeBody) {
  auto c = connect();
  c.raw("SEND\ndestination:/queue/a\ncontent-length:1000000\n\n" + std::string(300'000, 'x'));
  c.expect_error("timeout");
}

TEST_F(FrameTimeout, IsBetweenTwoPiecesNotForTheWhole) {
  auto c = connect();
  c.subscribe("/topic/a");
  c.raw("SEND\ndestination:/topic/a\n\n");
  for (int i = 0; i < 20; ++i) {
    c.raw("x");
    c.nothing_comes(30ms);
  }
  c.raw("\0"s);
  EXPECT_EQ(c.message().body, std::string(20, 'x'));
}

TEST_F(FrameTimeout, LeavesAnIdleSessionAlone) {
  auto c = connect();
  c.publish("/queue/a", "x");
  c.nothing_comes(500ms);
  c.publish("/queue/a", "y");
}

}  // namespace
}  // namespace romp::integration
