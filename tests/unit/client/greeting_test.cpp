// SPDX-License-Identifier: Apache-2.0
#include "client/greeting.hpp"

#include <gtest/gtest.h>

#include "auth/token.hpp"
#include "base/clock.hpp"
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

std::string header_of(const std::string& frame, const std::string& name) {
  const auto begin = frame.find("\n" + name + ":") + name.size() + 2;
  return frame.substr(begin, frame.find('\n', begin) - begin);
}

TEST(Greeting, MakesATokenForEachConnect) {
  Settings settings;
  settings.login = "bridge";
  settings.passcode = "a secret of both";
  settings.credential = Credential::token;
  const auto first = connect_frame(settings, edge);
  EXPECT_EQ(first.find("a secret of both"), std::string::npos);
  EXPECT_NE(header_of(first, "login"), header_of(connect_frame(settings, edge), "login"));
  auth::TokenChecker checker({.secret = "a secret of both"});
  const auto verdict =
      checker.check(header_of(first, "login"), header_of(first, "passcode"), base::unix_ms());
  EXPECT_EQ(verdict.outcome, auth::TokenChecker::Outcome::good);
  EXPECT_EQ(verdict.user, "bridge");
}

TEST(Greeting, MakesATokenInTheOldScheme) {
  Settings settings;
  settings.login = "bridge";
  settings.passcode = "a secret of both";
  settings.credential = Credential::token_sha1;
  const auto frame = connect_frame(settings, edge);
  auth::TokenChecker checker({.secret = "a secret of both", .legacy = true});
  EXPECT_EQ(checker.check(header_of(frame, "login"), header_of(frame, "passcode"), base::unix_ms())
                .outcome,
            auth::TokenChecker::Outcome::good);
}

std::string frame_with_host(const std::optional<std::string>& host) {
  Settings settings;
  settings.host = host;
  return connect_frame(settings, edge);
}

TEST(Greeting, NamesAHostOrNone) {
  EXPECT_NE(frame_with_host("/").find("\nhost:/\n"), std::string::npos);
  EXPECT_EQ(frame_with_host("").find("host"), std::string::npos);
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
