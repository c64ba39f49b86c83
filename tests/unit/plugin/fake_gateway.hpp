// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "broker/broker.hpp"
#include "broker/refused.hpp"
#include "config/settings.hpp"
#include "plugin/gateway.hpp"

namespace romp::plugin::test {

/// A broker that writes down what plugins ask of it, and runs their tasks when it is told to.
/// Any thread.
class FakeGateway final : public Gateway {
 public:
  struct Sent {
    romp_session_id session = 0;
    stomp::Command command{};
    std::string destination;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    const char* body_at = nullptr;
    bool shared = false;
  };
  struct Resumed {
    romp_session_id session = 0;
    romp_defer_id id = 0;
    Resumption how;
  };

  romp_status publish(const Outgoing& message) override { return keep(0, message); }

  romp_status send_to_session(romp_session_id session, const Outgoing& frame) override {
    return keep(session, frame);
  }

  romp_status close_session(romp_session_id session, bool at_once,
                            std::string_view reason) override {
    const std::lock_guard lock(mutex_);
    closed.push_back(std::to_string(session) + (at_once ? " now: " : " drain: ") +
                     std::string(reason));
    return ROMP_OK;
  }

  romp_status resume(romp_session_id session, romp_defer_id id, Resumption how) override {
    const std::lock_guard lock(mutex_);
    resumed.push_back({session, id, std::move(how)});
    return answer;
  }

  romp_status subscribe(std::string_view destination, const base::Ptr<Inbox>& inbox) override {
    try {
      const auto to = broker.find(destination);
      inbox->set_destination(to);
      to->subscribe(inbox);
      return ROMP_OK;
    } catch (const broker::Refused&) {
      return ROMP_E_NOTFOUND;
    }
  }
  void unsubscribe(broker::Subscription& subscription, const broker::DestinationPtr& from,
                   std::vector<broker::Unsettled> unsettled) override {
    (void)from->unsubscribe(subscription, std::move(unsettled));
  }
  void dead_letter(const broker::Destination&, std::vector<broker::MessagePtr> messages) override {
    dead += messages.size();
  }
  const std::string& boot() const override { return boot_; }
  std::vector<broker::DestinationPtr> destinations() override { return broker.all(); }
  broker::DestinationPtr destination(std::string_view name) override {
    return broker.find_existing(name);
  }
  std::vector<SessionRow> sessions() override { return session_rows; }
  std::vector<SettingRow> settings() override { return {{"server", "login", "***", "who"}}; }
  romp_status reload() override { return ++reloads, ROMP_OK; }
  void on_every_peer(const std::function<void(Peer&)>& visit) override {
    if (auto turn = std::exchange(last_turn, {})) turn();
    for (auto* peer : peers) visit(*peer);
  }
  void while_workers_wait(const std::function<void()>& task) override { task(); }

  void on_worker(std::function<void()> task) override { push(worker_, std::move(task)); }
  void on_pool(std::function<void()> task) override { push(pool_, std::move(task)); }

  std::function<void()> after(base::Duration delay, std::function<void()> task) override {
    const std::lock_guard lock(mutex_);
    const auto id = ++last_timer_;
    timers_.emplace(id, std::pair(delay, std::move(task)));
    return [this, id] {
      const std::lock_guard inner(mutex_);
      timers_.erase(id);
    };
  }

  /// Runs one task of the workers or the pool; false when there is none.
  bool run_one() { return run_from(worker_) || run_from(pool_); }
  bool run_pool_one() { return run_from(pool_); }
  bool run_worker_one() { return run_from(worker_); }
  void run_all() {
    while (run_one()) {
    }
  }

  /// Fires the timers that are set now.
  void fire() {
    std::map<int, std::pair<base::Duration, std::function<void()>>> due;
    {
      const std::lock_guard lock(mutex_);
      due.swap(timers_);
    }
    for (auto& [id, timer] : due) timer.second();
  }

  std::vector<base::Duration> delays() {
    const std::lock_guard lock(mutex_);
    std::vector<base::Duration> all;
    for (const auto& [id, timer] : timers_) all.push_back(timer.first);
    return all;
  }

  std::vector<Sent> sent;
  std::vector<std::string> closed;
  std::vector<Resumed> resumed;
  romp_status answer = ROMP_OK;
  config::Settings broker_settings;
  broker::Broker broker{broker_settings};
  std::vector<SessionRow> session_rows;
  std::vector<Peer*> peers;
  std::function<void()> last_turn;  ///< of a worker, before it looks at what it is asked
  std::size_t dead = 0;
  int reloads = 0;

 private:
  using Queue = std::deque<std::function<void()>>;

  romp_status keep(romp_session_id session, const Outgoing& m) {
    const std::lock_guard lock(mutex_);
    auto& s = sent.emplace_back();
    s.session = session;
    s.command = m.command;
    s.destination = m.destination;
    for (const auto& h : m.headers) s.headers.emplace_back(h.name, h.value);
    s.body = m.body;
    s.body_at = m.body.data();
    s.shared = m.body_owner != nullptr;
    return answer;
  }

  void push(Queue& queue, std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    queue.push_back(std::move(task));
  }

  bool run_from(Queue& queue) {
    std::function<void()> task;
    {
      const std::lock_guard lock(mutex_);
      if (queue.empty()) return false;
      task = std::move(queue.front());
      queue.pop_front();
    }
    task();
    return true;
  }

  const std::string boot_ = "boot";
  std::mutex mutex_;
  Queue worker_;
  Queue pool_;
  std::map<int, std::pair<base::Duration, std::function<void()>>> timers_;
  int last_timer_ = 0;
};

}  // namespace romp::plugin::test
