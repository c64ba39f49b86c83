// SPDX-License-Identifier: Apache-2.0
// Who listens to the world, and whom it asks for what.
#include <gmock/gmock.h>

#include "unit/config/config_files.hpp"

namespace romp::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(OpenDoors, AreAProblemWhereNobodyIsAskedForALogin) {
  EXPECT_THAT(problems_of("[server]\nbind_address = 0.0.0.0\n"),
              ElementsAre(AllOf(HasSubstr("2: [server] bind_address = 0.0.0.0"),
                                HasSubstr("allow_anonymous = yes"))));
  EXPECT_THAT(problems_of("[listener a]\nport = 0\naddress = ::\n"),
              ElementsAre(HasSubstr("3: [listener a] address = ::")));
  EXPECT_THAT(problems_of("[server]\nports = 61616\nadmin_bind_address = 10.0.0.1\n"),
              ElementsAre(HasSubstr("3: [server] admin_bind_address = 10.0.0.1")));
}

TEST(OpenDoors, AreFineOnceTheOperatorHasSaidSo) {
  EXPECT_THAT(problems_of("[server]\nbind_address = ::\nallow_anonymous = yes\n"), IsEmpty());
}

TEST(OpenDoors, AreFineWhereEverybodyIsAsked) {
  const std::string open = "[server]\nbind_address = 0.0.0.0\n";
  EXPECT_THAT(problems_of(open + "user_file = romp.passwd\n"), IsEmpty());
  EXPECT_THAT(problems_of(open + "login = a\npasscode = b\n"), IsEmpty());
  EXPECT_THAT(problems_of(open + "secret = alohomora alohomora\n"), IsEmpty());
}

TEST(OpenDoors, AreFineWhereEverybodyNeedsACertificate) {
  const std::string listener =
      "[listener a]\nport = 0\naddress = ::\ntls = yes\ncertificate = c\nkey = k\nca = a\n";
  EXPECT_THAT(problems_of(listener + "verify = required\n"), IsEmpty());
  EXPECT_THAT(problems_of(listener + "verify = optional\n"), testing::SizeIs(1));
}

TEST(OpenDoors, AreFineOnThisMachineOrWhereNobodyGetsASession) {
  EXPECT_THAT(problems_of("[server]\nbind_address = 127.0.0.2\nadmin_bind_address = ::1\n"),
              IsEmpty());
  EXPECT_THAT(problems_of("[listener a]\nport = 0\naddress = ::\nprotocols = http\n"), IsEmpty());
}

TEST(Secrets, AreNotTooShort) {
  EXPECT_THAT(problems_of("[server]\nsecret = alohomora\n"),
              ElementsAre(AllOf(HasSubstr("2: [server] secret"), HasSubstr("12 octets"),
                                testing::Not(HasSubstr("alohomora")))));
}

TEST(PermissionSections, SayWhoMayDoWhat) {
  const auto settings = settings_of(
      "[permission clerks]\nusers = harry, ron\nroles = clerk\nread = /queue/*, !/queue/secret\n"
      "write = /topic/%u/*\n");
  ASSERT_EQ(settings.permissions.size(), 1U);
  const auto& permission = settings.permissions.front();
  EXPECT_EQ(permission.name, "clerks");
  EXPECT_THAT(permission.users, ElementsAre("harry", "ron"));
  EXPECT_THAT(permission.read, ElementsAre("/queue/*", "!/queue/secret"));
  EXPECT_EQ(permission.lines.at("write"), "romp.ini:5");
}

TEST(PermissionSections, ThatCannotBeMeantAreProblems) {
  EXPECT_THAT(
      problems_of("[permission a]\nread = /queue/*\n[permission b]\nusers = *\n"
                  "[permission c]\nroles = x\nwrite = /a/%x, !\nreed = a\n"),
      ElementsAre(HasSubstr("1: [permission a]: is about nobody"),
                  HasSubstr("3: [permission b]: allows and forbids nothing"),
                  HasSubstr("7: [permission c] write = /a/%x: behind % stands u"),
                  HasSubstr("7: [permission c] write = !: there is nothing behind !"),
                  HasSubstr("8: [permission c] reed: unknown key; did you mean \"read\"?")));
}

}  // namespace
}  // namespace romp::config
