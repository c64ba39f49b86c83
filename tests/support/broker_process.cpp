// SPDX-License-Identifier: Apache-2.0
#include "support/broker_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <utility>

#include "support/eventually.hpp"
#include "support/failure.hpp"

namespace romp::support {
namespace {

constexpr const char* output_file = "stdout";
constexpr const char* log_file = "stderr";

std::optional<std::uint16_t> port_in(const std::string& log) {
  constexpr std::string_view before = "listens on 127.0.0.1:";
  const auto at = log.find(before);
  if (at == std::string::npos || log.find('\n', at) == std::string::npos) return std::nullopt;
  return static_cast<std::uint16_t>(std::stoul(log.substr(at + before.size())));
}

}  // namespace

BrokerProcess::BrokerProcess(const std::vector<std::string>& arguments)
    : BrokerProcess(std::make_unique<TemporaryDirectory>(), arguments) {}

BrokerProcess::BrokerProcess(std::unique_ptr<TemporaryDirectory> directory,
                             const std::vector<std::string>& arguments)
    : directory_(std::move(directory)) {
  spawn(arguments);
}

BrokerProcess BrokerProcess::listening(const std::string& ini) {
  auto directory = std::make_unique<TemporaryDirectory>();
  const auto file = directory->write("romp.ini", ini);
  BrokerProcess process(std::move(directory), {"-c", file});
  (void)process.port();
  return process;
}

BrokerProcess::BrokerProcess(BrokerProcess&& other) noexcept
    : directory_(std::move(other.directory_)),
      pid_(std::exchange(other.pid_, -1)),
      status_(other.status_) {}

BrokerProcess::~BrokerProcess() {
  if (pid_ < 0 || status_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void BrokerProcess::spawn(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{ROMP_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC;
  const std::string out = (directory_->path() / output_file).string();
  const std::string err = (directory_->path() / log_file).string();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), flags, 0600);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), flags, 0600);
  const int error = ::posix_spawn(&pid_, ROMP_BINARY, &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0)
    throw Failure(std::string("cannot start ") + ROMP_BINARY + ": " + std::strerror(error));
}

std::uint16_t BrokerProcess::port() const {
  std::optional<std::uint16_t> port;
  if (eventually([&] { return (port = port_in(log())).has_value(); })) return *port;
  throw Failure("the broker does not listen; it said: " + log());
}

void BrokerProcess::signal(int number) const { ::kill(pid_, number); }

bool BrokerProcess::is_running() {
  int status = 0;
  if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return !status_;
}

int BrokerProcess::exit_status() {
  if (eventually([this] { return !is_running(); })) return *status_;
  throw Failure("the broker does not end; it said: " + log());
}

std::string BrokerProcess::output() const { return directory_->read(output_file); }

std::string BrokerProcess::log() const { return directory_->read(log_file); }

BrokerProcess::Outcome BrokerProcess::run(const std::vector<std::string>& arguments) {
  BrokerProcess process(arguments);
  const int status = process.exit_status();
  return {status, process.output(), process.log()};
}

}  // namespace romp::support
