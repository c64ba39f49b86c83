// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "config/sources.hpp"
#include "unit/config/config_files.hpp"

namespace romp::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Include : public testing::Test {
 protected:
  Settings load_main(std::string_view text) {
    problems_.clear();
    return load(files_.write("romp.ini", text), problems_);
  }

  /// The problems as text, with paths as seen from the test's directory.
  std::vector<std::string> problems() const {
    std::vector<std::string> texts;
    for (const Problem& problem : problems_) {
      std::string text = to_string(problem);
      const std::string directory = files_.path("");
      for (std::size_t at; (at = text.find(directory)) != text.npos;) {
        text.erase(at, directory.size());
      }
      texts.push_back(text);
    }
    return texts;
  }

  std::vector<std::string> names(const Settings& settings) const {
    std::vector<std::string> found;
    for (const auto& destination : settings.destinations) found.push_back(destination.name);
    return found;
  }

  ConfigFiles files_;
  std::vector<Problem> problems_;
};

TEST_F(Include, ReadsTheMatchesOfAPatternInOrderAfterTheFile) {
  files_.write("conf.d/20-b.ini", "[destination /queue/b]\n");
  files_.write("conf.d/10-a.ini", "[destination /queue/a]\n");
  files_.write("conf.d/README", "not read");
  files_.write("conf.d/.hidden.ini", "not read");
  const Settings settings =
      load_main("[server]\ninclude = conf.d/*.ini\n[destination /queue/main]\n");
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_THAT(names(settings), ElementsAre("/queue/main", "/queue/a", "/queue/b"));
  EXPECT_THAT(settings.include, ElementsAre("conf.d/*.ini"));
  EXPECT_THAT(settings.included,
              ElementsAre(files_.path("conf.d/10-a.ini"), files_.path("conf.d/20-b.ini")));
}

TEST_F(Include, TakesSeveralPathsAndAbsoluteOnes) {
  files_.write("one.ini", "[destination /queue/1]\n");
  files_.write("two.ini", "[destination /queue/2]\n");
  const Settings settings =
      load_main("[server]\ninclude = two.ini, " + files_.path("one.ini") + " none/*.ini\n");
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_THAT(names(settings), ElementsAre("/queue/2", "/queue/1"));
}

