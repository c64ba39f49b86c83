// SPDX-License-Identifier: Apache-2.0
#include "plugin/directory.hpp"

#include <algorithm>
#include <system_error>

namespace romp::plugin {

const FoundFile* Directory::find(const std::string& name) const noexcept {
  const auto it = std::ranges::find(files, name, &FoundFile::name);
  return it == files.end() ? nullptr : &*it;
}

Directory scan(const std::filesystem::path& directory) {
  Directory found;
  found.refusal = refusal_of_directory(directory);
  if (!found.refusal.empty()) return found;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() != ".so") continue;
    found.files.push_back({it->path().filename().string(), inspect(it->path(), directory)});
  }
  if (error) found.refusal = "directory " + directory.string() + ": " + error.message();
  std::ranges::sort(found.files, {}, &FoundFile::name);
  return found;
}

}  // namespace romp::plugin
