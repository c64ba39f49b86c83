// SPDX-License-Identifier: Apache-2.0
#include "check/trial.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <sstream>

#include "check/trial_run.hpp"
#include "plugin/child_process.hpp"
#include "plugin/watchdog.hpp"

namespace romp::check {
namespace {

/// What the process tells: a letter, a space, a text, one line each.
class Listener {
 public:
  explicit Listener(Report& report) : report_(report) {}

  void hear(const std::string& told) {
    std::istringstream lines(told);
    for (std::string line; std::getline(lines, line);) {
      if (line.size() >= 2) hear(line[0], line.substr(2));
    }
  }
  const std::string& step() const noexcept { return step_; }
  bool has_ended() const noexcept { return ended_; }

 private:
  void hear(char what, const std::string& text) {
    switch (what) {
      case told::step:
        step_ = text;
        return;
      case told::error:
        return report_.add(Severity::error, text);
      case told::warning:
        return report_.add(Severity::warning, text);
      case told::note:
        return report_.add(Severity::note, text);
      case told::key:
        return report_.keys.push_back(text);
      case told::filter:
        return report_.chain.push_back(text);
      case told::figure:
        return report_.figures.push_back(text);
      case told::end:
        ended_ = true;
        return;
      default:
        return;
    }
  }

  Report& report_;
  std::string step_ = "loading";
  bool ended_ = false;
};

/// The host writes to the log what it refuses; `plugin x: ` is how such lines begin.
void add_complaints(const std::string& output, Report& report) {
  constexpr std::size_t most = 10;
  std::vector<std::string> seen;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line) && seen.size() < most;) {
    const auto at = line.find("] plugin ");
    if (line.empty() || line[0] != 'E' || at == line.npos) continue;
    auto text = line.substr(at + 2, line.find(" (and ", at) - at - 2);
    if (std::ranges::find(seen, text) != seen.end()) continue;
    report.add(Severity::warning, "the host said: " + text);
    seen.push_back(std::move(text));
  }
}

}  // namespace

void run_trial(const std::filesystem::path& file, const Wishes& wishes, Report& report) {
  plugin::ChildProcess child("/proc/self/exe", trial_argument, text_of_order(file, wishes));
  if (!child.failure().empty()) {
    return report.add(Severity::error, "the trial cannot be started: " + child.failure());
  }
  const bool in_time = child.wait(base::Clock::now() + wishes.limit);
  Listener listener(report);
  listener.hear(child.told());
  add_complaints(child.output(), report);
  if (!in_time) {
    report.add(Severity::error,
               listener.step() + ": did not come to an end in " + plugin::spoken(wishes.limit));
  } else if (!listener.has_ended()) {
    const auto said = plugin::last_line(child.output());
    report.add(Severity::error, listener.step() + ": " + plugin::fate_of(child.status()) +
                                    (said.empty() ? "" : "; it printed: " + said));
  }
}

}  // namespace romp::check
