// SPDX-License-Identifier: Apache-2.0
#include "net/worker.hpp"

#include <pthread.h>
#include <sys/prctl.h>

#include <latch>

namespace romp::net {

Worker::Worker(unsigned number)
    : number_(number), work_(boost::asio::make_work_guard(context_)), wheel_(context_) {}

Worker::~Worker() { stop(); }

void Worker::start() {
  std::latch running(1);
  thread_ = std::thread([this, &running] {
    pthread_setname_np(pthread_self(), ("worker-" + std::to_string(number_)).c_str());
    prctl(PR_SET_TIMERSLACK, 1UL);  // a rest may be shorter than the 50 us of default
    id_ = std::this_thread::get_id();
    running.count_down();
    context_.run();
  });
  running.wait();
}

void Worker::stop() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace romp::net
