// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

/// What the daemon is to the operating system.
namespace romp::server {

/// Raises the limit of open files towards `wanted`, as far as the hard limit lets it.
/// Returns the limit in force.
std::uint64_t raise_open_files(std::uint64_t wanted);

/// A file with the process id, there for as long as this lives. Failing to write it is only logged.
class PidFile {
 public:
  /// An empty path means none.
  explicit PidFile(std::string path);
  ~PidFile();
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;

 private:
  std::string path_;
};

}  // namespace romp::server
