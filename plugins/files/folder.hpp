// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace files {

/// An open file of the served directory. Closes itself.
class File {
 public:
  File(int descriptor, const struct stat& status) noexcept
      : descriptor_(descriptor), status_(status) {}
  File(File&& other) noexcept;
  File& operator=(File&&) = delete;
  ~File();

  std::uint64_t size() const noexcept { return static_cast<std::uint64_t>(status_.st_size); }
  /// Changes when the file does: its time and size.
  std::string etag() const;
  /// As HTTP spells it.
  std::string last_modified() const;
  /// Octets from `begin` on; fewer where the file has been cut since. Throws std::system_error.
  std::string read(std::uint64_t begin, std::uint64_t count) const;

 private:
  int descriptor_;
  struct stat status_;
};

/// What a path leads to.
struct Found {
  std::optional<File> file;
  bool is_folder = false;  ///< the path lacks the slash at its end
};

/// A directory whose files are served. Nothing outside of it can be reached: each part of a path is
/// opened by itself below the one before, symbolic links are not followed, names that begin with a
/// dot do not exist. Any thread.
class Folder {
 public:
  /// Throws std::system_error that names the path.
  explicit Folder(const std::string& path);
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();

  /// `path` is decoded and has no slash at its beginning; one that ends in a slash, or is empty,
  /// means the file `index` in that folder. Blocks.
  Found find(std::string_view path, const std::string& index) const;

 private:
  int descriptor_;
};

}  // namespace files
