// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/ini_file.hpp"
#include "config/load.hpp"
#include "config/print.hpp"

namespace {

/// Other files are none of the fuzzer's business: no word of the text leads to one.
std::string without_files(std::string text) {
  for (const auto& [word, other] : {std::pair("include", "exclude"), std::pair("file:", "fill:")}) {
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at)) {
      text.replace(at, std::string_view(word).size(), other);
    }
  }
  return text;
}

/// Secrets are not printed, so that what is printed means something else.
bool may_have_secrets(std::string_view text) {
  for (const auto* word : {"passcode", "password", "secret", "token"}) {
    if (text.find(word) != text.npos) return true;
  }
  return false;
}

std::string printed(const std::string& text) {
  std::vector<romp::config::Problem> problems;
  const auto settings = romp::config::load_text(text, "romp.ini", problems);
  if (!problems.empty()) std::abort();
  return romp::config::print_config(settings);
}

}  // namespace

/// A configuration, good or bad: what is wrong has a line, and what is good is printed as something
/// that loads as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const auto text = without_files({reinterpret_cast<const char*>(octets), size});
  std::vector<romp::config::Problem> problems;
  romp::config::parse_ini(text, "romp.ini", problems);
  problems.clear();
  const auto settings = romp::config::load_text(text, "romp.ini", problems);
  for (const auto& problem : problems) {
    if (problem.text.empty() || problem.line < 0) std::abort();
  }
  if (!problems.empty()) return 0;
  const auto once = romp::config::print_config(settings);
  if (!may_have_secrets(text) && printed(once) != once) std::abort();
  return 0;
}
