// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace romp::bench {

/// Everything the command line says. The defaults are those of --help.
struct Options {
  std::string scenario;

  std::string host = "127.0.0.1";
  std::uint16_t port = 61613;
  bool tls = false;
  std::string login;
  std::string passcode;
  std::string vhost = "/";
  std::string queue_prefix = "/queue/";
  std::string topic_prefix = "/topic/";
  double duration = 3;
  double warmup = 0.5;
  pid_t pid = 0;
  bool json = false;
  bool free_port = false;
  bool wait = false;

  std::size_t size = 16;
  std::size_t window = 0;  ///< messages on their way to one subscriber; 0: by size
  std::size_t subs = 10;
  std::size_t prefetch = 1000;
  std::size_t outstanding = 100;
  std::size_t pairs = 8;
  std::size_t queues = 10'000;
  double rate = 10'000;
  std::size_t connections = 1000;
  bool subscribe = false;
  std::size_t concurrency = 32;
  bool quick = false;

  /// Octets the broker takes without connections; 0: as many as when the idle scenario begins.
  std::size_t empty_broker_memory = 0;
};

/// Reads the command line. When the program is to end at once (--help, or a mistake, which is
/// explained on stderr), returns false and the status to end with.
bool parse_options(int argc, char** argv, Options& options, int& status);

}  // namespace romp::bench
