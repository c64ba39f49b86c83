// SPDX-License-Identifier: Apache-2.0
// What whoever gets hold of a core file of the daemon does not find in it.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "auth/password_hash.hpp"
#include "base/log.hpp"
#include "support/broker_process.hpp"
#include "support/eventually.hpp"
#include "support/stomp_client.hpp"

namespace romp::integration {
namespace {

using support::BrokerProcess;
using support::StompClient;

const std::string right = "zebra quagga 77";
const std::string wrong = "okapi tapir 88";

class SecretMemory : public testing::Test {
 protected:
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  void SetUp() override { GTEST_SKIP() << "NOT CHECKED: a sanitizer keeps what was written"; }
#endif
  static std::string connect_frame(const std::string& passcode) {
    return "CONNECT\naccept-version:1.2\nhost:h\nlogin:ann\npasscode:" + passcode + "\n\n" +
           std::string(1, '\0');
  }
  BrokerProcess listening() const {
    const auto users = directory.write("romp.passwd", "ann:" + auth::hash_password(right) + "\n");
    return BrokerProcess::listening("[server]\nports = 0\nuser_file = " + users + "\n");
  }
  /// The part of that process's memory that holds the text, and what is before it; empty: none.
  static std::string place_of(const std::string& text, const BrokerProcess& broker) {
    const std::string process = "/proc/" + std::to_string(broker.pid());
    std::ifstream maps(process + "/maps");
    std::ifstream memory(process + "/mem", std::ios::binary);
    EXPECT_TRUE(maps && memory);
    std::size_t looked_at = 0;
    for (std::string line; std::getline(maps, line);) {
      std::istringstream words(line);
      std::size_t begin = 0;
      std::size_t end = 0;
      char dash = 0;
      std::string rights;
      words >> std::hex >> begin >> dash >> end >> rights;
      if (!rights.starts_with("rw")) continue;
      std::string octets(end - begin, '\0');
      memory.clear();
      memory.seekg(static_cast<std::streamoff>(begin));
      memory.read(octets.data(), static_cast<std::streamsize>(octets.size()));
      looked_at += static_cast<std::size_t>(memory.gcount());
      const auto at = octets.find(text);
      if (at == octets.npos) continue;
      return line + ": " +
             base::log::printable(octets.substr(at - std::min<std::size_t>(at, 64), 64));
    }
    EXPECT_GT(looked_at, std::size_t{1} << 20);
    return "";
  }
  /// Soon, since a thread that has checked it may not have let go of it when its client is told.
  static void expect_gone(const std::string& text, const BrokerProcess& broker) {
    EXPECT_TRUE(support::eventually([&] { return place_of(text, broker).empty(); }))
        << place_of(text, broker);
  }

  support::TemporaryDirectory directory;
};

TEST_F(SecretMemory, HoldsNoPasscodeThatAClientHasSaid) {
  const auto broker = listening();
  StompClient let_in(broker.port());
  let_in.raw(connect_frame(right));
  let_in.expect("CONNECTED");
  StompClient refused(broker.port());
  refused.raw(connect_frame(wrong));
  refused.expect_error("login refused");
  expect_gone(right, broker);
  expect_gone(wrong, broker);
  let_in.publish("/topic/a", "a message that is looked for");
  EXPECT_NE(place_of("a message that is looked for", broker), "") << "or this test finds nothing";
}

TEST_F(SecretMemory, HoldsNoPasscodeThatCameInPieces) {
  const auto broker = listening();
  StompClient client(broker.port());
  auto frame = connect_frame(right);
  client.raw(frame.substr(0, frame.size() - 1));
  StompClient other(broker.port());
  other.raw(connect_frame(wrong));
  other.expect_error("login refused");
  client.raw(frame.substr(frame.size() - 1));
  client.expect("CONNECTED");
  expect_gone(right, broker);
}

TEST_F(SecretMemory, HoldsNoPasscodeOfAClientThatWentWhileItWasChecked) {
  const auto broker = listening();
  {
    StompClient client(broker.port());
    client.raw(connect_frame(right));
  }
  StompClient refused(broker.port());
  refused.raw(connect_frame(wrong));
  refused.expect_error("login refused");
  expect_gone(right, broker);
}

}  // namespace
}  // namespace romp::integration
