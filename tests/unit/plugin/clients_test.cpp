// SPDX-License-Identifier: Apache-2.0
#include "plugin/clients.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "plugin/null_gateway.hpp"
#include "plugin/text.hpp"

namespace romp::plugin::test {
namespace {

using namespace std::string_literals;
using Kind = Arrived::Kind;
using testing::ElementsAre;
using testing::IsEmpty;

/// Writes down what is asked of a connection.
class FakeOutbound final : public Outbound {
 public:
  romp_status send(std::uint64_t epoch, const Outgoing& frame) override {
    done.push_back("send " + std::to_string(epoch) + " " + std::string(frame.body));
    return ROMP_OK;
  }
  romp_status submit(std::string_view client, const Outgoing& frame) override {
    done.push_back("submit " + std::string(client) + " " + std::string(frame.body));
    return ROMP_OK;
  }
  void hold(Reason, bool on) override { done.push_back(on ? "hold" : "go on"); }
  void restart(std::string_view why) override { done.push_back("restart " + std::string(why)); }
  void close() override { done.emplace_back("close"); }
  romp_client_status status() const override { return {}; }

  std::vector<std::string> done;
};

/// Dials in vain, and runs tasks when it is told to.
class DialGateway final : public NullGateway {
 public:
  romp_status dial(const OutboundWish& wish, PutArrived to, std::shared_ptr<Outbound>& made,
                   std::string& why) override {
    if (wish.address == "wrong") return why = "no address", ROMP_E_INVAL;
    put = std::move(to);
    if (while_dialling) while_dialling();
    made = outbound;
    return ROMP_OK;
  }
  void on_worker(std::function<void()> task) override { tasks.push_back(std::move(task)); }
  void run_all() {
    while (!tasks.empty()) {
      const auto task = std::move(tasks.front());
      tasks.pop_front();
      task();
    }
  }

  PutArrived put;
  std::function<void()> while_dialling;
  std::shared_ptr<FakeOutbound> outbound = std::make_shared<FakeOutbound>();
  std::deque<std::function<void()>> tasks;
};

std::unique_ptr<stomp::Batch> batch(const std::string& octets) {
  stomp::BatchReader reader{stomp::Limits()};
  return reader.take(octets);
}

class ClientsTest : public testing::Test {
 protected:
  /// As instances end: what was posted and not run is cancelled.
  ~ClientsTest() override { tasks->finish(); }

  romp_status open(const std::string& address = "edge:1") {
    OutboundWish wish;
    wish.address = address;
    return clients->open(wish, callbacks(), id, why);
  }
  Clients::Callbacks callbacks() {
    const auto note = [](void* user, std::string line) {
      static_cast<ClientsTest*>(user)->told.push_back(std::move(line));
    };
    static const auto write = note;
    return {[](void* user, romp_conn_id, const romp_frame* f) {
              write(user, "up " + std::string(view(romp_frame_header(f, ROMP_STR("version")))));
            },
            [](void* user, romp_conn_id, const romp_frame* f) {
              write(user, std::string(view(f->verb)) + " " + std::string(view(f->body)));
              if (view(f->body) == "ouch") throw std::runtime_error("ouch");
            },
            [](void* user, romp_conn_id, romp_str client, const romp_frame* f) {
              write(user, std::string(view(client)) + ": " + std::string(view(f->body)));
            },
            [](void* user, romp_conn_id, romp_status status, romp_str text) {
              write(user, "down " + std::to_string(status) + " " + std::string(view(text)));
            },
            [](void* user, romp_conn_id) { write(user, "closed"); },
            this};
  }
  void up(std::uint64_t epoch = 1) {
    gateway.put({Kind::up, epoch, ROMP_OK, {}, batch("CONNECTED\nversion:1.2\n\n\0"s)});
  }
  void frames(const std::string& octets) {
    gateway.put({Kind::frames, 0, ROMP_OK, {}, batch(octets)});
  }
  void down() { gateway.put({Kind::down, 1, ROMP_E_GONE, "lost", nullptr}); }
  romp_status send() {
    Outgoing frame;
    frame.body = "x";
    return clients->send(id, frame);
  }
  static std::string message(const std::string& body) { return "MESSAGE\n\n" + body + '\0'; }

