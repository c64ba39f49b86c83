// SPDX-License-Identifier: Apache-2.0
// What a broker of ABI 1.1 says of a file: its own code, built against the header of 1.1.
#include <iostream>

#include "plugin/inspect.hpp"

int main(int, char** argv) {
  const std::filesystem::path file = std::filesystem::absolute(argv[1]);
  const auto found = romp::plugin::inspect(file, file.parent_path());
  std::cout << (found.ok() ? "good" : found.refusal) << '\n';
  return found.ok() ? 0 : 1;
}
