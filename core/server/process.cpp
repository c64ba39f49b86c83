// SPDX-License-Identifier: Apache-2.0
#include "server/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/log.hpp"

namespace romp::server {

std::uint64_t raise_open_files(std::uint64_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_max < wanted && ::geteuid() == 0) {
    const rlimit higher{wanted, wanted};
    if (::setrlimit(RLIMIT_NOFILE, &higher) == 0) return wanted;
  }
  const rlimit possible{std::min<rlim_t>(wanted, limit.rlim_max), limit.rlim_max};
  if (possible.rlim_cur > limit.rlim_cur && ::setrlimit(RLIMIT_NOFILE, &possible) == 0) {
    return possible.rlim_cur;
  }
  return limit.rlim_cur;
}

PidFile::PidFile(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  std::ofstream file(path_, std::ios::trunc);
  file << ::getpid() << '\n';
  file.close();
  if (file.good()) return;
  base::log::warning("cannot write the pid file " + path_ + ": " + std::strerror(errno));
  path_.clear();
}

PidFile::~PidFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace romp::server
