// SPDX-License-Identifier: Apache-2.0
#include "client/greeting.hpp"

#include <gtest/gtest.h>

#include "stomp/error.hpp"

namespace romp::client {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using stomp::ProtocolError;

std::unique_ptr<stomp::Batch> answer(const std::string& frame) {
  stomp::BatchReader reader{stomp::Limits()};
  return reader.take(frame + '\0');
}

const Address edge{"edge", "61613"};

TEST(Greeting, OffersWhatItCanDo) {
  Settings settings;
  settings.login = "me";
  settings.passcode = "secret";
  settings.headers = {{"client-id", "c"}};
  EXPECT_EQ(connect_frame(settings, edge),
            "CONNECT\naccept-version:1.2,1.1,1.0\nhost:edge\nheart-beat:10000,10000\n"
            "login:me\npasscode:secret\nclient-id:c\n\n\0"s);
}

TEST(Greeting, NamesAHostOrNone) {
  Settings settings;
  settings.host = "/";
  EXPECT_NE(connect_frame(settings, edge).find("\nhost:/\n"), std::string::npos);
  settings.host = "";
  EXPECT_EQ(connect_frame(settings, edge).find("host"), std::string::npos);
}

TEST(Greeting, AnAnswerWithoutAVersionMeansOneDotZero) {
  EXPECT_EQ(greeting_of({}, *answer("CONNECTED\n\n")).version, stomp::Version::v1_0);
  EXPECT_EQ(greeting_of({}, *answer("CONNECTED\nversion:1.1\n\n")).version, stomp::Version::v1_1);
}

TEST(Greeting, BeatsAsTheSlowerSideWantsIt) {
  Settings settings;
  settings.heart_out = 5s;
  settings.heart_in = 20s;
  const auto beat =
      greeting_of(settings, *answer("CONNECTED\nversion:1.2\nheart-beat:3000,7000\n\n")).beat;
  EXPECT_EQ(beat.we_send, 7s);
  EXPECT_EQ(beat.they_send, 20s);
  const auto none =
      greeting_of(settings, *answer("CONNECTED\nversion:1.2\nheart-beat:0,0\n\n")).beat;
  EXPECT_EQ(none.we_send, 0s);
  EXPECT_EQ(none.they_send, 0s);
}

TEST(Greeting, SaysWhatIsWrongWithAnAnswer) {
  const auto problem_of = [](const std::string& frame) {
    try {
      (void)greeting_of({}, *answer(frame));
    } catch (const ProtocolError& error) {
      return error.detail();
    }
    return "none"s;
  };
  EXPECT_EQ(problem_of("ERROR\nmessage:auth err\n\n"),
            "the server refuses the connection: auth err");
  EXPECT_EQ(problem_of("ERROR\nmessage:no\n\nlogin is wrong\nmore"),
            "the server refuses the connection: no: login is wrong");
  EXPECT_EQ(problem_of("RECEIPT\nreceipt-id:1\n\n"), "CONNECT is answered with \"RECEIPT\"");
  EXPECT_EQ(problem_of("CONNECTED\nversion:2.0\n\n"), "the server answers with version \"2.0\"");
  EXPECT_EQ(problem_of("CONNECTED\nversion:1.2\nheart-beat:soon\n\n"), "not two numbers: \"soon\"");
}

}  // namespace
}  // namespace romp::client
