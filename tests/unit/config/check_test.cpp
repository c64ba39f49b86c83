// SPDX-License-Identifier: Apache-2.0
#include "config/check.hpp"

#include <gmock/gmock.h>

#include "unit/config/config_files.hpp"

namespace romp::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Check, RefusesAPasscodeWithoutLoginAndALoginWithoutPasscode) {
  EXPECT_THAT(problems_of("[server]\npasscode = x\n"),
              ElementsAre("2: [server] passcode without login: nobody would be asked for either"));
  EXPECT_THAT(problems_of("[server]\nlogin = x\n"),
              ElementsAre("2: [server] login without passcode: nobody would be asked for either"));
  EXPECT_THAT(problems_of("[server]\nlogin = x\npasscode = y\n"), IsEmpty());
}

TEST(Check, RefusesAFastestHeartBeatAboveTheSlowest) {
  EXPECT_THAT(problems_of("[stomp]\nheart_beat_write_min = 5m\n"),
              ElementsAre("2: [stomp] heart_beat_write_min = 5m: is more than [stomp] "
                          "heart_beat_write_max = 3m"));
  EXPECT_THAT(problems_of("[stomp]\nheart_beat_write_max = 100ms\n"),
              ElementsAre("2: [stomp] heart_beat_write_min = 500ms: is more than [stomp] "
                          "heart_beat_write_max = 100ms"));
  EXPECT_THAT(problems_of("[stomp]\nheart_beat_write_min = 5m\nheart_beat_write_max = 0\n"),
              IsEmpty());
}

TEST(Check, RefusesTlsThatCouldNotBeSpoken) {
  EXPECT_THAT(problems_of("[listener a]\nport = 1\ntls = yes\n"),
              ElementsAre("3: [listener a] tls = yes: has no certificate"));
  EXPECT_THAT(
      problems_of("[listener a]\nport = 1\ntls = yes\ncertificate = a b\nkey = c\n"),
      ElementsAre("5: [listener a] key: expected as many files as certificate has, or none"));
  EXPECT_THAT(
      problems_of("[listener a]\nport = 1\ntls = yes\ncertificate = a\nverify = required\n"),
      ElementsAre("5: [listener a] verify: has no ca to verify by"));
  EXPECT_THAT(problems_of("[listener a]\nport = 1\ntls = yes\ncertificate = a\ncrl = c\n"),
              ElementsAre("5: [listener a] crl: counts only with verify = optional or required"));
}

TEST(Check, RefusesKeysOfTlsOnAListenerThatIsInClear) {
  EXPECT_THAT(problems_of("[listener a]\nport = 1\ncertificate = a\nverify = required\n"),
              ElementsAre("3: [listener a] certificate: counts only with tls = yes",
                          "4: [listener a] verify: counts only with tls = yes"));
}

TEST(Check, RefusesAnOutboxMarkAboveTheLimit) {
  EXPECT_THAT(
      problems_of("[stomp]\noutbox_limit = 1000\noutbox_mark = 1001\n"),
      ElementsAre("3: [stomp] outbox_mark = 1001: is more than [stomp] outbox_limit = 1000"));
}

TEST(Check, RefusesLessMemoryThanOneMessageTakes) {
  EXPECT_THAT(problems_of("[server]\nmax_memory = 1MiB\n"),
              ElementsAre("2: [stomp] max_message_size = 16MiB: is more than [server] max_memory = "
                          "1MiB"));
}

TEST(Check, RefusesADestinationsMessagesAboveTheServers) {
  EXPECT_THAT(
      problems_of("[destination /queue/a]\nmax_message_size = 17MiB\n"),
      ElementsAre("2: [destination /queue/a] max_message_size = 17MiB: is more than [stomp] "
                  "max_message_size = 16MiB"));
  EXPECT_THAT(problems_of("[destinations]\nmax_message_size = 17MiB\n[destination /queue/a]\n"),
              ElementsAre("2: [destinations] max_message_size = 17MiB: is more than [stomp] "
                          "max_message_size = 16MiB"));
}

TEST(Check, RefusesATopicWithMinDelivery) {
  EXPECT_THAT(problems_of("[destination a]\ntype = topic\nmin_delivery = 2\n"),
              ElementsAre("3: [destination a] min_delivery = 2: a topic gives each message to all; "
                          "write type = queue or leave it out"));
}

TEST(Check, RefusesADestinationAsItsOwnDeadLetter) {
  EXPECT_THAT(problems_of("[destination /queue/a]\ndead_letter = /queue/a\n"),
              ElementsAre("2: [destination /queue/a] dead_letter: is this destination itself"));
  EXPECT_THAT(problems_of("[destination /queue/dead-letter]\nexpiry = 7d\n"), IsEmpty());
}

}  // namespace
}  // namespace romp::config
