// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "config/settings.hpp"

namespace romp::net {

/// How the files of a TLS listener look from outside; equal while nobody has touched them. Links
/// are followed, so a link that is turned to another file counts.
class TlsFiles {
 public:
  TlsFiles() = default;
  static TlsFiles look(const config::TlsSettings& settings);

  bool operator==(const TlsFiles&) const = default;

 private:
  struct File {
    std::uint64_t device = 0;
    std::uint64_t number = 0;
    std::int64_t size = -1;
    std::int64_t changed_ns = 0;

    bool operator==(const File&) const = default;
  };
  std::vector<File> files_;
};

}  // namespace romp::net
