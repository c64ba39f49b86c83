// SPDX-License-Identifier: Apache-2.0
#include "session/pace.hpp"

#include <algorithm>

namespace romp::session {
namespace {

// Below so many readings a second, and above so many frames in one, there is nothing to be gained.
constexpr base::Duration longest_gap = std::chrono::microseconds(12);
constexpr std::uint64_t many_frames = 16;

constexpr double worth_it = 1.1;
constexpr unsigned most_patience = 64;
constexpr unsigned windows_of_rest = 64;

}  // namespace

base::Duration Pace::before_reading(base::Time now, std::uint64_t frames, std::uint32_t& round) {
  if (now - began_ >= window) end_window(now, frames);
  ++readings_;
  const bool again = round == round_;
  if (again) ++round_;
  round = round_;
  return again && mode_ != Mode::plain ? rest : base::Duration::zero();
}

void Pace::end_window(base::Time now, std::uint64_t frames) {
  const auto length = now - began_;
  const auto received = frames - frames_;
  const bool often = length < longest_gap * readings_;
  const bool small = received < many_frames * readings_;
  const double rate = static_cast<double>(received) / static_cast<double>(length.count());
  mode_ = next_mode(often && small, rate);
  began_ = now;
  frames_ = frames;
  readings_ = 0;
}

Pace::Mode Pace::next_mode(bool is_worth_a_trial, double rate) {
  switch (mode_) {
    case Mode::plain:
      plain_rate_ = rate;
      return is_worth_a_trial && --windows_left_ == 0 ? Mode::trial : Mode::plain;
    case Mode::trial:
      if (rate > plain_rate_ * worth_it) {
        patience_ = 1;
        windows_left_ = windows_of_rest;
        return Mode::resting;
      }
      patience_ = std::min(patience_ * 2, most_patience);
      windows_left_ = patience_;
      return Mode::plain;
    case Mode::resting:
      if (--windows_left_ != 0 && rate > plain_rate_) return Mode::resting;
      windows_left_ = 1;
      return Mode::plain;
  }
  return Mode::plain;
}

}  // namespace romp::session
