// SPDX-License-Identifier: Apache-2.0
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <span>

#include "base/log.hpp"
#include "plugin/child_process.hpp"
#include "plugin/instance.hpp"
#include "plugin/keys.hpp"
#include "plugin/library.hpp"
#include "plugin/null_gateway.hpp"
#include "plugin/probe.hpp"
#include "plugin/probe_order.hpp"

namespace romp::plugin {
namespace {

constexpr std::size_t longest_order = std::size_t{16} << 20;

std::string read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(n));
    if (text.size() > longest_order) return {};
  }
  return text;
}

void report(char step) {
  if (::write(told_descriptor, &step, 1) != 1) _exit(2);
}

/// Whatever is wrong in a way that can be said is said by the broker itself, when it loads.
void try_out(const ProbeOrder& order) {
  const auto inspection = inspect(order.file, order.file.parent_path());
  if (!inspection.ok()) return;
  report(probe_step::loading);
  const auto loaded =
      load_library(inspection.path, *inspection.note, [] { report(probe_step::entry); });
  if (loaded.descriptor == nullptr) return;
  const auto& d = *loaded.descriptor;
  std::vector<std::string> problems;
  const auto* section = order.section ? &*order.section : nullptr;
  auto config =
      read_keys(std::span(d.config_keys, d.config_key_count), order.instance, section, problems);
  if (!problems.empty()) return;
  NullGateway gateway;
  Deferrals deferrals;
  Environment environment{gateway, deferrals};
  environment.start_timeout = environment.stop_timeout = {};
  Instance instance(d, {order.instance, 0, d.capabilities, {}, std::move(config)}, environment);
  report(probe_step::create);
  if (!instance.create().empty()) return;
  report(probe_step::destroy);
  instance.destroy();
}

}  // namespace

int run_probe() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  base::log::set_least(base::log::Level::error);
  const auto order = ProbeOrder::from(read_all(STDIN_FILENO));
  if (!order) return 64;
  try_out(*order);
  report(probe_step::end);
  return 0;
}

}  // namespace romp::plugin
