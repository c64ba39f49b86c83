// SPDX-License-Identifier: Apache-2.0
/// romp/plugin.hpp - a C++17 layer over romp/plugin.h. Headers only, the standard library only.
///
///   #include <romp/plugin.hpp>
///
///   ROMP_PLUGIN_CPP("hello", "1.0.0", [](romp::plugin& p) {
///     p.on_frame(romp::send, "/virt/hello", [](romp::frame& f) {
///       f.reply("hello " + std::string(f.user()));
///       return romp::handled;
///     });
///   });
///
/// Nothing that is thrown leaves the plugin: a romp::reject in a filter becomes REJECT, everything
/// else a fault with its text, and in the lambda of ROMP_PLUGIN_CPP the reason why the plugin does
/// not load. Thread rules are those of plugin.h.
#ifndef ROMP_PLUGIN_HPP
#define ROMP_PLUGIN_HPP

#include <romp/plugin.h>
#include <romp/v1/admin.hpp>
#include <romp/v1/client.hpp>
#include <romp/v1/filter.hpp>
#include <romp/v1/frame.hpp>
#include <romp/v1/http.hpp>
#include <romp/v1/interfaces.hpp>
#include <romp/v1/message.hpp>
#include <romp/v1/settings.hpp>
#include <romp/v1/task.hpp>
#include <romp/v1/values.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace romp {
inline namespace v1 {

/// One instance of the plugin, as its author sees it: made by the host, filled by the lambda of
/// ROMP_PLUGIN_CPP, alive until no callback can run. Lambdas may keep a reference to it.
class plugin {
 public:
  plugin(const romp_host* host, const romp_config* config) noexcept
      : host_(host), config_(config) {}
  plugin(const plugin&) = delete;
  plugin& operator=(const plugin&) = delete;

  // -- only in the lambda of ROMP_PLUGIN_CPP --

  /// The value of a declared key: std::string, bool, any integer, double, std::chrono durations.
  /// Throws a failure that names the key when it does not fit.
  template <class T>
  T config(const char* key) const {
    return detail::setting<T>::get(host_, config_, key);
  }

  /// Calls f(romp::frame&) for the frames that match; it returns a romp::verdict, or nothing for
  /// `next`. `destination` is exact, or a prefix that ends in '*', or nullptr for all.
  template <class F>
  plugin& on_frame(commands set, const char* destination, const filter_options& options, F f);
  template <class F>
  plugin& on_frame(commands set, const char* destination, F f) {
    return on_frame(set, destination, filter_options(), std::move(f));
  }
  template <class F>
  plugin& on_frame(commands set, const filter_options& options, F f) {
    return on_frame(set, nullptr, options, std::move(f));
  }

  /// Calls f(romp::request&) for HTTP requests; it returns what request::reply returned, `next`, or
  /// `later` after request::defer. `methods` are ROMP_HTTP_ bits; `path` is exact or a prefix that
  /// ends in '*'. Filters of low priority are asked first. Wants ROMP_CAP_HTTP.
  template <class F>
  plugin& on_http(std::uint32_t methods, const char* path, F f, std::int32_t priority = 0);
  /// For GET and HEAD.
  template <class F>
  plugin& on_http(const char* path, F f, std::int32_t priority = 0) {
    return on_http(ROMP_HTTP_GET | ROMP_HTTP_HEAD, path, std::move(f), priority);
  }

  /// Calls f(const romp::event&) on the strand for every event of the ROMP_EV_ type.
  template <class F>
  plugin& on_event(std::uint32_t type, F f);

  /// Runs f at start, before listeners open; what it throws stops the plugin from starting.
  template <class F>
  plugin& on_start(F f) {
    at_start_.push_back(std::move(f));
    return *this;
  }
  /// Runs f at stop: join your own threads here.
  template <class F>
  plugin& on_stop(F f) {
    at_stop_.push_back(std::move(f));
    return *this;
  }

  /// Runs f when a reload has changed nothing but the keys of the section: config() reads the new
  /// ones meanwhile, and what f throws leaves the old ones in force. With about().reconfigures();
  /// without it a reload makes a new instance.
  template <class F>
  plugin& on_reconfigure(F f) {
    at_reconfigure_.push_back(std::move(f));
    return *this;
  }

  v1::counter counter(const char* name, const char* help) {
    return {host_, metric(ROMP_METRIC_COUNTER, name, help)};
  }
  v1::gauge gauge(const char* name, const char* help) {
    return {host_, metric(ROMP_METRIC_GAUGE, name, help)};
  }
  v1::histogram histogram(const char* name, const char* help) {
    return {host_, metric(ROMP_METRIC_HISTOGRAM, name, help)};
  }

  // -- in that lambda, where it begins with the start of the plugin, and any time later --

  /// Runs f() on the strand, again and again or once.
  template <class F>
  timer every(std::chrono::nanoseconds period, F f) {
    return add_timer(period, period, std::move(f));
  }
  template <class F>
  timer after(std::chrono::nanoseconds delay, F f) {
    return add_timer(delay, std::chrono::nanoseconds::zero(), std::move(f));
  }
  /// Calls f(romp::delivery&) on the strand for every message; ack_mode is a ROMP_ACK_.
  template <class F>
  subscription subscribe(std::string destination, F f, std::uint32_t ack_mode = ROMP_ACK_AUTO);

  // -- from start to stop, on any thread --

  /// Runs f() soon, on the strand or on a thread that may block. Throws when the queue is full.
  template <class F>
  void post(F f) const {
    detail::post(host_, host_->post, std::move(f), "post");
  }
  template <class F>
  void post_worker(F f) const {
    detail::post(host_, host_->post_worker, std::move(f), "post_worker");
  }

  /// False when it was not taken: the destination is full, the session gone or slow, the host
  /// stopping. Throws for mistakes and for a destination that does not exist.
  bool publish(const outgoing& m) const {
    return m.with_raw([this](const romp_message& raw) {
      return detail::accepted(host_->publish(host_, &raw), "publish");
    });
  }
  bool publish(std::string_view destination, std::string_view body) const {
    romp_message raw{};
    raw.size = sizeof raw;
    raw.destination = str(destination);
    raw.body = str(body);
    return detail::accepted(host_->publish(host_, &raw), "publish");
  }
  bool send_to(romp_session_id session, const outgoing& m) const {
    return m.with_raw([this, session](const romp_message& raw) {
      return detail::accepted(host_->session_send(host_, session, &raw), "send_to");
    });
  }
  bool close(romp_session_id session, std::string_view reason, closing how = closing::drain) const {
    return detail::accepted(
        host_->session_close(host_, session, static_cast<std::uint32_t>(how), str(reason)),
        "close");
  }

  // -- at any time, on any thread --

  std::string_view instance() const noexcept { return host_->instance ? host_->instance : ""; }
  bool logs(std::uint32_t level) const noexcept { return host_->log_enabled(host_, level) != 0; }
  void log(std::uint32_t level, std::string_view text) const noexcept {
    host_->log(host_, level, str(text));
  }
  /// `p.info("took ", n, " frames")`: written together, and only when the level is logged.
  template <class... A>
  void debug(const A&... parts) const {
    join(ROMP_LOG_DEBUG, parts...);
  }
  template <class... A>
  void info(const A&... parts) const {
    join(ROMP_LOG_INFO, parts...);
  }
  template <class... A>
  void warn(const A&... parts) const {
    join(ROMP_LOG_WARN, parts...);
  }
  template <class... A>
  void error(const A&... parts) const {
    join(ROMP_LOG_ERROR, parts...);
  }

  /// The C table, for what is not wrapped; nullptr when the host has no such interface.
  const romp_host* host() const noexcept { return host_; }
  template <class T>
  const T* interface(const char* id) const noexcept {
    return static_cast<const T*>(host_->get_interface(host_, id));
  }

 private:
  friend struct detail::lifecycle;

  struct event_filter {
    std::uint32_t type;
    std::function<void(const event&)> fn;
  };

  template <class T, class... A>
  T* own(A&&... args) {
    auto made = std::shared_ptr<T>(new T{std::forward<A>(args)...});
    owned_.push_back(made);
    return made.get();
  }
  romp_metric_id metric(std::uint32_t kind, const char* name, const char* help) {
    romp_metric_id id = 0;
    const romp_status s = host_->metric_define(host_, kind, name, help, &id);
    if (s != ROMP_E_UNSUPPORTED) detail::check(s, name);
    return s == ROMP_OK ? id : 0;
  }
  template <class F>
  timer add_timer(std::chrono::nanoseconds delay, std::chrono::nanoseconds period, F f);
  void begin(std::unique_ptr<detail::beginning> what) {
    if (started_) {
      what->begin();
    } else {
      beginnings_.push_back(std::move(what));
    }
  }
  template <class... A>
  void join(std::uint32_t level, const A&... parts) const {
    if (!logs(level)) return;
    std::ostringstream line;
    (line << ... << parts);
    log(level, line.str());
  }

  const romp_host* host_;
  const romp_config* config_;
  std::vector<std::shared_ptr<void>> owned_;
  std::vector<event_filter> event_filters_;
  std::vector<std::unique_ptr<detail::beginning>> beginnings_;
  std::vector<std::function<void()>> at_start_;
  std::vector<std::function<void()>> at_stop_;
  std::vector<std::function<void()>> at_reconfigure_;
  std::uint32_t filters_ = 0;
  bool started_ = false;
};

template <class F>
plugin& plugin::on_frame(commands set, const char* destination, const filter_options& options,
                         F f) {
  auto* box = own<detail::frame_filter<F>>(host_, std::move(f));
  const std::string numbered = "filter-" + std::to_string(++filters_);
  romp_filter filter = options.raw();
  filter.commands = set.mask;
  filter.destination = destination;
  if (!filter.name) filter.name = numbered.c_str();
  filter.on_frame = &detail::frame_filter<F>::call;
  filter.user = box;
  detail::check(host_->add_filter(host_, &filter), "add_filter");
  return *this;
}

template <class F>
plugin& plugin::on_http(std::uint32_t methods, const char* path, F f, std::int32_t priority) {
  auto* box = own<detail::http_filter<F>>(host_, std::move(f));
  const std::string numbered = "filter-" + std::to_string(++filters_);
  romp_http_filter filter{};
  filter.size = sizeof filter;
  filter.methods = methods;
  filter.priority = priority;
  filter.name = numbered.c_str();
  filter.path = path;
  filter.on_request = &detail::http_filter<F>::call;
  filter.user = box;
  detail::check(host_->add_http(host_, &filter), "add_http");
  return *this;
}

template <class F>
plugin& plugin::on_event(std::uint32_t type, F f) {
  event_filters_.push_back({type, std::move(f)});
  return *this;
}

template <class F>
timer plugin::add_timer(std::chrono::nanoseconds delay, std::chrono::nanoseconds period, F f) {
  auto handle = std::make_shared<detail::life>(host_, host_->timer_stop);
  auto what = std::make_unique<detail::timer_beginning<F>>();
  what->box.reset(new detail::timed<F>{host_, std::move(f), handle, period.count() > 0});
  what->after = delay;
  what->every = period;
  begin(std::move(what));
  return timer(handle);
}

template <class F>
subscription plugin::subscribe(std::string destination, F f, std::uint32_t ack_mode) {
  using beginning = detail::subscription_beginning<F>;
  auto what = std::make_unique<beginning>();
  auto handle = std::make_shared<detail::life>(host_, host_->unsubscribe);
  what->owned.reset(new typename beginning::box{host_, std::move(f)});
  what->handle = handle;
  what->destination = std::move(destination);
  what->ack_mode = ack_mode;
  begin(std::move(what));
  return subscription(handle);
}

}  // namespace v1
}  // namespace romp

#include <romp/v1/descriptor.hpp>

#endif
