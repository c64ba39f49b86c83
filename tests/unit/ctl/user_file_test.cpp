// SPDX-License-Identifier: Apache-2.0
#include "ctl/user_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <stdexcept>

#include "support/temporary_directory.hpp"

namespace romp::ctl {
namespace {

constexpr std::string_view text = "# users\nharry:a:clerk,x\n#ron:b\nron:b\n\nnot a line\n";

TEST(UserFile, FindsALineByItsName) {
  EXPECT_EQ(find_user(text, "harry")->hash, "a");
  EXPECT_EQ(find_user(text, "harry")->roles, "clerk,x");
  EXPECT_EQ(find_user(text, "ron")->hash, "b");
  EXPECT_EQ(find_user(text, "ron")->roles, "");
  EXPECT_FALSE(find_user(text, "har"));
  EXPECT_FALSE(find_user(text, "#ron"));
  EXPECT_FALSE(find_user(text, "not a line"));
  EXPECT_EQ(find_user("harry:a:true\r\n", "harry")->roles, "true");
}

TEST(UserFile, ReplacesALineWhereItStands) {
  EXPECT_EQ(with_user(text, "harry", {"c", "admin"}),
            "# users\nharry:c:admin\n#ron:b\nron:b\n\nnot a line\n");
}

TEST(UserFile, AddsALineAtTheEnd) {
  EXPECT_EQ(with_user("a:b", "c", {"d", ""}), "a:b\nc:d\n");
  EXPECT_EQ(with_user("", "c", {"d", ""}), "c:d\n");
}

TEST(UserFile, RemovesALineAndNothingElse) {
  EXPECT_EQ(without_user(text, "ron"), "# users\nharry:a:clerk,x\n#ron:b\n\nnot a line\n");
  EXPECT_EQ(without_user("a:b\nc:d", "c"), "a:b\n");
  EXPECT_EQ(without_user(text, "nobody"), text);
}

class ChangedFile : public testing::Test {
 protected:
  unsigned mode() const {
    struct stat about {};
    ::stat(path.c_str(), &about);
    return about.st_mode & 07777;
  }
  support::TemporaryDirectory directory;
  const std::string path = (directory.path() / "romp.passwd").string();
};

TEST_F(ChangedFile, KeepsItsMode) {
  directory.write("romp.passwd", "a:b\n");
  ::chmod(path.c_str(), 0604);
  change_file(path, [](const std::string& old) { return old + "c:d\n"; });
  EXPECT_EQ(directory.read("romp.passwd"), "a:b\nc:d\n");
  EXPECT_EQ(mode(), 0604U);
}

TEST_F(ChangedFile, IsMadeForItsOwnerAndGroup) {
  change_file(path, [](const std::string&) { return "a:b\n"; });
  EXPECT_EQ(directory.read("romp.passwd"), "a:b\n");
  EXPECT_EQ(mode(), 0640U);
}

TEST_F(ChangedFile, StaysWhereALinkPointsToIt) {
  directory.write("real", "a:b\n");
  std::filesystem::create_symlink("real", path);
  change_file(path, [](const std::string&) { return "c:d\n"; });
  EXPECT_TRUE(std::filesystem::is_symlink(path));
  EXPECT_EQ(directory.read("real"), "c:d\n");
}

TEST_F(ChangedFile, IsUntouchedWhenTheChangeFails) {
  directory.write("romp.passwd", "a:b\n");
  const auto fail = [](const std::string&) -> std::string { throw std::runtime_error("no"); };
  EXPECT_THROW(change_file(path, fail), std::runtime_error);
  EXPECT_EQ(directory.read("romp.passwd"), "a:b\n");
  const std::filesystem::directory_iterator files(directory.path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(ChangedFile, CannotBeWhereThereIsNoDirectory) {
  EXPECT_THROW(change_file(path + "/x/y", [](const std::string& old) { return old; }),
               std::runtime_error);
}

}  // namespace
}  // namespace romp::ctl
