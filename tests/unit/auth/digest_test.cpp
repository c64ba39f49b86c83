// SPDX-License-Identifier: Apache-2.0
#include "auth/digest.hpp"

#include <gmock/gmock.h>

namespace romp::auth {
namespace {

TEST(Digest, AgreesWithThePublishedVectors) {
  EXPECT_EQ(base64(sha1("abc")), "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
  EXPECT_EQ(sha256("abc"),
            sha256_from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  // RFC 4231, 4.3
  EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),
            sha256_from_hex("5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"));
}

TEST(Digest, ReadsBase64AndNothingElse) {
  EXPECT_EQ(from_base64("aGFycnk6YWxvaG9tb3Jh"), "harry:alohomora");
  EXPECT_EQ(from_base64("aGFycnk="), "harry");
  EXPECT_EQ(from_base64("aGFycg=="), "harr");
  EXPECT_EQ(from_base64(""), "");
  EXPECT_FALSE(from_base64("aGFycnk"));
  EXPECT_FALSE(from_base64("aGFy*nk="));
}

TEST(Digest, ReadsHexOfTheRightLengthOnly) {
  const std::string good(64, 'a');
  EXPECT_TRUE(sha256_from_hex(good));
  EXPECT_FALSE(sha256_from_hex(good + "a"));
  EXPECT_FALSE(sha256_from_hex(good.substr(1)));
  EXPECT_FALSE(sha256_from_hex(std::string(63, 'a') + "g"));
  EXPECT_FALSE(sha256_from_hex(""));
}

TEST(Digest, ComparesWholeTexts) {
  EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_FALSE(equal_in_constant_time("secret", "secres"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secre"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secretsecret"));
}

TEST(Digest, DrawsAnotherNumberEachTime) {
  EXPECT_EQ(random_hex(16).size(), 32U);
  EXPECT_NE(random_hex(16), random_hex(16));
}

TEST(Digest, ForgetsASecret) {
  std::string secret = "alohomora";
  const char* const was = secret.data();
  forget(secret);
  EXPECT_TRUE(secret.empty());
  EXPECT_EQ(was[0], '\0');
}

}  // namespace
}  // namespace romp::auth