TEST_F(Include, FindsRelativePathsBesideTheFileThatNamesThem) {
  files_.write("sub/a.ini", "[server]\ninclude = b.ini\n");
  files_.write("sub/b.ini", "[destination /queue/b]\n");
  EXPECT_THAT(names(load_main("[server]\ninclude = sub/a.ini\n")), ElementsAre("/queue/b"));
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(Include, TakesPatternCharactersOfItsOwnDirectoryAsThemselves) {
  files_.write("[x]*/romp.ini", "[server]\ninclude = ?.ini\n");
  files_.write("[x]*/b.ini", "[destination /queue/b]\n");
  EXPECT_THAT(names(load(files_.path("[x]*/romp.ini"), problems_)), ElementsAre("/queue/b"));
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(Include, ReportsAMissingPlainFileWhereItIsNamed) {
  load_main("[server]\nworkers = 1\ninclude = absent.ini, absent/*.ini\n");
  EXPECT_THAT(problems(),
              ElementsAre("romp.ini:3: [server] include = absent.ini: cannot be read: No "
                          "such file or directory"));
}

TEST_F(Include, ReportsAMatchThatCannotBeRead) {
  files_.write("conf.d/dir.ini/x", "");
  load_main("[server]\ninclude = conf.d/*.ini\n");
  EXPECT_THAT(problems(), ElementsAre("romp.ini:2: [server] include = conf.d/*.ini: conf.d/dir.ini "
                                      "cannot be read: Is a directory"));
}

TEST_F(Include, ReportsADirectoryThatCannotBeRead) {
  std::filesystem::create_symlink("conf.d", files_.path("conf.d"));  // to itself
  load_main("[server]\ninclude = conf.d/*.ini\n");
  EXPECT_THAT(problems(), ElementsAre("romp.ini:2: [server] include = conf.d/*.ini: a directory "
                                      "cannot be read"));
}

TEST_F(Include, ReadsEachFileOnce) {
  files_.write("a.ini", "[server]\ninclude = romp.ini, ./a.ini, b.ini\n");
  files_.write("b.ini", "[destination /queue/b]\n");
  std::filesystem::create_symlink(files_.path("b.ini"), files_.path("c.ini"));
  const Settings settings = load_main("[server]\ninclude = a.ini b.ini c.ini\n");
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_THAT(names(settings), ElementsAre("/queue/b"));
}

TEST_F(Include, EndsAtTheDeepestLevel) {
  for (int i = 1; i <= 9; ++i) {
    files_.write(std::to_string(i) + ".ini",
                 "[server]\ninclude = " + std::to_string(i + 1) + ".ini\n");
  }
  load_main("[server]\ninclude = 1.ini\n");
  EXPECT_THAT(problems(), ElementsAre("8.ini:2: [server] include = 9.ini: more than 8 files deep"));
}

TEST_F(Include, MayOverruleTheFileThatIncludesIt) {
  files_.write("conf.d/site.ini", "[server]\nworkers = 4\n[stomp]\nmax_subs = 9\n");
  const Settings settings = load_main("[server]\nworkers = 2\nports = 7\ninclude = conf.d/*.ini\n");
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_EQ(settings.workers, 4U);
  EXPECT_EQ(settings.max_subs, 9U);
  EXPECT_THAT(settings.ports, ElementsAre(7));
}

TEST_F(Include, LetsALaterFileOverruleAnEarlierOne) {
  files_.write("conf.d/10-a.ini", "[server]\nworkers = 4\nports = 8\n");
  files_.write("conf.d/20-b.ini", "[server]\nworkers = 5\n");
  const Settings settings = load_main("[server]\nworkers = 2\ninclude = conf.d/*.ini\n");
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_EQ(settings.workers, 5U);
  EXPECT_THAT(settings.ports, ElementsAre(8));
}

TEST_F(Include, SaysOfWhichFileTheValueIsThatIsWrong) {
  files_.write("a.ini", "[server]\nworkers = 4\n");
  files_.write("b.ini", "\n[server]\nworkers = many\n");
  load_main("[server]\nworkers = none\ninclude = a.ini b.ini\n");
  EXPECT_THAT(problems(), ElementsAre("b.ini:3: [server] workers = many: expected a whole number "
                                      "from 0 to 256"));
}

TEST_F(Include, ReportsAKeyThatAnIncludedFileWritesTwice) {
  files_.write("a.ini", "[server]\nworkers = 4\nworkers = 5\n");
  load_main("[server]\nworkers = 2\ninclude = a.ini\n");
  EXPECT_THAT(problems(),
              ElementsAre("a.ini:3: [server] workers: written twice, first at a.ini:2"));
}

TEST_F(Include, LetsALaterFileChangeKeysOfASectionWithAName) {
  files_.write("a.ini",
               "[listener web]\naddress = ::1\n[listener more]\nport = 9\n"
               "[plugin.ping]\nenabled = yes\nb = 2\n");
  const Settings settings = load_main(
      "[server]\ninclude = a.ini\n[listener web]\nport = 8080\nweb = yes\n"
      "[plugin ping]\nenabled = no\na = 1\n");
  EXPECT_THAT(problems(), IsEmpty());
  ASSERT_EQ(settings.listeners.size(), 2U);
  EXPECT_EQ(settings.listeners[0].address, "::1");
  EXPECT_EQ(settings.listeners[0].port, 8080);
  EXPECT_TRUE(settings.listeners[0].web);
  ASSERT_EQ(settings.plugins.size(), 1U);
  EXPECT_TRUE(settings.plugins[0].enabled);
  EXPECT_THAT(settings.plugins[0].values, testing::SizeIs(2));
}

TEST_F(Include, LetsALaterFileChangeKeysOfADestination) {
  files_.write("a.ini",
               "[destination.x]\nmax_messages = 2\n[destination /queue/b]\nmax_messages = 3\n"
               "[destination.z]\nname = /queue/c\nmax_messages = 4\n");
  const Settings settings = load_main(
      "[server]\ninclude = a.ini\n[destination.x]\nname = /queue/a\nmax_messages = 1\n"
      "[destination.y]\nname = /queue/b\nmax_messages = 1\n"
      "[destination /queue/c]\nmax_messages = 1\n");
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_THAT(names(settings), ElementsAre("/queue/a", "/queue/b", "/queue/c"));
  EXPECT_EQ(settings.destinations[0].max_messages, 2U);
  EXPECT_EQ(settings.destinations[1].max_messages, 3U);
  EXPECT_EQ(settings.destinations[2].max_messages, 4U);
}

TEST_F(Include, ReportsASectionThatAnIncludedFileHasTwice) {
  files_.write("a.ini", "[listener web]\nport = 1\n[listener:web]\nport = 2\n");
  load_main("[server]\ninclude = a.ini\n[listener web]\nport = 8080\n");
  EXPECT_THAT(problems(), ElementsAre("a.ini:3: [listener web]: written twice, first at a.ini:1"));
}

TEST_F(Include, LetsNoFileUndoAPermissionOfAnother) {
  files_.write("a.ini", "[permission orders]\nusers = *\nread = *\n");
  load_main("[server]\ninclude = a.ini\n[permission orders]\nusers = ann\nread = !/queue/b\n");
  EXPECT_THAT(problems(), ElementsAre("a.ini:1: [permission orders]: written twice, first at "
                                      "romp.ini:3"));
}

TEST_F(Include, ListsProblemsFileByFileAndLineByLine) {
  files_.write("a.ini", "[server]\nworkers = x\nnonsense\n");
  load_main("[stomp]\nprefetch = x\n[server]\ninclude = a.ini\nzzz = 1\n[nowhere_at_all]\n");
  EXPECT_THAT(
      problems(),
      ElementsAre("romp.ini:2: [stomp] prefetch = x: expected a whole number from 1 to 1000000",
                  "romp.ini:5: [server] zzz: unknown key",
                  "romp.ini:6: [nowhere_at_all]: unknown section",
                  "a.ini:2: [server] workers = x: expected a whole number from 0 to 256",
                  "a.ini:3: no '=' behind \"nonsense\""));
}

TEST_F(Include, ReportsAFileThatCannotBeRead) {
  load(files_.path("absent.ini"), problems_);
  EXPECT_THAT(problems(), ElementsAre("absent.ini: cannot be read: No such file or directory"));
}

TEST_F(Include, WritesNothing) {
  files_.write("conf.d/a.ini", "[server]\nworkers = x\n[plugin p]\nkey = 1\n");
  files_.write("pass", "secret\n");
  files_.write("romp.ini",
               "[server]\npid_file = " + files_.path("romp.pid") +
                   "\nlogin = a\npasscode = file:pass\ninclude = conf.d/*.ini no/*.ini\n");
  const auto before = files_.all();
  load(files_.path("romp.ini"), problems_);
  EXPECT_EQ(files_.all(), before);
  EXPECT_EQ(before.size(), 3U);
}

}  // namespace
}  // namespace romp::config
