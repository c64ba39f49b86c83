// SPDX-License-Identifier: Apache-2.0
#include "check/report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/log.hpp"

namespace romp::check {
namespace {

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      break;
  }
  return "note";
}

void append(std::string& out, std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out.append("  ").append(title).append(1, '\n');
  for (const auto& line : lines) out.append("    ").append(base::log::printable(line)).append("\n");
}

}  // namespace

void Report::add(Severity severity, std::string text) {
  const auto is_said = [&](const Finding& f) { return f.severity == severity && f.text == text; };
  if (std::ranges::none_of(findings, is_said)) findings.push_back({severity, std::move(text)});
}

bool Report::is_good() const noexcept {
  return std::ranges::none_of(findings,
                              [](const Finding& f) { return f.severity == Severity::error; });
}

std::string to_text(const Report& report) {
  std::string out = report.file + ": ";
  if (!report.id.empty()) out += report.id + " " + report.version + ", ";
  out += report.is_good() ? "good\n" : "refused\n";
  for (const auto& [severity, text] : report.findings) {
    out.append("  ").append(name_of(severity)).append(": ").append(base::log::printable(text));
    out += '\n';
  }
  append(out, "keys", report.keys);
  append(out, "chain", report.chain);
  append(out, "figures", report.figures);
  return out;
}

std::string to_json(const std::vector<Report>& reports) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& r : reports) {
    auto findings = nlohmann::ordered_json::array();
    for (const auto& [severity, text] : r.findings) {
      findings.push_back({{"severity", name_of(severity)}, {"text", text}});
    }
    all.push_back({{"file", r.file},
                   {"id", r.id},
                   {"version", r.version},
                   {"abi", r.abi},
                   {"good", r.is_good()},
                   {"findings", findings},
                   {"keys", r.keys},
                   {"chain", r.chain},
                   {"figures", r.figures}});
  }
  return all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace romp::check