  DialGateway gateway;
  std::shared_ptr<Tasks> tasks =
      std::make_shared<Tasks>(gateway, [this](const Tasks::Task& task, romp_status status, Mark) {
        try {
          task.function(task.arg, status);
        } catch (const std::exception& e) {
          thrown.emplace_back(e.what());
        }
      });
  std::shared_ptr<Clients> clients = std::make_shared<Clients>(gateway, tasks);
  std::vector<std::string> told;
  std::vector<std::string> thrown;
  std::string why;
  romp_conn_id id = 0;
};

TEST_F(ClientsTest, WhatComesIsToldOnTheStrandInOrder) {
  ASSERT_EQ(open(), ROMP_OK);
  up();
  frames(message("1") + message("2"));
  gateway.put({Kind::answers, 0, ROMP_OK, "K1", batch(message("3"))});
  down();
  EXPECT_THAT(told, IsEmpty());
  gateway.run_all();
  EXPECT_THAT(told, ElementsAre("up 1.2", "MESSAGE 1", "MESSAGE 2", "K1: 3", "down -3 lost"));
}

TEST_F(ClientsTest, NothingIsSentBeforeThePluginKnowsOfTheConnection) {
  ASSERT_EQ(open(), ROMP_OK);
  up(7);
  EXPECT_EQ(send(), ROMP_E_STATE);
  gateway.run_all();
  EXPECT_EQ(send(), ROMP_OK);
  down();
  gateway.run_all();
  EXPECT_EQ(send(), ROMP_E_STATE);
  EXPECT_THAT(gateway.outbound->done, ElementsAre("send 7 x"));
}

TEST_F(ClientsTest, AServerThatIsQuickerThanOpenIsHeardAfterIt) {
  gateway.while_dialling = [this] {
    up();
    gateway.run_all();
    EXPECT_THAT(told, IsEmpty());
  };
  ASSERT_EQ(open(), ROMP_OK);
  gateway.run_all();
  EXPECT_THAT(told, ElementsAre("up 1.2"));
}

TEST_F(ClientsTest, TheServerIsNotReadWhileTooMuchWaits) {
  ASSERT_EQ(open(), ROMP_OK);
  const std::string large(Clients::mark / 4, 'x');
  for (int i = 0; i < 5; ++i) frames(message(large));
  EXPECT_THAT(gateway.outbound->done, ElementsAre("hold"));
  gateway.run_all();
  EXPECT_THAT(gateway.outbound->done, ElementsAre("hold", "go on"));
  EXPECT_EQ(told.size(), 5U);
}

TEST_F(ClientsTest, WhatIsThrownStopsNothing) {
  ASSERT_EQ(open(), ROMP_OK);
  frames(message("ouch") + message("2"));
  frames(message("3"));
  gateway.run_all();
  EXPECT_THAT(told, ElementsAre("MESSAGE ouch", "MESSAGE 2", "MESSAGE 3"));
  EXPECT_THAT(thrown, ElementsAre("ouch"));
}

TEST_F(ClientsTest, TheEndComesOnceAndNothingBehindIt) {
  ASSERT_EQ(open(), ROMP_OK);
  frames(message("1"));
  EXPECT_EQ(clients->close(id), ROMP_OK);
  EXPECT_EQ(clients->close(id), ROMP_E_GONE);
  EXPECT_EQ(send(), ROMP_E_GONE);
  frames(message("2"));
  gateway.run_all();
  EXPECT_THAT(told, ElementsAre("closed"));
  EXPECT_THAT(gateway.outbound->done, ElementsAre("close"));
}

TEST_F(ClientsTest, AllEndWhenTheInstanceStops) {
  ASSERT_EQ(open(), ROMP_OK);
  clients->pause();
  EXPECT_EQ(open(), ROMP_E_CANCELLED);
  clients->finish([](const std::function<void()>& closed) { closed(); });
  gateway.run_all();
  EXPECT_THAT(told, ElementsAre("closed"));
  EXPECT_THAT(gateway.outbound->done, ElementsAre("close"));
}

TEST_F(ClientsTest, OneThatCannotBeMadeLeavesNothing) {
  EXPECT_EQ(open("wrong"), ROMP_E_INVAL);
  EXPECT_EQ(why, "no address");
  EXPECT_THAT(clients->all(), IsEmpty());
}

TEST_F(ClientsTest, ThereAreSoManyAndNoMore) {
  for (std::size_t i = 0; i < Clients::most; ++i) ASSERT_EQ(open(), ROMP_OK);
  EXPECT_EQ(open(), ROMP_E_AGAIN);
}

}  // namespace
}  // namespace romp::plugin::test
