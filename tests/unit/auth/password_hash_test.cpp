// SPDX-License-Identifier: Apache-2.0
#include "auth/password_hash.hpp"

#include <gmock/gmock.h>

#include <chrono>

namespace romp::auth {
namespace {

// Made by other programs: crypt(3) of Python, and `echo alohomora | sha256sum`.
constexpr std::string_view yescrypt =
    "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$ztutfZMH2Y/864Ks9jUA5T8AZDi8rVvf2hbXburL0R0";
constexpr std::string_view sha512 =
    "$6$saltsalt$wV3pT6gd.ZO0yuV.nO4pRb0XGX6WPsiYnctYQqueyoB4J5i.bvKpZ3neBvwo1f3gMDxjy/"
    "cNy8C2.QqEM3eRW.";
constexpr std::string_view bcrypt = "$2b$05$abcdefghijklmnopqrstuuTuhSy7HlL2DlRI/Qc3fFAE54FfwVXHy";
constexpr std::string_view old_hash =
    "4831f8f63259ae457c840df6a1cf7f825cd3d9445849900778de878b1d178be9";

double seconds_of(auto&& task) {
  const auto began = std::chrono::steady_clock::now();
  task();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

TEST(PasswordHash, IsKnownByItsForm) {
  EXPECT_EQ(kind_of_hash(yescrypt), HashKind::yescrypt);
  EXPECT_EQ(kind_of_hash(bcrypt), HashKind::bcrypt);
  EXPECT_EQ(kind_of_hash(sha512), HashKind::sha512);
  EXPECT_EQ(kind_of_hash(old_hash), HashKind::romp_sha256);
}

TEST(PasswordHash, ThatIsWeakOrCutIsNone) {
  for (const std::string_view text :
       {"", "secret", "$1$abcdefgh$p1oT3u1/XIlXpE3v3VXyH0", "ab01FAX.bQRSU", "$y$", "$y$j9T$x",
        "$2b$05$short", "*", "!", "$6$salt$x", "x$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3"}) {
    EXPECT_EQ(kind_of_hash(text), HashKind::unknown) << text;
  }
  EXPECT_EQ(kind_of_hash(yescrypt.substr(0, yescrypt.size() - 1)), HashKind::unknown);
  EXPECT_EQ(kind_of_hash(sha512.substr(1)), HashKind::unknown);
  EXPECT_EQ(kind_of_hash(std::string(bcrypt) + "x"), HashKind::unknown);
}

TEST(PasswordHash, OfEveryKindKnowsItsPassword) {
  for (const auto hash : {yescrypt, sha512, bcrypt, old_hash}) {
    EXPECT_TRUE(is_password_of(hash, "alohomora")) << hash;
    EXPECT_FALSE(is_password_of(hash, "Alohomora")) << hash;
    EXPECT_FALSE(is_password_of(hash, "alohomora ")) << hash;
    EXPECT_FALSE(is_password_of(hash, "")) << hash;
  }
}

TEST(PasswordHash, IsMadeWithASaltOfItsOwn) {
  const auto one = hash_password("alohomora");
  EXPECT_EQ(kind_of_hash(one), HashKind::yescrypt);
  EXPECT_TRUE(is_password_of(one, "alohomora"));
  EXPECT_NE(hash_password("alohomora"), one);
}

TEST(PasswordHash, TakesNoPasswordThatCryptWouldCut) {
  EXPECT_EQ(why_bad_password(std::string(511, 'x')), "");
  EXPECT_EQ(why_bad_password(std::string(512, 'x')), "is longer than 511 octets");
  EXPECT_EQ(why_bad_password(std::string("a\0b", 3)), "holds a NUL");
  EXPECT_EQ(why_bad_password(""), "is empty");
  EXPECT_FALSE(is_password_of(old_hash, std::string("alohomora\0", 10)));
  EXPECT_FALSE(is_password_of(yescrypt, std::string(100'000, 'x')));
}

TEST(PasswordHash, IsNotToldFromNoneByTheTimeItTakes) {
  double real = 0;
  double pretended = 0;
  double old_line = 0;
  for (int i = 0; i < 5; ++i) {
    real += seconds_of([] { (void)is_password_of(yescrypt, "wrong"); });
    pretended += seconds_of([] { pretend_to_check("wrong"); });
    old_line += seconds_of([] { (void)is_password_of(old_hash, "wrong"); });
  }
  EXPECT_GT(pretended, real / 3);
  EXPECT_LT(pretended, real * 3);
  EXPECT_GT(old_line, real / 3);
}

}  // namespace
}  // namespace romp::auth
