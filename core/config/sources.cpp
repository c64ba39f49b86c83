// SPDX-License-Identifier: Apache-2.0
#include "config/sources.hpp"

#include <glob.h>

#include <cerrno>
#include <filesystem>
#include <set>

#include "config/read_file.hpp"
#include "config/secret.hpp"
#include "config/units.hpp"

namespace romp::config {
namespace {

bool is_pattern(std::string_view path) { return path.find_first_of("*?[") != path.npos; }

/// The directory is not part of the pattern: its own brackets mean themselves.
std::string pattern_beside(std::string_view ini, const std::string& pattern) {
  std::string directory;
  for (const char c : beside(ini, "")) {
    if (std::string_view("*?[\\").find(c) != std::string_view::npos) directory += '\\';
    directory += c;
  }
  return pattern.starts_with('/') ? pattern : directory + pattern;
}

/// A directory that is absent holds no files; one that may not be read is an error.
int on_directory_error(const char*, int error) { return error != ENOENT && error != ENOTDIR; }

/// False: a directory could not be read.
bool expand(const std::string& pattern, std::vector<std::string>& paths) {
  glob_t found{};
  const int result = glob(pattern.c_str(), 0, on_directory_error, &found);
  if (result == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  return result == 0 || result == GLOB_NOMATCH;
}

class Reader {
 public:
  explicit Reader(std::vector<Problem>& problems) : problems_(problems) {}

  /// `asked` is the problem to report, but for its cause, when the file cannot be read.
  void add_file(const std::string& path, int depth, Problem asked) {
    if (!seen_.insert(canonical(path)).second) return;
    std::string why;
    const auto text = read_file(path, why);
    if (text) return add(*text, path, depth);
    asked.text += why;
    problems_.push_back(std::move(asked));
  }

  void add_first(std::string_view text, const std::string& path) {
    seen_.insert(canonical(path));
    add(text, path, 0);
  }

  std::vector<Source> take() { return std::move(sources_); }

 private:
  static std::string canonical(const std::string& path) {
    std::error_code ignored;
    const auto whole = std::filesystem::weakly_canonical(path, ignored);
    return whole.empty() ? path : whole.string();
  }

  void add(std::string_view text, const std::string& path, int depth) {
    const IniFile ini = parse_ini(text, path, problems_);
    sources_.push_back({ini, depth});
    for (const IniSection& section : ini.sections) {
      if (section.name != "server") continue;
      for (const IniEntry& entry : section.entries) {
        if (entry.key == "include") include(entry, path, depth + 1);
      }
    }
  }

  void include(const IniEntry& entry, const std::string& ini, int depth) {
    for (const std::string& word : parse_list(entry.value)) {
      Problem problem{ini, entry.line, "[server] include = " + word + ": "};
      if (depth > deepest_include) {
        problem.text += "more than " + std::to_string(deepest_include) + " files deep";
        problems_.push_back(std::move(problem));
      } else if (is_pattern(word)) {
        include_pattern(pattern_beside(ini, word), depth, problem);
      } else {
        add_file(beside(ini, word), depth, problem);
      }
    }
  }

  void include_pattern(const std::string& pattern, int depth, const Problem& problem) {
    std::vector<std::string> paths;
    if (!expand(pattern, paths)) {
      problems_.push_back(
          {problem.file, problem.line, problem.text + "a directory cannot be read"});
    }
    for (const std::string& path : paths) {
      add_file(path, depth, {problem.file, problem.line, problem.text + path + " "});
    }
  }

  std::vector<Problem>& problems_;
  std::vector<Source> sources_;
  std::set<std::string> seen_;
};

}  // namespace

std::vector<Source> read_sources(const std::string& path, std::vector<Problem>& problems) {
  Reader reader(problems);
  reader.add_file(path, 0, {path, 0, ""});
  return reader.take();
}

std::vector<Source> read_sources_of(std::string_view text, const std::string& path,
                                    std::vector<Problem>& problems) {
  Reader reader(problems);
  reader.add_first(text, path);
  return reader.take();
}

}  // namespace romp::config
