// SPDX-License-Identifier: Apache-2.0
#include <openssl/tls1.h>

#include "integration/server_test.hpp"
#include "support/authority.hpp"
#include "support/http_client.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_client.hpp"
#include "support/web_socket_client.hpp"

namespace romp::integration {
namespace {

using namespace std::string_literals;
using support::Authority;
using support::Failure;
using support::HttpClient;
using support::Socket;
using support::TlsWish;
using support::WebSocketClient;

class Tls : public ServerTest {
 protected:
  Tls() {
    listener.name = "safe";
    listener.tls.enabled = true;
    listener.tls.certificates = {file("server.pem", ours.issue({"localhost", "DNS:localhost"}))};
    listener.tls.ca = file("ca.pem", theirs.certificate());
  }
  void start_safe() {
    settings.listeners = {listener};
    start();
  }
  /// A client whose certificate is to be asked for.
  void start_verifying(config::Verify verify) {
    listener.tls.verify = verify;
    start_safe();
  }
  std::string file(std::string_view name, const std::string& text) const {
    return directory.write(name, text);
  }
  TlsWish believing() const { return {.ca = file("ours.pem", ours.certificate())}; }
  TlsWish showing(const std::string& certificate) const {
    TlsWish wish = believing();
    wish.certificate = file("client.pem", certificate);
    return wish;
  }
  Socket open(const TlsWish& wish) const { return {server->port(1), wish}; }
  Socket open() const { return open(believing()); }
  std::string answer_in_clear(std::string_view octets) const {
    Socket socket(server->port(1));
    socket.write(octets);
    std::string answer;
    const auto end = std::chrono::steady_clock::now() + support::patience;
    while (socket.read(answer, end) == Socket::Read::some) {
    }
    return answer;
  }
  /// With TLS 1.3 a client learns that it was refused only when it reads.
  bool is_refused(const TlsWish& wish) const {
    try {
      StompClient client(open(wish));
      client.connect();
      return false;
    } catch (const Failure&) {
      return true;
    }
  }
  support::TemporaryDirectory directory;
  Authority ours{"our authority"};
  Authority theirs{"their authority"};
  config::ListenerSettings listener;
};

TEST_F(Tls, CarriesStompHttpAndWebSocketOnOnePort) {
  start_safe();
  StompClient client(open());
  EXPECT_EQ(client.connect().header("version"), "1.2");
  EXPECT_EQ(HttpClient(open()).get("/healthz").status, 200);
  WebSocketClient socket(open());
  EXPECT_EQ(socket.connect().header("version"), "1.2");
}

TEST_F(Tls, SpeaksOnePointThreeAndOnePointTwo) {
  start_safe();
  EXPECT_EQ(open().tls()->version(), "TLSv1.3");
  TlsWish wish = believing();
  wish.newest = TLS1_2_VERSION;
  EXPECT_EQ(open(wish).tls()->version(), "TLSv1.2");
  wish.newest = TLS1_1_VERSION;
  EXPECT_THROW(open(wish), Failure);
}

TEST_F(Tls, SpeaksNothingOlderThanItIsTold) {
  listener.tls.only_1_3 = true;
  start_safe();
  TlsWish wish = believing();
  wish.newest = TLS1_2_VERSION;
  EXPECT_THROW(open(wish), Failure);
  EXPECT_EQ(open().tls()->version(), "TLSv1.3");
}

TEST_F(Tls, CarriesLargeMessagesBothWaysAndEveryOctetOfThem) {
  settings.max_message_size = std::size_t{8} << 20;
  start_safe();
  std::string body(5'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 + i / 977);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsWish wish = believing();
    wish.newest = version;
    StompClient reader(open(wish));
    reader.connect();
    reader.subscribe("/queue/large");
    StompClient client(open(wish));
    client.connect();
    client.publish("/queue/large", body);
    EXPECT_EQ(reader.message().body, body);
  }
}

TEST_F(Tls, CarriesManySmallMessagesInOrder) {
  start_safe();
  StompClient reader(open());
  reader.connect();
  reader.subscribe("/queue/small");
  StompClient writer(open());
  writer.connect();
  for (int i = 0; i < 20'000; ++i) {
    writer.send("SEND", {{"destination", "/queue/small"}}, std::to_string(i));
  }
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(reader.message().body, std::to_string(i));
}

TEST_F(Tls, ReadsWhatComesOctetByOctet) {
  start_safe();
  StompClient client(open());
  for (const char c : "CONNECT\naccept-version:1.2\nhost:h\n\n\0"s) client.raw({&c, 1});
  EXPECT_EQ(client.expect("CONNECTED").header("version"), "1.2");
}

TEST_F(Tls, EndsInOrder) {
  start_safe();
  StompClient client(open());
  client.connect();
  client.send("DISCONNECT", {{"receipt", "bye"}});
  client.expect("RECEIPT");
  client.expect_closed();
  StompClient wrong(open());
  wrong.send("SEND", {{"destination", "/queue/a"}});
  wrong.expect_error("not connected");
}

TEST_F(Tls, ChoosesTheProtocolThatTheClientNames) {
  start_safe();
  TlsWish wish = believing();
  wish.protocols = "\x02h2\x08http/1.1"s;
  EXPECT_EQ(open(wish).tls()->protocol(), "http/1.1");
  wish.protocols = "\x02h2"s;
  EXPECT_THROW(open(wish), Failure) << "says that it knows none of them";
  EXPECT_EQ(open().tls()->protocol(), "");
}

TEST_F(Tls, ShowsTheCertificateOfTheNameThatTheClientAsksFor) {
  listener.tls.certificates.push_back(
      file("other.pem", ours.issue({"other", "DNS:other.example, DNS:*.wild.example"})));
  start_safe();
  TlsWish wish = believing();
  const auto shown_to = [&](const char* name) {
    wish.server_name = name;
    return open(wish).tls()->server_common_name();
  };
  EXPECT_EQ(shown_to(""), "localhost");
  EXPECT_EQ(shown_to("other.example"), "other");
  EXPECT_EQ(shown_to("a.wild.example"), "other");
  EXPECT_EQ(shown_to("unknown.example"), "localhost");
}

TEST_F(Tls, WantsACertificateWhereItIsRequired) {
  start_verifying(config::Verify::required);
  EXPECT_TRUE(is_refused(believing()));
  EXPECT_TRUE(is_refused(showing(ours.issue({"alice"})))) << "signed by somebody else";
  EXPECT_TRUE(is_refused(showing(theirs.issue({"alice", "", -1})))) << "has ended";
  EXPECT_FALSE(is_refused(showing(theirs.issue({"alice"}))));
}

TEST_F(Tls, TakesACertificateWhereItIsOptional) {
  start_verifying(config::Verify::optional);
  EXPECT_FALSE(is_refused(believing()));
  EXPECT_FALSE(is_refused(showing(theirs.issue({"alice"}))));
  EXPECT_TRUE(is_refused(showing(ours.issue({"alice"})))) << "one that is wrong is worse than none";
}

TEST_F(Tls, RefusesWhatIsRevoked) {
  const std::string revoked = theirs.issue({"alice"});
  listener.tls.crl = file("crl.pem", theirs.revocations({1}));
  start_verifying(config::Verify::required);
  EXPECT_TRUE(is_refused(showing(revoked)));
  EXPECT_FALSE(is_refused(showing(theirs.issue({"bob"}))));
}

TEST_F(Tls, KnowsTheUserByTheCertificate) {
  settings.login = "alice";
  settings.passcode = "secret";
  start_verifying(config::Verify::optional);
  const TlsWish bob = showing(theirs.issue({"bob", "email:bob@example.org"}));
  EXPECT_FALSE(is_refused(bob)) << "needs no passcode";
  EXPECT_TRUE(is_refused(believing())) << "is nobody";
  StompClient claims(open(bob));
  claims.send("CONNECT", {{"accept-version", "1.2"}, {"host", "h"}, {"login", "alice"}});
  claims.expect_error("login refused");
  StompClient proves(open(bob));
  proves.connect("1.2", {{"login", "alice"}, {"passcode", "secret"}});
  StompClient agrees(open(bob));
  agrees.connect("1.2", {{"login", "bob"}});
}

/// Nobody is asked for a passcode; the name in the certificate is the user all the same.
TEST_F(Tls, DoesNotLetACertificateClaimToBeSomebodyElse) {
  settings.user_sessions = 1;
  start_verifying(config::Verify::required);
  const TlsWish bob = showing(theirs.issue({"bob"}));
  StompClient first(open(bob));
  first.connect();
  StompClient second(open(bob));
  second.send("CONNECT", {{"accept-version", "1.2"}, {"host", "h"}, {"login", "alice"}});
  second.expect_error("too many sessions");
}

TEST_F(Tls, KnowsTheUserThroughAWebSocket) {
  settings.login = "alice";
  settings.passcode = "secret";
  start_verifying(config::Verify::required);
  WebSocketClient socket(open(showing(theirs.issue({"bob"}))));
  EXPECT_EQ(socket.connect().header("version"), "1.2");
}

TEST_F(Tls, TellsWhoSpeaksInClearWhatIsMissing) {
  start_safe();
  EXPECT_THAT(answer_in_clear("CONNECT\naccept-version:1.2\nhost:h\n\n\0"s),
              HasSubstr("message:TLS expected\n"));
  EXPECT_THAT(answer_in_clear("GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
              testing::StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(answer_in_clear("AMQP\0\0\x09\x01"s), "");
  EXPECT_FALSE(is_refused(believing())) << "and goes on";
}

TEST_F(Tls, EndsHandshakesThatAreNotEndedInTime) {
  settings.connect_timeout = std::chrono::milliseconds(50);
  start_safe();
  EXPECT_EQ(answer_in_clear(""), "");
  EXPECT_EQ(answer_in_clear("\x16\x03\x01\x02\x00\x01"s), "") << "half of a hello";
  StompClient(open()).expect_error("timeout");
  EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
}

TEST_F(Tls, EndsHandshakesThatAreNone) {
  start_safe();
  EXPECT_THAT(answer_in_clear("\x16\x03\x01\x00\x05hello"s), testing::StartsWith("\x15\x03"))
      << "an alert";
  EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
}

TEST_F(Tls, OutlivesClientsThatGoAtAnyMoment) {
  start_safe();
  for (int i = 0; i < 100; ++i) {
    Socket(server->port(1)).write("\x16\x03\x01"s);
    StompClient client(open());
    client.connect();
    client.send("SUBSCRIBE", {{"destination", "/topic/a"}, {"id", "1"}});
    client.socket().reset();
  }
  EXPECT_FALSE(is_refused(believing()));
  EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
}

TEST_F(Tls, GivesSlowReadersTheirMessagesInOrder) {
  settings.outbox_limit = std::size_t{256} << 20;
  start_safe();
  StompClient reader(open());
  reader.connect();
  reader.subscribe("/topic/slow");
  StompClient writer(open());
  writer.connect();
  for (int i = 0; i < 200; ++i) {
    writer.publish("/topic/slow", std::to_string(i) + std::string(50'000, 'x'));
  }
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(reader.message().body, std::to_string(i) + std::string(50'000, 'x'));
  }
}

TEST_F(Tls, CannotBeHadWithFilesThatAreNoGood) {
  listener.tls.certificates = {"/nowhere/a.pem", file("text.pem", "hello\n")};
  listener.tls.verify = config::Verify::required;
  listener.tls.ca = file("empty.pem", "");
  settings.listeners = {listener};
  try {
    start();
    FAIL() << "it started";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(),
                HasSubstr("[listener safe] certificate /nowhere/a.pem: No such file"));
  }
}

}  // namespace
}  // namespace romp::integration
