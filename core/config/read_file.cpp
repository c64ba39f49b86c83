// SPDX-License-Identifier: Apache-2.0
#include "config/read_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace romp::config {

std::optional<std::string> read_file(const std::string& path, std::string& why) {
  constexpr std::size_t most = std::size_t{16} << 20;
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "re"), close);
  std::string text;
  std::array<char, 4096> piece;
  errno = file ? 0 : errno;
  while (file && text.size() <= most) {
    const std::size_t got = std::fread(piece.data(), 1, piece.size(), file.get());
    text.append(piece.data(), got);
    if (got < piece.size()) break;
  }
  const bool failed = !file || std::ferror(file.get()) != 0;
  if (failed) why = "cannot be read: " + std::generic_category().message(errno);
  if (text.size() > most) why = "is larger than 16 MiB";
  if (failed || text.size() > most) return std::nullopt;
  return text;
}

}  // namespace romp::config
