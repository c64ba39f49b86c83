// SPDX-License-Identifier: Apache-2.0
#include "server/supervisor.hpp"

#include <systemd/sd-daemon.h>

#include <cstring>
#include <ctime>

#include "base/log.hpp"

namespace romp::server {
namespace {

constexpr int rounds_a_watchdog = 4;
constexpr int reload_factor = 10;

std::chrono::microseconds watchdog_of_environment() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) microseconds = 0;
  return std::chrono::microseconds(microseconds);
}

/// What RELOADING=1 has to come with since systemd 253.
std::string monotonic_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::to_string(now.tv_sec * 1'000'000 + now.tv_nsec / 1000);
}

std::string watchdog_line(std::chrono::microseconds time) {
  return time.count() == 0 ? "" : "\nWATCHDOG_USEC=" + std::to_string(time.count());
}

}  // namespace

Supervisor::Supervisor(boost::asio::io_context& control, const Workers& workers)
    : workers_(workers),
      timer_(control),
      watchdog_(watchdog_of_environment()),
      answered_(std::make_shared<std::vector<std::atomic<std::uint64_t>>>(workers.size())) {}

void Supervisor::ready(const std::string& status) {
  tell("READY=1\nSTATUS=" + status + watchdog_line(watchdog_));
  if (round_ == 0 && watchdog_.count() != 0) {
    begin_round();
    round_loop();
  }
}

void Supervisor::reloading() {
  tell("RELOADING=1\nMONOTONIC_USEC=" + monotonic_now() + "\nSTATUS=Reading the configuration" +
       watchdog_line(watchdog_ * reload_factor));
}

void Supervisor::stopping() { tell("STOPPING=1\nSTATUS=Writing out what clients wait for"); }

void Supervisor::begin_round() {
  ++round_;
  named_ = false;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    workers_[i]->post([answered = answered_, i, round = round_] { (*answered)[i] = round; });
  }
}

void Supervisor::end_round() {
  const auto numbers = silent();
  if (!numbers.empty()) return name_silent(numbers);
  tell("WATCHDOG=1");
  begin_round();
}

void Supervisor::round_loop() {
  timer_.expires_after(watchdog_ / rounds_a_watchdog);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    end_round();
    round_loop();
  });
}

std::vector<unsigned> Supervisor::silent() const {
  std::vector<unsigned> numbers;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if ((*answered_)[i] != round_) numbers.push_back(workers_[i]->number());
  }
  return numbers;
}

void Supervisor::name_silent(const std::vector<unsigned>& numbers) {
  if (std::exchange(named_, true)) return;
  for (const unsigned number : numbers) {
    base::log::error("worker " + std::to_string(number) +
                     " does not answer: the watchdog is not told that the broker lives");
  }
}

void Supervisor::tell(const std::string& state) {
  const int result = sd_notify(0, state.c_str());
  if (result >= 0 || std::exchange(complained_, true)) return;
  base::log::warning(std::string("cannot reach the service manager: ") + std::strerror(-result));
}

}  // namespace romp::server
