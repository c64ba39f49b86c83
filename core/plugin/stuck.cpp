// SPDX-License-Identifier: Apache-2.0
#include "plugin/stuck.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>

#include "plugin/thread_slot.hpp"
#include "plugin/watchdog.hpp"

namespace romp::plugin {
namespace {

constexpr std::array fatal_signals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

/// Only what may be called in a signal handler.
void say(const char* text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) return;
}

extern "C" void on_crash(int number) {
  const char* name = ::sigabbrev_np(number);
  say("romp crashes with SIG");
  say(name == nullptr ? "?" : name);
  const auto* slot = ThreadSlot::known();
  const auto* layer = slot == nullptr ? nullptr : slot->top();
  const char* plugin = layer == nullptr ? nullptr : layer->plugin.load();
  if (plugin != nullptr) {
    say(" in plugin ");
    say(plugin);
    say(", ");
    say(layer->doing.load());
  }
  say("\n");
  ::raise(number);  // SA_RESETHAND: it now has its usual effect
}

}  // namespace

std::vector<std::string> StuckCalls::find(base::Time now, base::Duration limit) {
  std::vector<std::string> found;
  std::map<Place, std::int64_t> still;
  const auto now_ns = std::chrono::nanoseconds(now.time_since_epoch()).count();
  ThreadSlot::each([&](const ThreadSlot& slot) {
    for (std::size_t i = 0; i < slot.layers().size(); ++i) {
      const auto& layer = slot.layers()[i];
      const char* plugin = layer.plugin.load(std::memory_order_acquire);
      const auto since = layer.since.load(std::memory_order_relaxed);
      if (plugin == nullptr || now_ns - since < limit.count()) continue;
      const Place place{slot.number(), i};
      still[place] = since;
      const auto before = named_.find(place);
      if (before != named_.end() && before->second == since) continue;
      const auto whole_seconds = base::Duration((now_ns - since) / 1'000'000'000 * 1'000'000'000);
      found.push_back(std::string("plugin ") + plugin + ": " + layer.doing.load() +
                      " has not returned for " + spoken(std::max(limit, whole_seconds)));
    }
  });
  named_ = std::move(still);
  return found;
}

void report_crashes() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return;  // the sanitizer has handlers of its own, which say more
#endif
  struct sigaction action {};
  action.sa_handler = on_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_NODEFER;
  for (const int number : fatal_signals) ::sigaction(number, &action, nullptr);
}

}  // namespace romp::plugin
