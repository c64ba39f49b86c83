// SPDX-License-Identifier: Apache-2.0
#include "ctl/user_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "config/read_file.hpp"

namespace romp::ctl {
namespace {

constexpr mode_t fresh_mode = 0640;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags, mode_t mode = 0)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (number_ < 0) fail(path);
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const noexcept { return number_; }

 private:
  int number_;
};

/// Deleted again unless it has become the file.
class Draft {
 public:
  explicit Draft(std::string path) : path_(std::move(path)) { ::unlink(path_.c_str()); }
  ~Draft() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  const std::string& path() const noexcept { return path_; }
  void become(const std::string& path) {
    if (::rename(path_.c_str(), path.c_str()) != 0) fail(path);
    path_.clear();
  }

 private:
  std::string path_;
};

void write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t n = ::write(file, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fsync(file) != 0) fail(path);
}

/// As the old file was; without one as a fresh one is.
void keep_mode_and_owner(int file, const struct stat* old, const std::string& path) {
  if (old != nullptr && ::fchown(file, old->st_uid, old->st_gid) != 0) fail(path + ": its owner");
  if (::fchmod(file, old == nullptr ? fresh_mode : old->st_mode & 07777) != 0) {
    fail(path + ": its mode");
  }
}

std::string_view name_in(std::string_view line) {
  const auto begin = std::min(line.find_first_not_of(" \t"), line.size());
  line.remove_prefix(begin);
  return line.starts_with('#') ? "" : line.substr(0, line.find(':'));
}

/// Begin and length of the user's line, its newline among it.
std::pair<std::size_t, std::size_t> place_of(std::string_view text, std::string_view name) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    if (line.find(':') != line.npos && name_in(line) == name) {
      return {at, std::min(end + 1, text.size()) - at};
    }
    at = end + 1;
  }
  return {text.size(), 0};
}

}  // namespace

std::optional<UserLine> find_user(std::string_view text, std::string_view name) {
  const auto [at, size] = place_of(text, name);
  if (size == 0) return std::nullopt;
  auto line = text.substr(at, size);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  line.remove_prefix(line.find(':') + 1);
  const auto end = std::min(line.find(':'), line.size());
  const auto roles = end < line.size() ? line.substr(end + 1) : "";
  return UserLine{std::string(line.substr(0, end)), std::string(roles)};
}

std::string with_user(std::string_view text, std::string_view name, const UserLine& line) {
  const auto [at, size] = place_of(text, name);
  std::string before(text.substr(0, at));
  if (!before.empty() && !before.ends_with('\n')) before += '\n';
  const std::string roles = line.roles.empty() ? "" : ":" + line.roles;
  return before + std::string(name) + ":" + line.hash + roles + "\n" +
         std::string(text.substr(at + size));
}

std::string without_user(std::string_view text, std::string_view name) {
  const auto [at, size] = place_of(text, name);
  return std::string(text.substr(0, at)) + std::string(text.substr(at + size));
}

void change_file(const std::string& named,
                 const std::function<std::string(const std::string&)>& change) {
  const std::string path = std::filesystem::weakly_canonical(named).string();
  const auto folder = std::filesystem::path(path).parent_path().string();
  const Descriptor directory(folder, O_RDONLY | O_DIRECTORY);
  if (::flock(directory.number(), LOCK_EX) != 0) fail(folder);
  struct stat old {};
  const bool exists = ::stat(path.c_str(), &old) == 0;
  if (!exists && errno != ENOENT) fail(path);
  std::string why;
  const auto text = exists ? config::read_file(path, why) : std::string();
  if (!text) throw std::runtime_error(path + " " + why);
  const std::string changed = change(*text);
  Draft draft(path + ".new");
  const Descriptor file(draft.path(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  keep_mode_and_owner(file.number(), exists ? &old : nullptr, draft.path());
  write_all(file.number(), changed, draft.path());
  draft.become(path);
  ::fsync(directory.number());
}

}  // namespace romp::ctl
