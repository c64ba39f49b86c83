// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <functional>

#include "base/clock.hpp"

namespace romp::net {

class Wheel;

/// One wish to be called at some time. Unset, it costs nothing; it ends with its owner.
class Alarm {
 public:
  Alarm() = default;
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  virtual ~Alarm() { cancel(); }

  bool is_set() const noexcept { return wheel_ != nullptr; }
  base::Time due() const noexcept { return due_; }
  void cancel() noexcept;

 protected:
  /// On the wheel's thread, at most one tick late; the alarm is unset by then.
  virtual void on_alarm() = 0;

 private:
  friend class Wheel;
  Alarm* next_ = nullptr;
  Alarm** link_ = nullptr;  ///< what points here
  Wheel* wheel_ = nullptr;
  base::Time due_{};
};

/// All alarms of one worker, to 20 ms: setting and cancelling one is a few pointer moves, and while
/// none is set the worker sleeps. One thread.
class Wheel {
 public:
  static constexpr base::Duration tick = std::chrono::milliseconds(20);

  explicit Wheel(boost::asio::io_context& context);

  /// Calls the alarm at `due`, or once more late than early. Replaces an earlier time.
  void set(Alarm& alarm, base::Time due);

 private:
  friend class Alarm;
  static constexpr std::size_t slots = 512;

  std::size_t slot_of(base::Time time) const noexcept;
  void wait();
  void turn();
  void ring(std::size_t slot, base::Time now);

  boost::asio::steady_timer timer_;
  std::array<Alarm*, slots> heads_{};
  base::Time epoch_ = base::Clock::now();
  std::size_t done_until_ = 0;  ///< ticks since epoch_ that have rung
  std::size_t set_ = 0;
  bool turning_ = false;
};

}  // namespace romp::net
