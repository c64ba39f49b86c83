// SPDX-License-Identifier: Apache-2.0
#include "plugin/inspect.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <romp/plugin.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace romp::plugin {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// A plugin with nothing wrong.
const fs::path lifecycle = ROMP_TEST_PLUGINS "/lifecycle.so";

using Bytes = std::vector<char>;

Bytes bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

template <class T>
T& at(Bytes& bytes, std::size_t offset) {
  return *reinterpret_cast<T*>(bytes.data() + offset);
}

Elf64_Ehdr& header(Bytes& b) { return at<Elf64_Ehdr>(b, 0); }

/// Where the note begins in a plugin.
std::size_t note_at(const Bytes& b) {
  const char wanted[] = "\x05\0\0\0\x68\0\0\0ROMPromp";
  std::string_view pattern(wanted, 17);
  const auto found = std::search(b.begin(), b.end(), pattern.begin(), pattern.end());
  return static_cast<std::size_t>(found - b.begin());
}

romp_note& note(Bytes& b) { return at<romp_note>(b, note_at(b)); }

std::string refusal_of(const Bytes& b) {
  return inspect_bytes(std::as_bytes(std::span(b))).refusal;
}

class Inspect : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/romp-inspect-XXXXXX";
    dir = fs::canonical(::mkdtemp(name));
    plugin = bytes_of(lifecycle);
    ASSERT_LT(note_at(plugin), plugin.size());
  }
  void TearDown() override { fs::remove_all(dir); }

  fs::path put(const std::string& name, const Bytes& bytes, mode_t mode = 0644) const {
    const fs::path file = dir / name;
    std::ofstream(file, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    ::chmod(file.c_str(), mode);
    return file;
  }
  std::string refusal(const fs::path& file) const { return inspect(file, dir).refusal; }

  fs::path dir;
  Bytes plugin;
};

TEST_F(Inspect, ReadsTheNoteOfAPlugin) {
  const Inspection i = inspect(put("a.so", plugin), dir);
  ASSERT_TRUE(i.ok()) << i.refusal;
  EXPECT_EQ(i.note->id, "lifecycle");
  EXPECT_EQ(i.note->version, "1.0.0");
  EXPECT_EQ(i.note->abi_major, 1U);
  EXPECT_EQ(i.note->least_minor, 0U);
  EXPECT_EQ(i.path, dir / "a.so");
  EXPECT_THAT(i.warnings, ElementsAre());
}

TEST_F(Inspect, RefusesADirectoryThatOthersMayWrite) {
  const fs::path file = put("a.so", plugin);
  ::chmod(dir.c_str(), 0777);
  EXPECT_EQ(refusal(file), "directory " + dir.string() +
                               " is writable by group or others (mode 0777): refusing to load "
                               "from it");
  ::chmod(dir.c_str(), 0775);
  EXPECT_THAT(refusal_of_directory(dir), HasSubstr("(mode 0775)"));
  ::chmod(dir.c_str(), 0755);
  EXPECT_EQ(refusal_of_directory(dir), "");
}

TEST_F(Inspect, RefusesADirectoryThatIsNone) {
  const fs::path missing = dir / "missing";
  EXPECT_EQ(refusal_of_directory(missing),
            "directory " + missing.string() + " cannot be read: No such file or directory");
  EXPECT_EQ(refusal_of_directory(put("a.so", plugin)),
            (dir / "a.so").string() + " is not a directory");
}

TEST_F(Inspect, RefusesWhatBelongsToAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const fs::path file = put("a.so", plugin);
  ASSERT_EQ(::chown(file.c_str(), 1001, 1001), 0);
  EXPECT_EQ(refusal(file), "file is owned by uid 1001, not by root or the broker");
  ASSERT_EQ(::chown(dir.c_str(), 1001, 1001), 0);
  EXPECT_EQ(refusal(file),
            "directory " + dir.string() + " is owned by uid 1001, not by root or the broker");
}

