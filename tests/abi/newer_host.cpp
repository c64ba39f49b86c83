// SPDX-License-Identifier: Apache-2.0
// A host of ABI 1.1 in memory: loads a plugin and says what its create said.
#include <dlfcn.h>

#include <iostream>

#include <romp/fake_host.hpp>

int main(int, char** argv) {
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::cout << dlerror() << '\n';
    return 1;
  }
  const auto entry = reinterpret_cast<romp_plugin_entry_fn>(dlsym(library, "romp_plugin_entry"));
  romp::fake_host host(entry(ROMP_ABI_MAJOR));
  const romp_status status = host.load();
  std::cout << (status == ROMP_OK ? "loads" : host.why) << '\n';
  return 0;
}
