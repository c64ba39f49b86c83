// SPDX-License-Identifier: Apache-2.0
#include "plugin/directory.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

namespace romp::plugin {

namespace {

/// All zero for what cannot be looked at, which inspect() refuses anyway.
FileIdentity identity_of(const std::filesystem::path& file) {
  struct stat s {};
  if (::stat(file.c_str(), &s) != 0) return {};
  return {s.st_dev, s.st_ino, s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec,
          static_cast<std::uint64_t>(s.st_size)};
}

}  // namespace

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
    found.files.push_back(
        {it->path().filename().string(), inspect(it->path(), directory), identity_of(it->path())});
  }
  if (error) found.refusal = "directory " + directory.string() + ": " + error.message();
  std::ranges::sort(found.files, {}, &FoundFile::name);
  return found;
}

}  // namespace romp::plugin