TEST_F(Inspect, WarnsOfADirectoryAboveThatOthersMayWrite) {
  const fs::path below = dir / "plugins";
  fs::create_directory(below);
  ::chmod(dir.c_str(), 0777);
  EXPECT_THAT(warnings_of_directory(below),
              testing::Contains("directory " + dir.string() +
                                " is writable by group or others (mode 0777)"));
  ::chmod(dir.c_str(), 01777);
  for (const std::string& warning : warnings_of_directory(below)) {
    EXPECT_THAT(warning, testing::Not(StartsWith("directory " + dir.string() + " ")));
  }
}

TEST_F(Inspect, RefusesAFileThatOthersMayWrite) {
  EXPECT_EQ(refusal(put("a.so", plugin, 0666)), "file is writable by group or others (mode 0666)");
  EXPECT_EQ(refusal(put("b.so", plugin, 0664)), "file is writable by group or others (mode 0664)");
}

TEST_F(Inspect, FollowsLinksInsideTheDirectoryOnly) {
  const fs::path file = put("a.so.1", plugin);
  fs::create_symlink("a.so.1", dir / "a.so");
  const Inspection inside = inspect(dir / "a.so", dir);
  EXPECT_TRUE(inside.ok()) << inside.refusal;
  EXPECT_EQ(inside.path, file);

  const fs::path elsewhere = fs::canonical(lifecycle);
  fs::create_symlink(elsewhere, dir / "out.so");
  EXPECT_EQ(refusal(dir / "out.so"),
            "symlink leads out of the plugin directory, to " + elsewhere.string());

  fs::create_symlink("missing", dir / "dangling.so");
  EXPECT_EQ(refusal(dir / "dangling.so"), "dangling symlink");

  fs::create_symlink("loop.so", dir / "loop.so");
  EXPECT_EQ(refusal(dir / "loop.so"), "cannot open: Too many levels of symbolic links");
}

TEST_F(Inspect, TakesADirectoryThatIsItselfReachedByALink) {
  put("a.so", plugin);
  const fs::path link = dir.string() + "-link";
  fs::create_directory_symlink(dir, link);
  EXPECT_TRUE(inspect(link / "a.so", link).ok());
  fs::remove(link);
}

TEST_F(Inspect, RefusesADirectoryWithTheSamePrefix) {
  const fs::path other = dir.string() + "-other";
  fs::create_directory(other);
  fs::copy_file(put("a.so", plugin), other / "a.so");
  EXPECT_EQ(refusal(other / "a.so"), "it is not in the plugin directory");
  fs::create_symlink(other / "a.so", dir / "b.so");
  EXPECT_EQ(refusal(dir / "b.so"),
            "symlink leads out of the plugin directory, to " + (other / "a.so").string());
  fs::remove_all(other);
}

TEST_F(Inspect, RefusesWhatIsNotAFile) {
  fs::create_directory(dir / "d.so");
  EXPECT_EQ(refusal(dir / "d.so"), "not a regular file");
  ASSERT_EQ(::mkfifo((dir / "f.so").c_str(), 0600), 0);
  EXPECT_EQ(refusal(dir / "f.so"), "not a regular file");
  EXPECT_EQ(refusal(dir / "missing.so"), "cannot open: No such file or directory");
}

TEST_F(Inspect, RefusesAFileThatCannotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  EXPECT_EQ(refusal(put("a.so", plugin, 0000)), "cannot open: Permission denied");
}

TEST_F(Inspect, RefusesWhatIsNoElfFile) {
  EXPECT_EQ(refusal(put("a.so", {})), "not an ELF file");
  EXPECT_EQ(refusal(put("b.so", {'\x7f', 'E', 'L'})), "not an ELF file");
  EXPECT_EQ(refusal(put("c.so", Bytes(1000, 'x'))), "not an ELF file");
}

TEST_F(Inspect, RefusesOtherMachines) {
  Bytes b = plugin;
  const std::uint16_t native = header(b).e_machine;
  const std::uint16_t other = native == EM_AARCH64 ? EM_RISCV : EM_AARCH64;
  header(b).e_machine = other;
  EXPECT_THAT(refusal_of(b),
              StartsWith("built for machine " + std::to_string(other) + ", this broker is "));
  EXPECT_THAT(refusal_of(b), HasSubstr("(" + std::to_string(native) + ")"));

  b = plugin;
  header(b).e_ident[EI_CLASS] = ELFCLASS32;
  EXPECT_EQ(refusal_of(b), "built for 32 bits, this broker has 64");

  b = plugin;
  header(b).e_ident[EI_DATA] ^= ELFDATA2LSB ^ ELFDATA2MSB;
  EXPECT_EQ(refusal_of(b), "built for the other byte order");
}

