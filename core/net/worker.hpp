// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <string>
#include <thread>
#include <vector>

#include "net/wheel.hpp"

namespace romp::net {

/// A thread with its io_context. A session lives on one worker, or moves once to another.
class Worker {
 public:
  explicit Worker(unsigned number);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  unsigned number() const noexcept { return number_; }
  boost::asio::io_context& context() noexcept { return context_; }
  Wheel& wheel() noexcept { return wheel_; }
  /// Memory for whoever needs some for the length of one call, and leaves it empty. This worker.
  std::vector<char>& scratch() noexcept { return scratch_; }

  void start();
  /// Ends the thread after what it is doing; safe to call twice.
  void stop();

  /// True on this worker's own thread.
  bool is_here() const noexcept { return std::this_thread::get_id() == id_; }

  /// Runs `task` on this worker, later. Any thread.
  template <class F>
  void post(F task) {
    boost::asio::post(context_, std::move(task));
  }

 private:
  unsigned number_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  Wheel wheel_;
  std::vector<char> scratch_;
  std::thread::id id_;
  std::thread thread_;
};

}  // namespace romp::net
