// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "plugin/directory.hpp"

namespace romp::plugin {

/// A small file that names the plugin being loaded, so that one that ends the broker is known at
/// the next start and skipped, until it is replaced or the journal deleted. [main]
class Journal {
 public:
  /// An empty path: no journal. Reads what the last start has left.
  explicit Journal(std::filesystem::path path);

  /// True for a file that the broker did not survive.
  bool skips(const FoundFile& file) const;
  const std::filesystem::path& path() const noexcept { return path_; }

  /// From here to its end the file of this name is to blame for a crash.
  class Loading {
   public:
    Loading(Journal& journal, const std::string& name, const FileIdentity& identity);
    ~Loading();
    Loading(const Loading&) = delete;
    Loading& operator=(const Loading&) = delete;

   private:
    Journal& journal_;
    const std::string name_;
  };

 private:
  void read();
  void write();

  const std::filesystem::path path_;
  std::map<std::string, FileIdentity> blamed_;  // by the file's name
  bool can_write_ = true;
};

}  // namespace romp::plugin
