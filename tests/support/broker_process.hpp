// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/temporary_directory.hpp"

namespace romp::support {

/// The daemon itself, as an operator starts it, in a directory of its own.
class BrokerProcess {
 public:
  /// Starts it with these arguments.
  explicit BrokerProcess(const std::vector<std::string>& arguments);
  /// Starts it with this configuration, and waits until it listens. `[server] ports = 0` is meant
  /// to be in it.
  static BrokerProcess listening(const std::string& ini);
  /// Kills it if it still runs.
  ~BrokerProcess();
  BrokerProcess(BrokerProcess&& other) noexcept;
  BrokerProcess& operator=(BrokerProcess&&) = delete;

  pid_t pid() const noexcept { return pid_; }
  /// The port it says that it listens on. Throws Failure when it does not say so in time.
  std::uint16_t port() const;
  void signal(int number) const;
  /// Its exit status once it has ended; 128 + N after a signal N. Throws Failure when it does not.
  int exit_status();
  bool is_running();
  std::string output() const;  ///< on stdout
  std::string log() const;     ///< on stderr
  const TemporaryDirectory& directory() const noexcept { return *directory_; }

  /// What it says and its exit status.
  struct Outcome {
    int status;
    std::string output;
    std::string log;
  };
  static Outcome run(const std::vector<std::string>& arguments);

 private:
  BrokerProcess(std::unique_ptr<TemporaryDirectory> directory,
                const std::vector<std::string>& arguments);

  void spawn(const std::vector<std::string>& arguments);

  std::unique_ptr<TemporaryDirectory> directory_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace romp::support
