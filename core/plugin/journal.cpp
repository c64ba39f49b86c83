// SPDX-License-Identifier: Apache-2.0
#include "plugin/journal.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/log.hpp"

namespace romp::plugin {

Journal::Journal(std::filesystem::path path) : path_(std::move(path)) { read(); }

bool Journal::skips(const FoundFile& file) const {
  const auto it = blamed_.find(file.name);
  return it != blamed_.end() && it->second == file.identity;
}

/// One line a file: device, inode, time, size, name. A line that is none is left out.
void Journal::read() {
  if (path_.empty()) return;
  std::ifstream in(path_);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    FileIdentity identity;
    std::string name;
    words >> identity.device >> identity.inode >> identity.changed_ns >> identity.size;
    if (words.get() == ' ' && std::getline(words, name) && !name.empty()) blamed_[name] = identity;
  }
}

void Journal::write() {
  if (path_.empty() || !can_write_) return;
  const auto next = path_.string() + ".new";
  {
    std::ofstream out(next, std::ios::trunc);
    for (const auto& [name, id] : blamed_) {
      out << id.device << ' ' << id.inode << ' ' << id.changed_ns << ' ' << id.size << ' ' << name
          << '\n';
    }
    out.close();
    can_write_ = out.good();
  }
  if (can_write_ && ::rename(next.c_str(), path_.c_str()) == 0) return;
  can_write_ = false;
  base::log::warning("the load journal " + path_.string() +
                     " cannot be written: " + std::strerror(errno));
}

Journal::Loading::Loading(Journal& journal, const std::string& name, const FileIdentity& identity)
    : journal_(journal), name_(name) {
  journal_.blamed_[name_] = identity;
  journal_.write();
}

Journal::Loading::~Loading() {
  journal_.blamed_.erase(name_);
  journal_.write();
}

}  // namespace romp::plugin
