// SPDX-License-Identifier: Apache-2.0
#include "plugin/libraries.hpp"

#include <algorithm>

#include "plugin/watchdog.hpp"

namespace romp::plugin {
namespace {

/// The loader takes a name it knows for the file it knows, whatever has become of that name. The
/// same path in another spelling is another name.
std::filesystem::path spelled_anew(const std::filesystem::path& path, std::size_t times) {
  std::string spelling = path.parent_path().native();
  for (std::size_t i = 0; i < times; ++i) spelling += "/.";
  return spelling + "/" + path.filename().native();
}

}  // namespace

const Loaded& Libraries::of(const FoundFile& file, base::Duration limit) {
  if (const auto known = loaded_.find(file.identity); known != loaded_.end()) return known->second;
  auto& loaded = loaded_[file.identity];
  loaded.refusal = refusal_of(file);
  if (!loaded.refusal.empty()) return loaded;
  const Journal::Loading loading(journal_, file.name, file.identity);
  const Watchdog watchdog("plugin file " + file.name + ": loading", limit);
  const auto& path = file.inspection.path;
  loaded = load_library(spelled_anew(path, times_[path.native()]++), *file.inspection.note);
  return loaded;
}

std::string Libraries::refusal_of(const FoundFile& file) const {
  const auto is_old = [&](const auto& one) {
    return one.second.descriptor != nullptr && one.first.same_file(file.identity);
  };
  if (std::ranges::any_of(loaded_, is_old)) {
    return "it was changed in place since it was loaded: replace it by renaming another over it";
  }
  if (loaded_.size() > most) return "too many plugin files have been loaded: restart the broker";
  return {};
}

}  // namespace romp::plugin
