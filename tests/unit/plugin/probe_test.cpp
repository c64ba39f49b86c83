// SPDX-License-Identifier: Apache-2.0
#include "plugin/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "plugin/journal.hpp"
#include "plugin/probe_order.hpp"

namespace romp::plugin::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ProbeTest : public testing::Test {
 protected:
  std::string tried(const std::string& name, base::Duration limit = std::chrono::seconds(60)) {
    const fs::path dir = ROMP_TEST_PLUGINS;
    FoundFile file{name + ".so", inspect(dir / (name + ".so"), dir), {}};
    EXPECT_EQ(file.inspection.refusal, "");
    return probe(ROMP_TEST_PROBER, {name, &file, section ? &*section : nullptr}, limit);
  }

  std::optional<config::PluginSettings> section;
};

TEST_F(ProbeTest, SaysNothingOfAFileThatDoesNoHarm) { EXPECT_EQ(tried("returns_77"), ""); }

TEST_F(ProbeTest, LeavesToLoadingWhatCanBeSaidThere) {
  EXPECT_EQ(tried("create_fails"), "");
  EXPECT_EQ(tried("null_entry"), "");
  EXPECT_EQ(tried("undefined_symbol"), "");
}

TEST_F(ProbeTest, NamesWhereAFileCrashes) {
  EXPECT_EQ(tried("crash_constructor"), "probe: crashed with SIGSEGV in a constructor");
  EXPECT_EQ(tried("crash_create"), "probe: crashed with SIGABRT in create");
}

TEST_F(ProbeTest, NamesAnExitAndWhatWasPrinted) {
  EXPECT_EQ(
      tried("exit_constructor"),
      "probe: the file called exit(1); it printed: ERROR: flag 'x' was defined more than once");
  EXPECT_EQ(tried("exit_create"), "probe: the file called exit(3); it printed: giving up");
}

TEST_F(ProbeTest, NamesWhatDoesNotReturn) {
  const auto limit = std::chrono::seconds(2);
  EXPECT_EQ(tried("hang_constructor", limit), "probe: a constructor did not return in 2 s");
  EXPECT_EQ(tried("hang_create", limit), "probe: create did not return in 2 s");
}

TEST_F(ProbeTest, CreatesWithTheKeysOfTheSection) {
  const auto notes = fs::path(testing::TempDir()) / "romp_probe_notes";
  fs::remove(notes);
  section.emplace();
  section->values["file"] = {notes.string(), "romp.ini", 3};
  EXPECT_EQ(tried("lifecycle"), "");
  std::ifstream in(notes);
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, "lifecycle create");
}

TEST_F(ProbeTest, SaysWhenItCannotBeStarted) {
  FoundFile file;
  EXPECT_THAT(probe("/nowhere/romp", {"x", &file, nullptr}, std::chrono::seconds(1)),
              HasSubstr("probe: cannot be started: /nowhere/romp: No such file"));
}

TEST(ProbeOrder, GoesThroughTextWhole) {
  ProbeOrder order{"/a b/c.so", "name", config::PluginSettings{}};
  order.section->values["key"] = {"two\nlines: and more", "romp.ini", 7};
  const auto read = ProbeOrder::from(order.text());
  ASSERT_TRUE(read && read->section);
  EXPECT_EQ(read->file, order.file);
  EXPECT_EQ(read->section->values, order.section->values);
}

TEST(ProbeOrder, RefusesWhatIsNone) {
  for (const auto* text : {"", "3", "3:ab", "x:abc", "1:a1:b", "99999999999999999999:a"}) {
    EXPECT_FALSE(ProbeOrder::from(text)) << text;
  }
}

class JournalTest : public testing::Test {
 protected:
  JournalTest() { fs::remove(path); }

  const fs::path path = fs::path(testing::TempDir()) / "romp_journal";
  FoundFile file{"x y.so", {}, {1, 2, 3, 4}};
};

TEST_F(JournalTest, NamesAFileOnlyWhileItIsLoaded) {
  Journal journal(path);
  {
    const Journal::Loading loading(journal, file.name, file.identity);
    EXPECT_TRUE(Journal(path).skips(file));
  }
  EXPECT_FALSE(Journal(path).skips(file));
}

TEST_F(JournalTest, SkipsAFileUntilItIsReplaced) {
  std::ofstream(path) << "1 2 3 4 x y.so\nnonsense\n";
  Journal journal(path);
  EXPECT_TRUE(journal.skips(file));
  { const Journal::Loading other(journal, "other.so", {}); }
  EXPECT_TRUE(Journal(path).skips(file));
  file.identity.changed_ns = 5;
  EXPECT_FALSE(journal.skips(file));
}

TEST_F(JournalTest, DoesWithoutAFileThatCannotBeWritten) {
  Journal journal("/nowhere/journal");
  const Journal::Loading loading(journal, file.name, file.identity);
  Journal none("");
  const Journal::Loading more(none, file.name, file.identity);
}

}  // namespace
}  // namespace romp::plugin::test
