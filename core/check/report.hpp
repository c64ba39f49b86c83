// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace romp::check {

enum class Severity { note, warning, error };

struct Finding {
  Severity severity = Severity::note;
  std::string text;
};

/// What is known of one file.
struct Report {
  std::string file;
  std::string id;
  std::string version;
  std::string abi;  ///< the oldest it can live with, as "1.0"
  std::vector<Finding> findings;
  std::vector<std::string> keys;     ///< with --keys
  std::vector<std::string> chain;    ///< with --chain
  std::vector<std::string> figures;  ///< with --bench

  /// The same is not said twice.
  void add(Severity severity, std::string text);
  bool is_good() const noexcept;
};

std::string to_text(const Report& report);
/// A JSON array with an object for each.
std::string to_json(const std::vector<Report>& reports);

}  // namespace romp::check
