// SPDX-License-Identifier: Apache-2.0
#include "net/tls_files.hpp"

#include <sys/stat.h>

#include <string>

namespace romp::net {

TlsFiles TlsFiles::look(const config::TlsSettings& settings) {
  TlsFiles all;
  const auto add = [&all](const std::string& path) {
    struct stat seen {};
    File file;
    if (!path.empty() && ::stat(path.c_str(), &seen) == 0) {
      file = {seen.st_dev, seen.st_ino, seen.st_size,
              seen.st_mtim.tv_sec * 1'000'000'000 + seen.st_mtim.tv_nsec};
    }
    all.files_.push_back(file);
  };
  for (const auto& path : settings.certificates) add(path);
  for (const auto& path : settings.keys) add(path);
  add(settings.ca);
  add(settings.crl);
  return all;
}

}  // namespace romp::net
