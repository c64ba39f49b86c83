// SPDX-License-Identifier: Apache-2.0
#include "broker_process.hpp"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "failure.hpp"

namespace romp::bench {
namespace {

std::ifstream open_proc(pid_t pid, const char* name) {
  return std::ifstream("/proc/" + std::to_string(pid) + "/" + name);
}

std::size_t share_of_smaps(pid_t pid) {
  std::ifstream file = open_proc(pid, "smaps_rollup");
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with("Pss:")) return std::stoul(line.substr(4)) * 1024;
  }
  return 0;
}

std::size_t resident_of_statm(pid_t pid) {
  std::ifstream file = open_proc(pid, "statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  if (!(file >> all >> resident)) throw Failure("the broker's process has ended");
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

double BrokerProcess::cpu_seconds() const {
  if (!known()) return 0;
  std::ifstream file = open_proc(pid_, "stat");
  std::string line;
  if (!std::getline(file, line)) throw Failure("the broker's process has ended");
  // The name in parentheses may hold anything; utime is the 12th word behind it.
  std::istringstream words(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) words >> skipped;
  double user = 0;
  double system = 0;
  words >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::size_t BrokerProcess::memory() const {
  if (!known()) return 0;
  const std::size_t share = share_of_smaps(pid_);
  return share != 0 ? share : resident_of_statm(pid_);
}

double own_cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

}  // namespace romp::bench
