// SPDX-License-Identifier: Apache-2.0
#include "poller.hpp"

#include <sys/epoll.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "failure.hpp"

namespace romp::bench {

Poller::Poller() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_.fd() < 0) throw Failure("epoll_create1 failed");
  prctl(PR_SET_TIMERSLACK, 1UL);  // an open loop is late by the slack, 50 us by default
}

void Poller::control(int operation, int fd, Watcher& watcher, bool want_writable) {
  epoll_event event{};
  event.events = want_writable ? EPOLLIN | EPOLLOUT : EPOLLIN;
  event.data.ptr = &watcher;
  if (epoll_ctl(epoll_.fd(), operation, fd, &event) != 0) throw Failure("epoll_ctl failed");
}

void Poller::add(int fd, Watcher& watcher, bool want_writable) {
  control(EPOLL_CTL_ADD, fd, watcher, want_writable);
}

void Poller::change(int fd, Watcher& watcher, bool want_writable) {
  control(EPOLL_CTL_MOD, fd, watcher, want_writable);
}

void Poller::wait(Duration limit) {
  const auto ns = std::max<std::int64_t>(std::chrono::nanoseconds(limit).count(), 0);
  const timespec timeout{ns / 1'000'000'000, ns % 1'000'000'000};
  std::array<epoll_event, 256> events;
  const int count = epoll_pwait2(epoll_.fd(), events.data(), int{events.size()}, &timeout, nullptr);
  if (count < 0 && errno != EINTR) throw Failure("epoll_pwait2 failed");
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    static_cast<Watcher*>(event.data.ptr)
        ->on_ready((event.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0,
                   (event.events & EPOLLOUT) != 0);
  }
}

}  // namespace romp::bench
