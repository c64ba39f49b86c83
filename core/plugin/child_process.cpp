// SPDX-License-Identifier: Apache-2.0
#include "plugin/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

namespace romp::plugin {
namespace {

constexpr std::size_t most_output = std::size_t{64} << 10;
constexpr std::size_t most_told = std::size_t{4} << 20;
constexpr int look_every_ms = 5;

std::string error_text(int error) { return std::generic_category().message(error); }

/// Something to read that holds a text.
Descriptor file_with(const std::string& text) {
  Descriptor file(::memfd_create("romp-order", MFD_CLOEXEC));
  std::size_t done = 0;
  while (file.get() >= 0 && done < text.size()) {
    const auto n = ::write(file.get(), text.data() + done, text.size() - done);
    if (n <= 0) return {};
    done += static_cast<std::size_t>(n);
  }
  if (file.get() >= 0) ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

/// What goes beyond `most` is read and forgotten.
bool read_from(const Descriptor& end, std::string& into, std::size_t most) {
  std::array<char, 4096> buffer{};
  bool more = false;
  for (ssize_t n = 0; (n = ::read(end.get(), buffer.data(), buffer.size())) > 0; more = true) {
    const auto room = most - std::min(most, into.size());
    into.append(buffer.data(), std::min(static_cast<std::size_t>(n), room));
  }
  return more;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

ChildProcess::Pipe::Pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
  read = Descriptor(ends[0]);
  write = Descriptor(ends[1]);
  ::fcntl(write.get(), F_SETFL, 0);  // the child may take its time
}

ChildProcess::ChildProcess(const std::filesystem::path& program, std::string argument,
                           const std::string& order)
    : order_(file_with(order)) {
  if (order_.get() < 0 || output_.read.get() < 0 || progress_.read.get() < 0) {
    failure_ = error_text(errno);
    return;
  }
  start(program, std::move(argument));
  output_.write = Descriptor();
  progress_.write = Descriptor();
}

ChildProcess::~ChildProcess() {
  if (pid_ < 0 || status_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void ChildProcess::start(const std::filesystem::path& program, std::string argument) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  const std::array<std::pair<int, int>, 4> wanted{{{order_.get(), STDIN_FILENO},
                                                   {output_.write.get(), STDOUT_FILENO},
                                                   {output_.write.get(), STDERR_FILENO},
                                                   {progress_.write.get(), told_descriptor}}};
  // Through higher numbers, since an end may have one of those that are to be filled.
  const int beyond = std::ranges::max_element(wanted)->first + told_descriptor + 1;
  for (const auto& [from, to] : wanted) {
    posix_spawn_file_actions_adddup2(&files, from, beyond + to);
  }
  for (const auto& [from, to] : wanted) posix_spawn_file_actions_adddup2(&files, beyond + to, to);
  posix_spawn_file_actions_addclosefrom_np(&files, told_descriptor + 1);
  std::string name = program.filename().string();
  std::array<char*, 3> argv{name.data(), argument.data(), nullptr};
  const int error = ::posix_spawn(&pid_, program.c_str(), &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error == 0) return;
  pid_ = -1;
  failure_ = program.string() + ": " + error_text(error);
}

bool ChildProcess::wait(base::Time limit) {
  while (!has_ended() && base::Clock::now() < limit) read_some();
  read_some();
  return status_.has_value();
}

bool ChildProcess::has_ended() {
  int status = 0;
  if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return status_.has_value();
}

void ChildProcess::read_some() {
  std::array<pollfd, 2> ends{{{output_.read.get(), POLLIN, 0}, {progress_.read.get(), POLLIN, 0}}};
  if (::poll(ends.data(), ends.size(), status_ ? 0 : look_every_ms) <= 0) return;
  const bool said = read_from(output_.read, said_, most_output);
  const bool told = read_from(progress_.read, told_, most_told);
  if (!said && !told && !status_) {
    ::poll(nullptr, 0, look_every_ms);  // both have been closed, and it has not ended yet
  }
}

std::string last_line(std::string_view output) {
  while (output.ends_with('\n')) output.remove_suffix(1);
  const auto at = output.rfind('\n');
  if (at != output.npos) output.remove_prefix(at + 1);
  return std::string(output.substr(0, 300));
}

std::string fate_of(int status) {
  if (!WIFSIGNALED(status)) return "called exit(" + std::to_string(WEXITSTATUS(status)) + ")";
  const int number = WTERMSIG(status);
  const char* name = ::sigabbrev_np(number);
  return std::string("crashed with ") +
         (name == nullptr ? "signal " + std::to_string(number) : std::string("SIG") + name);
}

}  // namespace romp::plugin
