// SPDX-License-Identifier: Apache-2.0
// What a stranger may do beside sending frames that are wrong. A pair of clients beside goes on.
#include <boost/beast/zlib/deflate_stream.hpp>
#include <fstream>

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

constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// So many NUL octets as permessage-deflate sends them: without the last four octets.
std::string deflated_zeros(std::size_t size) {
  namespace zlib = boost::beast::zlib;
  zlib::deflate_stream stream;
  stream.reset(9, 15, 9, zlib::Strategy::normal);
  const std::string zeros(mebibyte, '\0');
  std::string out(size / 500, '\0');
  zlib::z_params step;
  step.next_out = out.data();
  step.avail_out = out.size();
  boost::beast::error_code error;
  for (std::size_t done = 0; done < size && !error; done += zeros.size()) {
    step.next_in = zeros.data();
    step.avail_in = zeros.size();
    stream.write(step, zlib::Flush::none, error);
  }
  stream.write(step, zlib::Flush::full, error);
  out.resize(out.size() - step.avail_out);
  out.resize(out.size() - 4);
  return out;
}

class HostileNetwork : public ServerTest {
 protected:
  void start_with_pair() {
    start();
    reader.emplace(connect());
    reader->subscribe("/topic/control");
    writer.emplace(connect());
    exchange();
    resident_before_ = resident();
  }
  void exchange() {
    writer->publish("/topic/control", std::to_string(++sent_));
    EXPECT_EQ(reader->message().body, std::to_string(sent_));
  }
  /// The pair goes on, everybody else has gone, and memory is where it was but for so much.
  void expect_unharmed([[maybe_unused]] std::size_t allowance = 32 * mebibyte) {
    exchange();
    EXPECT_TRUE(eventually([&] { return server->connections() == 2; }));
    exchange();
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    EXPECT_LT(resident(), resident_before_ + allowance);
#endif
  }
  static std::size_t resident() {
    std::ifstream file("/proc/self/statm");
    std::size_t pages = 0;
    file >> pages >> pages;
    return pages * 4096;
  }

  std::optional<StompClient> reader;
  std::optional<StompClient> writer;

 private:
  std::size_t resident_before_ = 0;
  int sent_ = 0;
};

TEST_F(HostileNetwork, BearsAStormOfResets) {
  start_with_pair();
  for (int i = 0; i < 1000; ++i) {
    Socket socket(server->port());
    if (i % 3 == 1) socket.write("CONNECT\naccept-ver");
    if (i % 3 == 2) socket.write("GET /healthz HTTP/1.1\r\n");
    socket.reset();
  }
  expect_unharmed();
}

TEST_F(HostileNetwork, BearsClientsThatSendAndNeverRead) {
  settings.connect_timeout = std::chrono::milliseconds(200);
  start_with_pair();
  std::vector<Socket> silent;
  for (int i = 0; i < 200; ++i) silent.emplace_back(server->port()).write("CONN");
  exchange();
  expect_unharmed();
}

TEST_F(HostileNetwork, BearsAFloodOfHandshakesThatAreNone) {
  support::TemporaryDirectory directory;
  support::Authority authority("authority");
  config::ListenerSettings safe;
  safe.name = "safe";
  safe.tls.enabled = true;
  safe.tls.certificates = {directory.write("server.pem", authority.issue({"localhost"}))};
  settings.listeners = {safe};
  settings.connect_timeout = std::chrono::milliseconds(300);
  start_with_pair();
  std::vector<Socket> flood;
  for (int i = 0; i < 300; ++i) {
    flood.emplace_back(server->port(1))
        .write(i % 2 == 0 ? "\x16\x03\x01\x02"s : "\x16\x03\x01\x00\x02\x01\x00"s);
  }
  exchange();
  expect_unharmed();
}

TEST_F(HostileNetwork, SlowsDownWhoFloodsItWithLineEnds) {
  settings.connection_octets = 1'000'000;
  start_with_pair();
  auto flooding = connect();
  const std::string beats(100'000, '\n');
  std::size_t sent = 0;
  for (int quiet = 0; quiet < 10 && sent < 100'000'000;) {
    const auto n = flooding.socket().write_some(beats);
    sent += n;
    if (n != 0) continue;
    ++quiet;
    exchange();
  }
  EXPECT_LT(sent, 50'000'000U) << "it is not read from for a while";
  flooding.socket().reset();
  expect_unharmed();
}

TEST_F(HostileNetwork, BurstsNoCompressedBomb) {
  settings.websockets_deflate = true;
  start_with_pair();
  WebSocketClient client(server->port(), "v12.stomp",
                         {{"Sec-WebSocket-Extensions",
                           "permessage-deflate; client_max_window_bits; "
                           "client_no_context_takeover; server_no_context_takeover"}});
  ASSERT_NE(client.handshake().header("sec-websocket-extensions"), "");
  const std::string bomb = deflated_zeros(100 * mebibyte);
  ASSERT_LT(bomb.size(), mebibyte);
  client.frame(WebSocketClient::binary, bomb, {true, true, 4});
  EXPECT_THROW(
      {
        while (true) client.receive();
      },
      support::Failure)
      << "the connection ends";
  expect_unharmed();
}

TEST_F(HostileNetwork, BearsAMillionFragments) {
  start_with_pair();
  WebSocketClient client(server->port());
  client.frame(WebSocketClient::text, "C", {false, true, 0});
  std::string fragments;
  for (int i = 0; i < 100'000; ++i) fragments += "\x00\x81\0\0\0\0x"s;
  try {
    for (int i = 0; i < 10; ++i) client.raw(fragments);
  } catch (const support::Failure&) {  // the server has heard enough
  }
  EXPECT_EQ(client.expect("ERROR").header("message"), "bad command");
  client.socket().reset();
  expect_unharmed();
}

TEST_F(HostileNetwork, GoesOnWhileHundredsOfReadersDoNotRead) {
  settings.outbox_limit = mebibyte;
  start_with_pair();
  {
    std::vector<StompClient> slow;
    for (int i = 0; i < 200; ++i) {
      slow.emplace_back(server->port(), 4096);
      slow.back().connect();
      slow.back().subscribe("/topic/flood");
    }
    for (int i = 0; i < 100; ++i) writer->publish("/topic/flood", std::string(100'000, 'x'));
    exchange();
  }
  expect_unharmed(400 * mebibyte);
}

}  // namespace
}  // namespace romp::integration
