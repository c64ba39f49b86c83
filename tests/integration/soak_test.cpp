// SPDX-License-Identifier: Apache-2.0
// Many connections on two workers publish, subscribe and break off at random. Whatever a RECEIPT
// was given for is consumed once, and memory does not grow.
//
//   ROMP_SOAK_CONNECTIONS=1000 ROMP_SOAK_SECONDS=60 build/dev/bin/soak
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <unordered_set>

#include "support/eventually.hpp"
#include "support/failure.hpp"
#include "support/test_server.hpp"

namespace romp::integration {
namespace {

using support::Frame;
using support::StompClient;
using support::TestServer;
using Clock = std::chrono::steady_clock;

constexpr std::size_t queues = 10;
constexpr unsigned threads = 4;
constexpr int breaks_per_thousand = 10;

std::size_t from_environment(const char* name, std::size_t otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::stoul(text) : otherwise;
}

std::size_t resident_memory() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::string queue(std::size_t number) { return "/queue/soak-" + std::to_string(number % queues); }

/// Which messages were sent and not yet consumed. Any thread.
class Ledger {
 public:
  void sent(const std::string& id) {
    const std::lock_guard lock(mutex_);
    open_.insert(id);
    ++sent_;
  }
  /// Acknowledged, and the broker has said so.
  void settled(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (open_.erase(id) == 0) ++doubled_;
  }
  std::size_t count() const { return sent_; }
  std::size_t open() const { return open_.size(); }
  std::size_t doubled() const { return doubled_; }

 private:
  std::mutex mutex_;
  std::unordered_set<std::string> open_;
  std::size_t sent_ = 0;
  std::size_t doubled_ = 0;
};

config::Settings soak_settings() {
  auto settings = support::test_settings();
  settings.workers = 2;
  settings.destination_defaults.max_deliveries = 0;  // who breaks off often must not lose messages
  return settings;
}

/// One connection, and what it does when it is its turn.
class Participant {
 public:
  Participant(const TestServer& server, Ledger& ledger, std::string name)
      : server_(server), ledger_(ledger), name_(std::move(name)) {}

  void join() {
    client_.emplace(server_.connect(versions[generation_ % 3]));
    client_->subscribe(queue(std::hash<std::string>{}(name_)),
                       {{"ack", "client-individual"}, {"prefetch-count", "20"}, {"id", "q"}});
    client_->subscribe("/topic/soak", {{"id", "t"}});
    ++generation_;
  }

  /// Consumes what has come, and sends one message; the receipt of it stands for the ACKs, too.
  void take_turn(std::mt19937& chance) {
    const auto taken = take_all();
    const std::string id = name_ + "-" + std::to_string(++sent_);
    ledger_.sent(id);
    client_->publish(queue(chance()), id + std::string(chance() % 2000, 'x'), {{"own-id", id}});
    if (chance() % 16 == 0) client_->publish("/topic/soak", name_);
    for (const auto& one : taken) ledger_.settled(one);
  }

  /// Takes what has come and is gone before it acknowledges: others will get it.
  void break_off(std::mt19937& chance) {
    while (client_->receive_if_any()) {
    }
    if (chance() % 2 == 0) {
      client_->socket().reset();
    } else {
      client_->raw("SEND\ndestination:/queue/soak-0\n\nhalf a fra");
      client_->socket().close();
    }
    join();
  }

  /// Only consumes.
  void finish_turn() {
    const auto taken = take_all();
    client_->round_trip();
    for (const auto& one : taken) ledger_.settled(one);
  }

  std::size_t heard() const { return heard_; }

 private:
  static constexpr const char* versions[] = {"1.0", "1.1", "1.2"};

  /// Acknowledges, without waiting, what has come.
  std::vector<std::string> take_all() {
    std::vector<std::string> taken;
    while (const auto frame = client_->receive_if_any()) {
      if (frame->header("subscription") == "t") {
        ++heard_;
        continue;
      }
      if (frame->command != "MESSAGE") throw support::Failure(describe(*frame));
      taken.push_back(frame->header("own-id"));
      client_->send("ACK", {{"id", frame->header("ack")},
                            {"message-id", frame->header("message-id")},
                            {"subscription", "q"}});
    }
    return taken;
  }

