// SPDX-License-Identifier: Apache-2.0
#include "folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

namespace files {
namespace {

/// A descriptor that is closed when another takes its place.
class Step {
 public:
  explicit Step(int descriptor) noexcept : descriptor_(descriptor) {}
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  ~Step() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  int get() const noexcept { return descriptor_; }
  void replace(int descriptor) noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = descriptor;
  }
  int release() noexcept { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

bool is_name(std::string_view part) noexcept {
  return !part.empty() && part.front() != '.' && part.find('\0') == part.npos;
}

int open_below(int folder, const std::string& name, int flags) noexcept {
  return ::openat(folder, name.c_str(), flags | O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

}  // namespace

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), status_(other.status_) {}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string File::etag() const {
  return "\"" + std::to_string(status_.st_mtim.tv_sec) + "." +
         std::to_string(status_.st_mtim.tv_nsec) + "-" + std::to_string(status_.st_size) + "\"";
}

std::string File::last_modified() const {
  std::tm utc{};
  ::gmtime_r(&status_.st_mtim.tv_sec, &utc);
  std::array<char, 40> text{};
  const auto size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), size};
}

std::string File::read(std::uint64_t begin, std::uint64_t count) const {
  std::string octets(count, '\0');
  std::size_t got = 0;
  while (got < octets.size()) {
    const ssize_t n = ::pread(descriptor_, octets.data() + got, octets.size() - got,
                              static_cast<off_t>(begin + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw std::system_error(errno, std::generic_category(), "cannot read a file");
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  octets.resize(got);
  return octets;
}

Folder::Folder(const std::string& path)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot open the folder " + path);
  }
}

Folder::~Folder() { ::close(descriptor_); }

Found Folder::find(std::string_view path, const std::string& index) const {
  Step here(::dup(descriptor_));
  while (true) {
    const auto slash = path.find('/');
    const bool last = slash == path.npos;
    const std::string name = path.empty() ? index : std::string(path.substr(0, slash));
    if (!is_name(name)) return {};
    const int next = open_below(here.get(), name, last ? 0 : O_DIRECTORY);
    if (next < 0) return {};
    here.replace(next);
    if (last) break;
    path.remove_prefix(slash + 1);
  }
  struct stat status {};
  if (::fstat(here.get(), &status) != 0) return {};
  if (S_ISDIR(status.st_mode)) return {std::nullopt, true};
  if (!S_ISREG(status.st_mode)) return {};
  Found found;
  found.file.emplace(here.release(), status);
  return found;
}

}  // namespace files