TEST_F(Inspect, RefusesWhatCannotBeLoaded) {
  Bytes b = plugin;
  header(b).e_type = ET_REL;
  EXPECT_EQ(refusal_of(b), "not a shared object (ELF type 1)");
  b = plugin;
  header(b).e_phnum = 0;
  EXPECT_EQ(refusal_of(b), "not a shared object: it has no program headers");
}

TEST_F(Inspect, RefusesATruncatedFile) {
  EXPECT_EQ(refusal_of(Bytes(plugin.begin(), plugin.begin() + 30)),
            "truncated: the ELF header needs 64 bytes, the file has 30");
  EXPECT_THAT(refusal_of(Bytes(plugin.begin(), plugin.begin() + 100)),
              StartsWith("truncated: the program headers need "));
  const Bytes half(plugin.begin(), plugin.begin() + static_cast<long>(plugin.size() / 2));
  EXPECT_THAT(refusal_of(half), StartsWith("truncated: "));
  EXPECT_THAT(refusal_of(half), HasSubstr("bytes, the file has " + std::to_string(half.size())));

  Bytes b = plugin;
  at<Elf64_Phdr>(b, header(b).e_phoff).p_filesz = 1 << 30;
  at<Elf64_Phdr>(b, header(b).e_phoff).p_offset = 0;
  EXPECT_EQ(refusal_of(b), "truncated: a segment needs 1073741824 bytes, the file has " +
                               std::to_string(b.size()));
}

TEST_F(Inspect, NoticesEveryTruncation) {
  std::mt19937 random(1);
  std::uniform_int_distribution<std::size_t> length(0, plugin.size() - 1);
  for (int i = 0; i < 100; ++i) {
    const std::size_t n = length(random);
    const Bytes b(plugin.begin(), plugin.begin() + static_cast<std::ptrdiff_t>(n));
    EXPECT_THAT(refusal(put("t.so", b)),
                testing::AnyOf(StartsWith("truncated: "), "not an ELF file"))
        << n;
  }
}

TEST_F(Inspect, SurvivesDamageAnywhere) {
  std::mt19937 random(2);
  std::uniform_int_distribution<std::size_t> place(0, plugin.size() - 1);
  for (int i = 0; i < 3000; ++i) {
    Bytes b = plugin;
    for (int n = 0; n < 8; ++n) {
      // Half of the damage hits the headers, where it matters.
      const std::size_t where = n % 2 ? place(random) : place(random) % 1024;
      b[where] = static_cast<char>(random());
    }
    const Inspection result = inspect_bytes(std::as_bytes(std::span(b)));
    EXPECT_NE(result.ok(), !result.refusal.empty());
  }
}

TEST_F(Inspect, RefusesAFileWithoutANote) {
  const std::string expected =
      "not a romp plugin: it carries no romp note (build it with ROMP_PLUGIN or ROMP_PLUGIN_CPP)";
  Bytes b = plugin;
  note(b).name[0] = 'R';
  EXPECT_EQ(refusal_of(b), expected);
  b = plugin;
  note(b).type = 1;
  EXPECT_EQ(refusal_of(b), expected);
}

TEST_F(Inspect, RefusesADamagedNote) {
  Bytes b = plugin;
  note(b).descsz = 90;
  EXPECT_EQ(refusal_of(b), "damaged note: 90 bytes instead of 104");
  b = plugin;
  note(b).descsz = 2;
  EXPECT_EQ(refusal_of(b), "damaged note: 2 bytes instead of 104");
  b = plugin;
  note(b).descsz = 0xffffffff;
  EXPECT_EQ(refusal_of(b), "damaged note: it runs past the end of its segment");
  b = plugin;
  std::memset(note(b).id, 'a', sizeof note(b).id);
  EXPECT_EQ(refusal_of(b), "damaged note: a text in it has no end");
  b = plugin;
  std::memset(note(b).version, '1', sizeof note(b).version);
  EXPECT_EQ(refusal_of(b), "damaged note: a text in it has no end");
  b = plugin;
  note(b).version[0] = '\n';
  EXPECT_EQ(refusal_of(b), "damaged note: the version cannot be printed");
}

