// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"

namespace romp::plugin {

/// Where a child process tells how far it has come; what it prints is collected as well.
inline constexpr int told_descriptor = 3;

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const noexcept { return fd_; }

 private:
  int fd_ = -1;
};

/// A process that does something dangerous for us, from its start to its end. It inherits no
/// descriptor but those it is given.
class ChildProcess {
 public:
  /// Runs `program` with one argument; `order` is its standard input.
  ChildProcess(const std::filesystem::path& program, std::string argument,
               const std::string& order);
  /// Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Why there is none; empty when it runs.
  const std::string& failure() const noexcept { return failure_; }
  /// False when it has not ended by then.
  bool wait(base::Time limit);

  int status() const noexcept { return *status_; }              ///< as of waitpid
  const std::string& output() const noexcept { return said_; }  ///< the first 64 KiB
  const std::string& told() const noexcept { return told_; }

 private:
  struct Pipe {
    Pipe();
    Descriptor read, write;
  };

  void start(const std::filesystem::path& program, std::string argument);
  bool has_ended();
  void read_some();

  Descriptor order_;
  Pipe output_;
  Pipe progress_;
  pid_t pid_ = -1;
  std::optional<int> status_;
  std::string failure_;
  std::string said_;
  std::string told_;
};

/// The last line of what a process printed, cut where it is long.
std::string last_line(std::string_view output);

/// "crashed with SIGSEGV" or "called exit(1)".
std::string fate_of(int status);

}  // namespace romp::plugin
