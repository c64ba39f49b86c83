// SPDX-License-Identifier: Apache-2.0
#include "config/ini_file.hpp"

#include <ini.h>

#include <algorithm>

#include "config/units.hpp"

namespace romp::config {
namespace {

// Debian's inih takes its limits from variables of the library. They are set here, once, and a
// reader is given the whole buffer: with realloc on, inih would ask for long lines in pieces.
void set_up_inih() {
  static const bool done = [] {
    ini_use_stack = false;
    ini_allow_realloc = false;
    ini_initial_alloc = ini_max_line = static_cast<int>(longest_line) + 3;
    ini_allow_multiline = false;
    ini_allow_inline_comments = true;
    ini_allow_no_value = false;
    ini_stop_on_first_error = false;
    return true;
  }();
  static_cast<void>(done);
}

bool is_comment(std::string_view line) { return line.starts_with(';') || line.starts_with('#'); }

/// Feeds inih line by line and so knows what inih does not tell: line numbers, sections that are
/// empty or come twice, and lines that gave no key.
class Reading {
 public:
  Reading(std::string_view text, IniFile& file, std::vector<Problem>& problems)
      : rest_(text), file_(file), problems_(problems) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
  }

  bool run() {
    set_up_inih();
    return ini_parse_stream(next_line, this, on_pair, this) != out_of_memory;
  }

 private:
  static constexpr int out_of_memory = -2;

  static char* next_line(char* buffer, int, void* self) {
    return static_cast<Reading*>(self)->feed(buffer);
  }

  static int on_pair(void* self, const char*, const char* key, const char* value) {
    static_cast<Reading*>(self)->add_entry(key, value);
    return 1;
  }

  char* feed(char* buffer) {
    if (awaits_pair_) report("no '=' behind \"" + first_word_ + "\"");
    awaits_pair_ = false;
    if (rest_.empty()) return nullptr;
    const std::string_view line = check(take_line());
    char* const end = buffer + line.copy(buffer, line.size());
    end[0] = '\n';
    end[1] = '\0';
    return buffer;
  }

  std::string_view take_line() {
    ++line_;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view line = trim(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return line;
  }

  /// The line if inih may see it, else nothing.
  std::string_view check(std::string_view line) {
    if (line.empty() || is_comment(line)) return {};
    const bool begins_section = line.front() == '[';
    if (begins_section) in_broken_section_ = true;  // until the line has shown to be good
    if (line.find('\0') != line.npos) return refuse("the line has a NUL octet");
    if (line.size() > longest_line) {
      return refuse("the line is longer than " + std::to_string(longest_line) + " characters");
    }
    if (begins_section) {
      begin_section(line);
    } else {
      awaits_pair_ = true;
      first_word_ = line.substr(0, line.find_first_of(" \t"));
    }
    return line;
  }

  std::string_view refuse(std::string text) {
    report(std::move(text));
    return {};
  }

  void begin_section(std::string_view line) {
    const std::size_t end = line.find(']');
    if (end == line.npos) return report("no ']' at the end of the section name");
    const std::string_view name = trim(line.substr(1, end - 1));
    if (name.size() > longest_section_name) return report(too_long(name));
    const std::string_view behind = trim(line.substr(end + 1));
    if (!behind.empty() && !is_comment(behind)) return report("text behind the ']' of a section");
    in_broken_section_ = false;
    file_.sections.push_back({std::string(name), line_, {}});
  }

  static std::string too_long(std::string_view name) {
    return "the section name has " + std::to_string(name.size()) + " characters, more than " +
           std::to_string(longest_section_name) +
           "; a destination may have a short one and its own in `name =`";
  }

  void add_entry(std::string_view key, std::string_view value) {
    awaits_pair_ = false;
    if (in_broken_section_) return;
    if (key.empty()) return report("no key before '='");
    if (file_.sections.empty()) return report(std::string(key) + ": no [section] above it");
    file_.sections.back().entries.push_back({std::string(key), std::string(value), line_});
  }

  void report(std::string text) { problems_.push_back({file_.path, line_, std::move(text)}); }

  std::string_view rest_;
  IniFile& file_;
  std::vector<Problem>& problems_;
  int line_ = 0;
  bool awaits_pair_ = false;
  bool in_broken_section_ = false;
  std::string first_word_;
};

}  // namespace

IniFile parse_ini(std::string_view text, const std::string& path, std::vector<Problem>& problems) {
  IniFile file{path, {}};
  if (!Reading(text, file, problems).run()) problems.push_back({path, 0, "out of memory"});
  return file;
}

}  // namespace romp::config
