// SPDX-License-Identifier: Apache-2.0
#include "plugin/probe.hpp"

#include <sys/wait.h>

#include <optional>

#include "plugin/child_process.hpp"
#include "plugin/probe_order.hpp"
#include "plugin/watchdog.hpp"

namespace romp::plugin {
namespace {

char step_of(const ChildProcess& child) {
  return child.told().empty() ? probe_step::loading : child.told().back();
}

const char* place_of(char step) {
  switch (step) {
    case probe_step::entry:
      return "romp_plugin_entry";
    case probe_step::create:
      return "create";
    case probe_step::destroy:
      return "destroy";
    default:
      return "a constructor";
  }
}

std::string verdict_on(const ChildProcess& child) {
  const int status = child.status();
  if (WIFSIGNALED(status)) {
    return "probe: " + fate_of(status) + " in " + place_of(step_of(child));
  }
  if (step_of(child) == probe_step::end) return {};
  std::string text = "probe: the file " + fate_of(status);
  if (const auto said = last_line(child.output()); !said.empty()) text += "; it printed: " + said;
  return text;
}

}  // namespace

std::string probe(const std::filesystem::path& program, const Use& use, base::Duration limit) {
  ProbeOrder order{use.file->inspection.path, use.name, std::nullopt};
  if (use.section != nullptr) order.section = *use.section;
  ChildProcess child(program, probe_argument, order.text());
  if (!child.failure().empty()) return "probe: cannot be started: " + child.failure();
  if (!child.wait(base::Clock::now() + limit)) {
    return std::string("probe: ") + place_of(step_of(child)) + " did not return in " +
           spoken(limit);
  }
  return verdict_on(child);
}

}  // namespace romp::plugin