TEST_F(Inspect, RefusesAnotherAbi) {
  Bytes b = plugin;
  note(b).abi = ROMP_ABI(2U, 0U);
  EXPECT_EQ(refusal_of(b),
            "built for plugin ABI 2, this broker speaks 1 (1.0): rebuild it with SDK 1.x");
  note(b).descsz = 8;
  EXPECT_THAT(refusal_of(b), StartsWith("built for plugin ABI 2")) << "its note may be another one";
  b = plugin;
  note(b).abi = ROMP_ABI(1U, 1U);
  EXPECT_EQ(refusal_of(b),
            "needs plugin ABI 1.1, this broker offers 1.0: upgrade romp, or rebuild with "
            "ROMP_REQUIRE_MINOR=0");
}

TEST_F(Inspect, RefusesABadId) {
  const std::string rule = ": 1 to 63 of a-z 0-9 . _ - are allowed, the first a letter or digit";
  for (const char* id : {"", "Ping", "a b", "-a", ".a", "_a", "a/b", "\xc3\xa9"}) {
    Bytes b = plugin;
    std::memset(note(b).id, 0, sizeof note(b).id);
    std::strcpy(note(b).id, id);
    std::string shown(id);
    for (char& c : shown) c = c < ' ' || c > '~' ? '?' : c;
    EXPECT_EQ(refusal_of(b), "bad plugin id \"" + shown + "\"" + rule);
  }
  Bytes b = plugin;
  std::memset(note(b).id, 'a', sizeof note(b).id - 1);
  EXPECT_EQ(refusal_of(b), "");
}

TEST_F(Inspect, RefusesAFileWithoutTheEntry) {
  Bytes b = plugin;
  const std::string_view name = "romp_plugin_entry";
  for (auto from = b.begin();;) {  // in .dynstr and in .strtab
    from = std::search(from, b.end(), name.begin(), name.end());
    if (from == b.end()) break;
    *from = 'R';
  }
  EXPECT_EQ(refusal_of(b), "it exports no symbol romp_plugin_entry");
}

TEST_F(Inspect, WarnsOfAnExecutableStack) {
  Bytes b = plugin;
  for (std::size_t i = 0; i < header(b).e_phnum; ++i) {
    auto& segment = at<Elf64_Phdr>(b, header(b).e_phoff + i * sizeof(Elf64_Phdr));
    if (segment.p_type == PT_GNU_STACK) segment.p_flags |= PF_X;
  }
  const Inspection i = inspect_bytes(std::as_bytes(std::span(b)));
  EXPECT_TRUE(i.ok());
  EXPECT_THAT(i.warnings, ElementsAre("asks for an executable stack: link with -z noexecstack"));
}

TEST_F(Inspect, JudgesTheTestPlugins) {
  const fs::path plugins = ROMP_TEST_PLUGINS;
  const auto judged = [&](const char* name) { return inspect(plugins / name, plugins); };
  EXPECT_EQ(judged("no_entry.so").refusal, "it exports no symbol romp_plugin_entry");
  EXPECT_THAT(judged("no_note.so").refusal, StartsWith("not a romp plugin"));
  EXPECT_THAT(judged("newer_minor.so").refusal, StartsWith("needs plugin ABI 1.1"));
  EXPECT_THAT(judged("other_major.so").refusal, StartsWith("built for plugin ABI 2"));
  EXPECT_EQ(judged("lifecycle.so").refusal, "");
  const Inspection more = judged("exports_more.so");
  EXPECT_TRUE(more.ok()) << more.refusal;
  EXPECT_THAT(more.warnings, testing::Contains("exports one_more: link with romp-plugin.map"));
}

}  // namespace
}  // namespace romp::plugin
