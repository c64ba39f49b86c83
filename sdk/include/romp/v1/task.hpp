// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/v1/message.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace romp {
inline namespace v1 {

namespace detail {

inline std::int64_t ns_of(std::chrono::nanoseconds d) noexcept { return d.count(); }

/// A callable on its way through the host as a task. Runs once, or not at all when cancelled; is
/// deleted in both cases. What it throws is logged.
template <class F>
struct posted {
  const romp_host* host;
  F fn;

  static void run(void* arg, romp_status status) noexcept {
    const std::unique_ptr<posted> self(static_cast<posted*>(arg));
    if (status != ROMP_OK) return;
    try {
      self->fn();
    } catch (...) {
      log_thrown(self->host);
    }
  }
};

using post_function = romp_status (*)(const romp_host*, romp_task, void*);

template <class F>
void post(const romp_host* host, post_function how, F fn, const char* what) {
  auto box = std::make_unique<posted<F>>(posted<F>{host, std::move(fn)});
  check(how(host, &posted<F>::run, box.get()), what);
  box.release();
}

/// What handles of timers and subscriptions share with the thing itself: its id once it has begun,
/// and whether somebody wants it to end. Any thread.
class life {
 public:
  using end_function = romp_status (*)(const romp_host*, std::uint64_t);
  life(const romp_host* host, end_function end) noexcept : host_(host), end_(end) {}

  void began(std::uint64_t id) noexcept {
    id_ = id;
    if (stopped_) end_(host_, id);
  }
  void stop() noexcept {
    if (stopped_.exchange(true)) return;
    if (const std::uint64_t id = id_; id != 0) end_(host_, id);
  }
  bool stopped() const noexcept { return stopped_; }

 private:
  const romp_host* host_;
  end_function end_;
  std::atomic<std::uint64_t> id_{0};
  std::atomic<bool> stopped_{false};
};

/// Something that create() promised and start() begins, because create may not start it itself.
struct beginning {
  virtual ~beginning() = default;
  virtual void begin() = 0;
};

template <class F>
struct timed {
  const romp_host* host;
  F fn;
  std::shared_ptr<life> handle;
  bool repeats;

  static void run(void* arg, romp_status status) noexcept {
    auto* self = static_cast<timed*>(arg);
    if (status == ROMP_OK && !self->handle->stopped()) {
      try {
        self->fn();
      } catch (...) {
        log_thrown(self->host);
      }
    }
    if (status != ROMP_OK || !self->repeats) delete self;
  }
};

template <class F>
struct timer_beginning : beginning {
  std::unique_ptr<timed<F>> box;
  std::chrono::nanoseconds after;
  std::chrono::nanoseconds every;

  void begin() override {
    const std::shared_ptr<life> handle = box->handle;
    if (handle->stopped()) return;
    const romp_host* host = box->host;
    romp_timer_id id = 0;
    check(host->timer_start(host, ns_of(after), ns_of(every), &timed<F>::run, box.get(), &id),
          "timer");
    box.release();
    handle->began(id);
  }
};

}  // namespace detail

/// A timer that runs, or will when the plugin has started. Copies mean the same timer; letting go
/// of them does not stop it. Any thread.
class timer {
 public:
  explicit timer(std::shared_ptr<detail::life> shared) noexcept : shared_(std::move(shared)) {}
  /// It does not fire again; a call that is running comes to its end.
  void stop() const noexcept { shared_->stop(); }

 private:
  std::shared_ptr<detail::life> shared_;
};

/// A message for a subscription of the plugin.
class delivery : public frame_view {
 public:
  delivery(const romp_host* host, romp_sub_id sub, const romp_frame* raw, std::uint64_t token)
      : frame_view(raw), host_(host), sub_(sub), token_(token) {}

  /// Settle it, where the subscription was made with an ack mode. False: settled before, or gone.
  bool ack() noexcept { return host_->ack(host_, sub_, token_, 1) == ROMP_OK; }
  bool nack() noexcept { return host_->ack(host_, sub_, token_, 0) == ROMP_OK; }
  retained retain() const {
    const romp_frame* kept = host_->frame_retain(host_, raw_);
    if (!kept) throw std::bad_alloc();
    return {host_, kept};
  }

 private:
  const romp_host* host_;
  romp_sub_id sub_;
  std::uint64_t token_;
};

/// A subscription; a handle like timer.
class subscription {
 public:
  explicit subscription(std::shared_ptr<detail::life> shared) noexcept
      : shared_(std::move(shared)) {}
  void stop() const noexcept { shared_->stop(); }

 private:
  std::shared_ptr<detail::life> shared_;
};

namespace detail {

template <class F>
struct subscription_beginning : beginning {
  struct box {
    const romp_host* host;
    F fn;
    static void on_message(void* user, romp_sub_id sub, const romp_frame* raw,
                           std::uint64_t token) noexcept {
      auto* self = static_cast<box*>(user);
      try {
        delivery d(self->host, sub, raw, token);
        self->fn(d);
      } catch (...) {
        log_thrown(self->host);
      }
    }
    static void on_closed(void* user, romp_sub_id, romp_status) noexcept {
      delete static_cast<box*>(user);
    }
  };
  std::unique_ptr<box> owned;
  std::shared_ptr<life> handle;
  std::string destination;
  std::uint32_t ack_mode;

  void begin() override {
    if (handle->stopped()) return;
    const romp_host* host = owned->host;
    romp_subscription s{};
    s.size = sizeof s;
    s.ack = ack_mode;
    s.destination = str(destination);
    s.on_message = &box::on_message;
    s.on_closed = &box::on_closed;
    s.user = owned.get();
    romp_sub_id id = 0;
    check(host->subscribe(host, &s, &id), "subscribe");
    owned.release();
    handle->began(id);
  }
};

}  // namespace detail

/// Metrics: handles to copy around. Where the host has no metrics they do nothing. Any thread.
class counter {
 public:
  counter(const romp_host* host, romp_metric_id id) noexcept : host_(host), id_(id) {}
  void add(double value = 1) const noexcept { host_->metric_add(host_, id_, value); }

 private:
  const romp_host* host_;
  romp_metric_id id_;
};

class gauge {
 public:
  gauge(const romp_host* host, romp_metric_id id) noexcept : host_(host), id_(id) {}
  void add(double value) const noexcept { host_->metric_add(host_, id_, value); }
  void set(double value) const noexcept { host_->metric_set(host_, id_, value); }

 private:
  const romp_host* host_;
  romp_metric_id id_;
};

class histogram {
 public:
  histogram(const romp_host* host, romp_metric_id id) noexcept : host_(host), id_(id) {}
  void record(double value) const noexcept { host_->metric_add(host_, id_, value); }
  void record(std::chrono::duration<double> d) const noexcept { record(d.count()); }

 private:
  const romp_host* host_;
  romp_metric_id id_;
};

}  // namespace v1
}  // namespace romp
