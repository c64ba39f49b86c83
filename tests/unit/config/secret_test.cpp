// SPDX-License-Identifier: Apache-2.0
#include "config/secret.hpp"

#include <gtest/gtest.h>

#include "unit/config/config_files.hpp"

namespace romp::config {
namespace {

std::string why;

TEST(Secret, IsTheValueItself) { EXPECT_EQ(resolve_secret("hunter2", "a.ini", why), "hunter2"); }

TEST(Secret, IsWhatTheFileHoldsWithoutTheNewlineAtItsEnd) {
  const ConfigFiles files;
  EXPECT_EQ(resolve_secret("file:" + files.write("a", "top secret\n"), "x.ini", why), "top secret");
  EXPECT_EQ(resolve_secret("file:" + files.write("b", "two\nlines\r\n"), "x.ini", why),
            "two\nlines");
  EXPECT_EQ(resolve_secret("file: " + files.write("c", " blank \n\n"), "x.ini", why), " blank \n");
}

TEST(Secret, IsLookedForBesideTheIniFile) {
  const ConfigFiles files;
  files.write("secret/edge", "s\n");
  EXPECT_EQ(resolve_secret("file:secret/edge", files.path("romp.ini"), why), "s");
}

TEST(Secret, IsNothingWhenTheFileIsAbsentOrEmpty) {
  const ConfigFiles files;
  EXPECT_FALSE(resolve_secret("file:absent", files.path("romp.ini"), why));
  EXPECT_EQ(why, "cannot be read: No such file or directory");
  EXPECT_FALSE(resolve_secret("file:" + files.write("empty", "\n"), "x.ini", why));
  EXPECT_EQ(why, "holds nothing");
}

}  // namespace
}  // namespace romp::config
