// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "config/ini_file.hpp"
#include "config/load.hpp"
#include "config/print.hpp"

namespace {

/// Other files are none of the fuzzer's business.
bool names_files(std::string_view text) {
  return text.find("include") != text.npos || text.find("file:") != text.npos;
}

}  // namespace

/// A configuration, good or bad: what is wrong has a line, and what is good is printed as something
/// that loads as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  std::vector<romp::config::Problem> problems;
  romp::config::parse_ini(text, "romp.ini", problems);
  if (names_files(text)) return 0;
  problems.clear();
  const auto settings = romp::config::load_text(text, "romp.ini", problems);
  for (const auto& problem : problems) {
    if (problem.text.empty() || problem.line < 0) std::abort();
  }
  if (!problems.empty()) return 0;
  (void)romp::config::print_config(settings);
  return 0;
}
