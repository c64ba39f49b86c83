// SPDX-License-Identifier: Apache-2.0
// Runs the plugin against a host in memory: no broker is needed.
#include <romp/fake_host.hpp>

#include <cstdio>
#include <string>

static int failed = 0;

static void expect(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "FAILED: %s\n", what);
  failed = 1;
}

int main() {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  if (host.load() != ROMP_OK) {
    std::fprintf(stderr, "FAILED: it does not load: %s\n", host.why.c_str());
    return 1;
  }
  expect(host.send("/virt/@name@", "ping").verdict == ROMP_HANDLED, "it takes what is for it");
  expect(host.sent.size() == 1 && host.sent[0].body == "pong", "it answers pong");
  expect(host.send("/queue/a", "x").verdict == ROMP_CONTINUE, "it leaves the rest alone");
  return failed;
}
