// SPDX-License-Identifier: Apache-2.0
#include "client/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <thread>

#include "support/eventually.hpp"
#include "support/scripted_server.hpp"

namespace romp::client {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using support::ScriptedServer;
using support::ServedClient;
using testing::ElementsAre;
using testing::HasSubstr;

/// Writes down what a connection tells.
class Diary final : public Owner {
 public:
  void on_up(std::uint64_t epoch, std::unique_ptr<stomp::Batch> connected) override {
    note("up " + std::to_string(epoch) + " " +
         std::string(connected->find(connected->items.front(), "version")));
  }
  void on_frames(std::unique_ptr<stomp::Batch> frames) override {
    for (const auto& item : frames->items)
      note(std::string(item.word) + " " + std::string(item.body));
  }
  void on_down(std::uint64_t, bool refused, const std::string& why) override {
    note((refused ? "refused: " : "down: ") + why);
  }

  /// The first one that has not been taken yet.
  std::string next() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, support::patience, [this] { return taken_ < lines_.size(); })) {
      return "nothing came";
    }
    return lines_[taken_++];
  }

 private:
  void note(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::size_t taken_ = 0;
};

class ClientConnection : public testing::Test {
 protected:
  ClientConnection() {
    settings.retry_min = 20ms;
    settings.retry_max = 80ms;
    settings.heart_in = settings.heart_out = 0ms;
    worker.start();
  }
  ~ClientConnection() override {
    if (connection) on_worker([this] { connection->close(); });
    worker.stop();
  }

  void on_worker(const std::function<void()>& task) {
    std::promise<void> done;
    worker.post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }
  void begin(const std::string& addresses) {
    std::string why;
    settings.addresses = addresses_of(addresses, why);
    ASSERT_EQ(why, "");
    connection = new Connection(worker, settings, nullptr, diary);
    on_worker([this] { connection->start(); });
  }
  Connection::Sent send(std::uint64_t epoch, std::string_view body) {
    const stomp::Header to{"destination", "/queue/a"};
    return connection->send(epoch, stomp::Command::send, {&to, 1}, body);
  }

  net::Worker worker{0};
  Settings settings;
  Diary diary;
  base::Ptr<Connection> connection;
};

TEST_F(ClientConnection, SaysConnectAndThenSendsAndReceives) {
  ScriptedServer server;
  settings.login = "me";
  begin(server.address());
  auto peer = server.accept();
  EXPECT_EQ(peer.welcome().header("login"), "me");
  EXPECT_EQ(diary.next(), "up 1 1.2");
  EXPECT_EQ(send(1, "hello"), Connection::Sent::taken);
  const auto sent = peer.expect("SEND");
  EXPECT_EQ(sent.header("destination"), "/queue/a");
  EXPECT_EQ(sent.body, "hello");
  peer.send("MESSAGE", {{"message-id", "1"}}, "answer");
  EXPECT_EQ(diary.next(), "MESSAGE answer");
  EXPECT_EQ(connection->status().state, State::up);
  EXPECT_EQ(connection->status().frames_in, 1U);
}

TEST_F(ClientConnection, TakesFramesThatComeRightBehindConnected) {
  ScriptedServer server;
  begin(server.address());
  auto peer = server.accept();
  peer.expect("CONNECT");
  peer.raw("CONNECTED\nversion:1.1\n\n\0\nMESSAGE\nx:a\\cb\n\nearly\0"s);
  EXPECT_EQ(diary.next(), "up 1 1.1");
  EXPECT_EQ(diary.next(), "MESSAGE early");
}

TEST_F(ClientConnection, DialsAgainWhenTheServerCloses) {
  ScriptedServer server;
  begin(server.address());
  for (int i = 1; i <= 3; ++i) {
    auto peer = server.accept();
    peer.welcome();
    EXPECT_EQ(diary.next(), "up " + std::to_string(i) + " 1.2");
    peer.socket().close();
    EXPECT_EQ(diary.next(), "down: the server has closed the connection");
  }
}

TEST_F(ClientConnection, NeverSendsToTheNextConnectionWhatWasMeantForTheLast) {
  ScriptedServer server;
  begin(server.address());
  EXPECT_EQ(send(1, "too early"), Connection::Sent::not_up);
  auto first = server.accept();
  first.welcome();
  EXPECT_EQ(diary.next(), "up 1 1.2");
  first.socket().close();
  EXPECT_THAT(diary.next(), HasSubstr("down"));
  auto second = server.accept();
  second.welcome();
  EXPECT_EQ(diary.next(), "up 2 1.2");
  EXPECT_EQ(send(1, "too late"), Connection::Sent::not_up);
  EXPECT_EQ(send(2, "in time"), Connection::Sent::taken);
  EXPECT_EQ(second.expect("SEND").body, "in time");
}

TEST_F(ClientConnection, TriesTheOtherAddresses) {
  ScriptedServer server;
  std::uint16_t unused = 0;
  {
    const ScriptedServer gone;
    unused = gone.port();
  }
  begin("127.0.0.1:" + std::to_string(unused) + "," + server.address());
  EXPECT_THAT(diary.next(), HasSubstr("down: connecting to 127.0.0.1:" + std::to_string(unused)));
  auto peer = server.accept();
  peer.welcome();
  EXPECT_EQ(diary.next(), "up 1 1.2");
}

