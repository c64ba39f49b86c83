// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"

namespace romp::config {

/// A directory for one test, gone after it.
class ConfigFiles {
 public:
  explicit ConfigFiles(
      const std::filesystem::path& where = std::filesystem::temp_directory_path()) {
    std::string name = (where / "romp-config-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
    directory_ = name;
  }
  ~ConfigFiles() { std::filesystem::remove_all(directory_); }
  ConfigFiles(const ConfigFiles&) = delete;
  ConfigFiles& operator=(const ConfigFiles&) = delete;

  std::string path(const std::string& name) const { return (directory_ / name).string(); }

  std::string write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

  /// Every file with its text and time of change.
  std::map<std::string, std::pair<std::string, std::filesystem::file_time_type>> all() const {
    std::map<std::string, std::pair<std::string, std::filesystem::file_time_type>> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_)) {
      if (entry.is_directory()) continue;
      std::ifstream in(entry.path());
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      files[entry.path().string()] = {text, entry.last_write_time()};
    }
    return files;
  }

 private:
  std::filesystem::path directory_;
};

/// What load says is wrong with the text, as "line: text".
inline std::vector<std::string> problems_of(std::string_view text) {
  std::vector<Problem> problems;
  load_text(text, "romp.ini", problems);
  std::vector<std::string> lines;
  for (const Problem& problem : problems) {
    lines.push_back(std::to_string(problem.line) + ": " + problem.text);
  }
  return lines;
}

/// The settings of text that must be right.
inline Settings settings_of(std::string_view text) {
  std::vector<Problem> problems;
  Settings settings = load_text(text, "romp.ini", problems);
  if (!problems.empty()) throw std::runtime_error(to_string(problems.front()));
  return settings;
}

}  // namespace romp::config
