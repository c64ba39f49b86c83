// SPDX-License-Identifier: Apache-2.0
// What a stranger may send, in each way that STOMP is carried: the answer is the same, and a pair
// of clients beside does not notice.
#include <functional>
#include <ostream>

#include "integration/server_test.hpp"
#include "support/authority.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_client.hpp"
#include "support/web_socket_client.hpp"

namespace romp::integration {
namespace {

using namespace std::string_literals;
using support::Socket;
using support::WebSocketClient;

enum class Way { tcp, tls, websocket, secure_websocket };

const char* name_of(Way way) {
  constexpr const char* names[] = {"Tcp", "Tls", "WebSocket", "SecureWebSocket"};
  return names[static_cast<int>(way)];
}

/// One attack: what is sent, after CONNECTED or instead of it, and the `message` of the ERROR that
/// must come.
struct Attack {
  const char* name;
  bool connected;
  std::function<std::string()> octets;
  const char* answer;
};

void PrintTo(const Attack& attack, std::ostream* out) { *out << attack.name; }

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  while (times-- != 0) all += text;
  return all;
}

std::function<std::string()> say(std::string text) {
  return [text = std::move(text)] { return text; };
}

std::string send_with(const std::string& headers, const std::string& body = "x") {
  return "SEND\ndestination:/queue/a\n" + headers + "\n" + body + "\0"s;
}

std::string send_to(const std::string& destination) {
  return "SEND\ndestination:" + destination + "\n\nx\0"s;
}

std::string subscribe_with(const std::string& headers) {
  return "SUBSCRIBE\nid:1\ndestination:/topic/a\n" + headers + "\n\0"s;
}

const std::vector<Attack> attacks{
    {"SendBeforeConnect", false, say(send_with("")), "not connected"},
    {"SubscribeBeforeConnect", false, say(subscribe_with("")), "not connected"},
    {"AckBeforeConnect", false, say("ACK\nid:1\n\n\0"s), "not connected"},
    {"BeginBeforeConnect", false, say("BEGIN\ntransaction:1\n\n\0"s), "not connected"},
    {"LongHeaderBeforeConnect", false,
     [] { return "CONNECT\nx:" + std::string(10'000'000, 'x') + "\n\n\0"s; }, "header too long"},
    {"SecondConnect", true, say("CONNECT\naccept-version:1.2\nhost:h\n\n\0"s), "already connected"},
    {"LongHeader", true, [] { return send_with("x:" + std::string(10'000'000, 'x') + "\n"); },
     "header too long"},
    {"MillionHeaders", true, [] { return send_with(repeated("a:\n", 1'000'000)); },
     "too many headers"},
    {"LengthBelowZero", true, say(send_with("content-length:-1\n")), "bad content-length"},
    {"LengthWithPlus", true, say(send_with("content-length:+5\n")), "bad content-length"},
    {"LengthInHexadecimal", true, say(send_with("content-length:0x10\n")), "bad content-length"},
    {"LengthWithExponent", true, say(send_with("content-length:1e3\n")), "bad content-length"},
    {"LengthThatOverflows", true, say(send_with("content-length:99999999999999999999\n")),
     "body too large"},
    {"LengthWithBlank", true, say(send_with("content-length:5 \n")), "bad content-length"},
    {"LengthOfFourGigabytes", true,
     say("SEND\ndestination:/queue/a\ncontent-length:4294967296\n\n0123456789"), "body too large"},
    {"LengthBelowTheBody", true, say(send_with("content-length:1\n", "two")), "bad body"},
    {"BodyWithoutEnd", true,
     [] { return "SEND\ndestination:/queue/a\n\n" + std::string(17 << 20, 'x'); },
     "body too large"},
    {"EscapeThatIsNone", true, say(send_with("x:a\\tb\n")), "bad escape"},
    {"EscapeThatIsCut", true, say(send_with("x:a\\\n")), "bad escape"},
    {"CarriageReturnInAHeader", true, say(send_with("x:a\rb\n")), "bad header"},
    {"NulInAHeader", true, say("SEND\ndestination:/queue/a\0\n\n\0"s), "bad header"},
    {"HeaderThatIsNotUtf8", true, say(send_with("x:\xff\xfe\n")), "bad header"},
    {"UnknownCommand", true, say("FROBNICATE\n\n\0"s), "unknown command"},
    {"CommandOfSmallLetters", true, say("send\ndestination:/queue/a\n\n\0"s), "bad command"},
    {"SubscriptionIdTwice", true, say(subscribe_with("") + subscribe_with("")), "id in use"},
    {"UnsubscribeUnknown", true, say("UNSUBSCRIBE\nid:9\n\n\0"s), "subscription unknown"},
    {"AckUnknown", true, say("ACK\nid:1-1-1\n\n\0"s), "id unknown"},
    {"SubscriptionsWithoutEnd", true,
     [] {
       std::string all;
       for (int i = 0; i < 2000; ++i) {
         all += "SUBSCRIBE\nid:" + std::to_string(i) + "\ndestination:/topic/a\n\n\0"s;
       }
       return all;
     },
     "too many subscriptions"},
    {"TransactionsWithoutEnd", true,
     [] {
       std::string all;
       for (int i = 0; i < 10'000; ++i) {
         all += "BEGIN\ntransaction:" + std::to_string(i) + "\n\n\0"s;
       }
       return all;
     },
     "too many transactions"},
    {"TransactionOfManyOctets", true,
     [] {
       return "BEGIN\ntransaction:1\n\n\0"s +
              repeated(send_with("transaction:1\n", std::string(1'000'000, 'x')), 20);
     },
     "transaction too large"},
    {"SelectorOfManyAnds", true,
     [] { return subscribe_with("selector:a=1" + repeated(" AND a=1", 900) + "\n"); },
     "bad selector"},
    {"SelectorNestedDeeply", true,
     [] {
       return subscribe_with("selector:" + repeated("(", 1000) + "a=1" + repeated(")", 1000) +
                             "\n");
     },
     "bad selector"},
    {"DestinationOfNothing", true, say(send_to("")), "destination missing"},
    {"DestinationThatIsLong", true, [] { return send_to("/queue/" + std::string(4000, 'x')); },
     "bad destination"},
    {"DestinationOfTheFileSystem", true, say(send_to("/etc/passwd")), "destination unknown"},
    {"DestinationAboveTheRoot", true, say(send_to("/queue/../../etc/passwd")), "bad destination"},
    {"DestinationWithControls", true, say(send_to("/queue/a\x1b[2J")), "bad destination"},
    {"DestinationWrittenBackwards", true, say(send_to("/queue/a\xe2\x80\xae")), "bad destination"},
};

using Case = std::tuple<Way, Attack>;

class HostileInput : public ServerTest, public testing::WithParamInterface<Case> {
 protected:
  HostileInput() {
    config::ListenerSettings safe;
    safe.name = "safe";
    safe.tls.enabled = true;
    safe.tls.certificates = {directory.write("server.pem", authority.issue({"localhost"}))};
    settings.listeners = {safe};
    start();
  }
  Socket open(Way way) const {
    if (way == Way::tcp || way == Way::websocket) return Socket(server->port(0));
    return {server->port(1), support::TlsWish{}};
  }
  /// The ERROR that STOMP frames on a stream are answered with; then the server ends it.
  std::string answer_on_stream(Way way, const Attack& attack) const {
    StompClient client(open(way));
    if (attack.connected) client.connect();
    write(client.socket(), attack.octets());
    return client.expect_error().header("message");
  }
  /// The same in messages of a WebSocket, of 60 KiB each.
  std::string answer_on_websocket(Way way, const Attack& attack) const {
    WebSocketClient client(open(way));
    if (attack.connected) client.connect();
    const std::string octets = attack.octets();
    try {
      for (std::size_t at = 0; at < octets.size(); at += 60'000) {
        client.frame(WebSocketClient::binary, std::string_view(octets).substr(at, 60'000));
      }
    } catch (const support::Failure&) {  // the server has heard enough
    }
    return client.expect("ERROR").header("message");
  }
  /// The server may have heard enough before all is written.
  static void write(Socket& socket, std::string_view octets) {
    try {
      socket.write(octets);
    } catch (const support::Failure&) {
    }
  }

  support::TemporaryDirectory directory;
  support::Authority authority{"authority"};
};

TEST_P(HostileInput, GetsItsErrorAndDisturbsNobody) {
  const auto& [way, attack] = GetParam();
  auto reader = connect();
  reader.subscribe("/topic/control");
  auto writer = connect();
  const bool on_stream = way == Way::tcp || way == Way::tls;
  EXPECT_EQ(on_stream ? answer_on_stream(way, attack) : answer_on_websocket(way, attack),
            attack.answer);
  writer.publish("/topic/control", "still here");
  EXPECT_EQ(reader.message().body, "still here");
  EXPECT_TRUE(eventually([&] { return server->connections() == 2; })) << "it has been let go";
  EXPECT_TRUE(eventually([&] { return server->broker().memory().used() == 0; }))
      << "and holds nothing";
}

INSTANTIATE_TEST_SUITE_P(Attacks, HostileInput,
                         testing::Combine(testing::Values(Way::tcp, Way::tls, Way::websocket,
                                                          Way::secure_websocket),
                                          testing::ValuesIn(attacks)),
                         [](const auto& tested) {
                           return std::string(std::get<Attack>(tested.param).name) + "By" +
                                  name_of(std::get<Way>(tested.param));
                         });

}  // namespace
}  // namespace romp::integration