TEST_F(ClientConnection, SaysWhyAServerRefuses) {
  ScriptedServer server;
  begin(server.address());
  auto peer = server.accept();
  peer.expect("CONNECT");
  peer.send("ERROR", {{"message", "auth err"}});
  EXPECT_EQ(diary.next(), "refused: the server refuses the connection: auth err");
  server.accept().welcome();
  EXPECT_EQ(diary.next(), "up 1 1.2");
}

TEST_F(ClientConnection, GivesUpAServerThatDoesNotAnswer) {
  ScriptedServer server;
  settings.connect_timeout = 40ms;
  begin(server.address());
  auto silent = server.accept();
  EXPECT_EQ(diary.next(), "down: no CONNECTED in time");
  silent.expect_closed();
}

TEST_F(ClientConnection, SendsSingleLineEndsAsBeats) {
  ScriptedServer server;
  settings.heart_out = 60ms;
  begin(server.address());
  auto peer = server.accept();
  peer.welcome({{"version", "1.2"}, {"heart-beat", "0,60"}});
  peer.wait_for_beats(3);
  EXPECT_EQ(diary.next(), "up 1 1.2");
}

TEST_F(ClientConnection, GivesUpAServerThatDoesNotBeat) {
  ScriptedServer server;
  settings.heart_in = 40ms;
  begin(server.address());
  auto peer = server.accept();
  peer.welcome({{"version", "1.2"}, {"heart-beat", "40,0"}});
  EXPECT_EQ(diary.next(), "up 1 1.2");
  EXPECT_EQ(diary.next(), "down: nothing has come in twice the time agreed");
}

TEST_F(ClientConnection, IsRenewedWhenItIsOld) {
  ScriptedServer server;
  settings.max_age = 60ms;
  begin(server.address());
  auto first = server.accept();
  first.welcome();
  EXPECT_EQ(diary.next(), "up 1 1.2");
  EXPECT_EQ(diary.next(), "down: it has reached its age");
  auto second = server.accept();
  second.welcome();
  EXPECT_EQ(diary.next(), "up 2 1.2");
}

TEST_F(ClientConnection, BoundsWhatWaitsToBeWritten) {
  ScriptedServer server;
  settings.most_output = 100'000;
  begin(server.address());
  auto peer = server.accept();
  peer.welcome();
  EXPECT_EQ(diary.next(), "up 1 1.2");
  const std::string body(50'000, 'x');
  std::size_t taken = 0;
  auto sent = send(1, body);
  for (; sent == Connection::Sent::taken; sent = send(1, body)) ++taken;
  EXPECT_EQ(sent, Connection::Sent::full);
  for (std::size_t i = 0; i < taken; ++i) EXPECT_EQ(peer.expect("SEND").body, body);
  EXPECT_TRUE(support::eventually([&] { return send(1, "again") == Connection::Sent::taken; }));
  EXPECT_EQ(peer.expect("SEND").body, "again");
}

TEST_F(ClientConnection, ReadsNothingWhileItIsPaused) {
  ScriptedServer server;
  begin(server.address());
  auto peer = server.accept();
  peer.welcome();
  EXPECT_EQ(diary.next(), "up 1 1.2");
  peer.send("MESSAGE", {}, "1");
  EXPECT_EQ(diary.next(), "MESSAGE 1");
  on_worker([this] { connection->pause(); });
  peer.send("MESSAGE", {}, "2");
  const std::string large(4'000'000, '\n');
  std::size_t taken = 0;
  for (std::size_t n = 1; n != 0; taken += n) n = peer.socket().write_some(large);
  EXPECT_LT(connection->status().frames_in, 3U);
  on_worker([this] { connection->go_on(); });
  EXPECT_EQ(diary.next(), "MESSAGE 2");
}

TEST_F(ClientConnection, RefusesAHeaderThatOneDotZeroCannotSpell) {
  ScriptedServer server;
  settings.versions = "1.0";
  begin(server.address());
  auto peer = server.accept();
  peer.welcome({});
  EXPECT_EQ(diary.next(), "up 1 ");
  const stomp::Header forged{"x", "a\nb"};
  EXPECT_EQ(connection->send(1, stomp::Command::send, {&forged, 1}, ""), Connection::Sent::unfit);
}

TEST_F(ClientConnection, LosesAServerThatSendsWhatIsNoFrame) {
  ScriptedServer server;
  begin(server.address());
  auto peer = server.accept();
  peer.welcome();
  EXPECT_EQ(diary.next(), "up 1 1.2");
  peer.raw("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_THAT(diary.next(), HasSubstr("down: the server sends what cannot be read"));
}

TEST_F(ClientConnection, SaysDisconnectWhenItIsClosed) {
  ScriptedServer server;
  begin(server.address());
  auto peer = server.accept();
  peer.welcome();
  EXPECT_EQ(diary.next(), "up 1 1.2");
  EXPECT_EQ(send(1, "last"), Connection::Sent::taken);
  on_worker([this] { connection->close(); });
  EXPECT_EQ(peer.expect("SEND").body, "last");
  peer.expect("DISCONNECT");
  peer.expect_closed();
  EXPECT_EQ(connection->status().state, State::closed);
}

}  // namespace
}  // namespace romp::client