  const TestServer& server_;
  Ledger& ledger_;
  std::string name_;
  std::optional<StompClient> client_;
  std::size_t generation_ = 0;
  std::size_t sent_ = 0;
  std::size_t heard_ = 0;
};

/// The participants of one thread, which take turns.
class Driver {
 public:
  Driver(const TestServer& server, Ledger& ledger, unsigned number, std::size_t participants)
      : chance_(number) {
    for (std::size_t i = 0; i < participants; ++i) {
      all_.emplace_back(server, ledger, std::to_string(number) + "-" + std::to_string(i));
    }
  }

  /// Until `end`; then it consumes until nothing is left.
  void run(Clock::time_point end, const std::atomic<bool>& is_drained) {
    for (auto& one : all_) one.join();
    while (Clock::now() < end) {
      auto& one = all_[chance_() % all_.size()];
      if (chance_() % 1000 < breaks_per_thousand) {
        one.break_off(chance_);
      } else {
        one.take_turn(chance_);
      }
    }
    while (!is_drained) {
      for (auto& one : all_) one.finish_turn();
    }
  }

  std::size_t heard() const {
    std::size_t sum = 0;
    for (const auto& one : all_) sum += one.heard();
    return sum;
  }

 private:
  std::mt19937 chance_;
  std::vector<Participant> all_;
};

class Soak : public testing::Test {
 protected:
  Soak() {
    for (unsigned i = 0; i < threads; ++i) {
      drivers.emplace_back(server, ledger, i, connections / threads);
    }
  }

  void start(Clock::time_point end) {
    for (auto& driver : drivers) {
      running.emplace_back([this, &driver, end] {
        try {
          driver.run(end, is_drained);
        } catch (const std::exception& error) {
          ADD_FAILURE() << error.what();
        }
      });
    }
  }

  bool is_empty() {
    for (std::size_t i = 0; i < queues; ++i) {
      const auto counts = server.counts(queue(i));
      if (counts.waiting != 0 || counts.in_flight != 0) return false;
    }
    return true;
  }

  /// Lets the drivers end, whether or not all queues became empty.
  bool finish() {
    const bool emptied =
        support::eventually([this] { return is_empty(); }, std::chrono::minutes(1));
    is_drained = true;
    for (auto& thread : running) thread.join();
    return emptied;
  }

  const std::size_t connections = from_environment("ROMP_SOAK_CONNECTIONS", 200);
  const std::chrono::seconds time{from_environment("ROMP_SOAK_SECONDS", 3)};
  TestServer server{soak_settings()};
  Ledger ledger;
  std::atomic<bool> is_drained{false};
  std::vector<Driver> drivers;
  std::vector<std::thread> running;
};

/// Sanitizers keep freed memory for a while, so growth is measured generously.
[[maybe_unused]] bool is_flat(std::size_t warm, std::size_t end) {
  constexpr std::size_t mi = 1U << 20U;
  return end < warm + warm / 2 + 32 * mi;
}

TEST_F(Soak, LosesNothingDoublesNothingAndKeepsItsMemory) {
  const auto begin = Clock::now();
  start(begin + time);
  std::this_thread::sleep_until(begin + time / 3);
  const std::size_t warm = resident_memory();
  std::this_thread::sleep_until(begin + time);
  const std::size_t end = resident_memory();
  EXPECT_TRUE(finish()) << "messages are left in the queues";
  EXPECT_EQ(ledger.open(), 0U) << "lost, of " << ledger.count();
  EXPECT_EQ(ledger.doubled(), 0U) << "doubled, of " << ledger.count();
#ifndef __SANITIZE_ADDRESS__  // which keeps what was freed, to see it used again
  EXPECT_TRUE(is_flat(warm, end)) << "octets, warm " << warm << ", at the end " << end;
#endif
  EXPECT_EQ(server.broker().memory().used(), 0U);
  EXPECT_GT(ledger.count(), connections);
  std::size_t heard = 0;
  for (const auto& driver : drivers) heard += driver.heard();
  EXPECT_GT(heard, 0U);
  std::cout << connections << " connections, " << ledger.count() << " messages, " << heard
            << " of the topic, " << warm / 1024 << " KiB warm, " << end / 1024
            << " KiB at the end\n";
}

}  // namespace
}  // namespace romp::integration
