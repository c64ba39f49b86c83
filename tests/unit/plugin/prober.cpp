// SPDX-License-Identifier: Apache-2.0
// The program that a probe is, in tests.
#include <string_view>

#include "plugin/probe.hpp"

int main(int argc, char** argv) {
  return argc > 1 && std::string_view(argv[1]) == romp::plugin::probe_argument
             ? romp::plugin::run_probe()
             : 64;
}
