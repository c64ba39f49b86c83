// SPDX-License-Identifier: Apache-2.0
#include "server/metrics.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/blocks.hpp"
#include "base/clock.hpp"
#include "base/version.hpp"
#include "plugin/instance.hpp"
#include "server/exposition.hpp"
#include "server/outbound_metrics.hpp"

namespace romp::server {
namespace {

/// The sum of one counter over all workers.
template <class Parts, class Number>
std::uint64_t sum(const Parts& parts, Number number) {
  std::uint64_t total = 0;
  for (const auto& part : parts) total += number(*part);
  return total;
}

struct DestinationFamily {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  std::uint64_t (*value)(const broker::Counts&);
};

using C = broker::Counts;
constexpr std::array destination_families{
    DestinationFamily{"romp_destination_published_total", "counter", "Messages taken in.",
                      [](const C& c) { return c.published; }},
    DestinationFamily{"romp_destination_delivered_total", "counter", "Deliveries.",
                      [](const C& c) { return c.delivered; }},
    DestinationFamily{"romp_destination_dropped_total", "counter",
                      "Messages dropped for a slow consumer, or as the oldest of a full queue.",
                      [](const C& c) { return c.dropped; }},
    DestinationFamily{"romp_destination_expired_total", "counter", "Messages that expired.",
                      [](const C& c) { return c.expired; }},
    DestinationFamily{"romp_destination_dead_lettered_total", "counter",
                      "Messages given up after too many deliveries.",
                      [](const C& c) { return c.dead_lettered; }},
    DestinationFamily{"romp_destination_refused_total", "counter", "Messages refused when full.",
                      [](const C& c) { return c.refused; }},
    DestinationFamily{"romp_destination_waiting", "gauge", "Messages in the queue.",
                      [](const C& c) { return std::uint64_t{c.waiting}; }},
    DestinationFamily{"romp_destination_in_flight", "gauge", "Deliveries not settled yet.",
                      [](const C& c) { return std::uint64_t{c.in_flight}; }},
    DestinationFamily{"romp_destination_subscriptions", "gauge", "Subscriptions.",
                      [](const C& c) { return std::uint64_t{c.subscriptions}; }},
};

void add_up(broker::Counts& total, const broker::Counts& more) {
  total.published += more.published;
  total.delivered += more.delivered;
  total.dropped += more.dropped;
  total.expired += more.expired;
  total.dead_lettered += more.dead_lettered;
  total.refused += more.refused;
  total.waiting += more.waiting;
  total.in_flight += more.in_flight;
  total.subscriptions += more.subscriptions;
}

struct TlsFamily {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  std::uint64_t (*value)(const PortTls&);
};

std::uint64_t unix_seconds(net::TlsContext::Time time) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

constexpr std::array tls_families{
    TlsFamily{"romp_tls_handshakes_total", "counter", "Clients that came in by TLS.",
              [](const PortTls& t) { return t.handshakes.load(); }},
    TlsFamily{"romp_tls_failures_total", "counter", "Handshakes that failed or were not ended.",
              [](const PortTls& t) { return t.failures.load(); }},
    TlsFamily{"romp_tls_in_clear_total", "counter", "Clients turned away for they spoke no TLS.",
              [](const PortTls& t) { return t.in_clear.load(); }},
    TlsFamily{"romp_tls_loads_total", "counter", "Times the files of TLS were taken over.",
              [](const PortTls& t) { return t.loads.load(); }},
    TlsFamily{"romp_tls_failed_loads_total", "counter", "Times they changed and were no good.",
              [](const PortTls& t) { return t.failed_loads.load(); }},
    TlsFamily{"romp_tls_certificate_end_seconds", "gauge",
              "When the first certificate ends, in seconds since 1970.",
              [](const PortTls& t) { return unix_seconds(t.context()->expires()); }},
};

struct FilterFamily {
  std::string_view name;
  std::string_view help;
  std::uint64_t (*value)(const plugin::Counters&);
};

using F = plugin::Counters;
constexpr std::array filter_families{
    FilterFamily{"romp_filter_calls_total", "Calls of a filter.",
                 [](const F& f) { return f.calls.value(); }},
    FilterFamily{"romp_filter_handled_total", "Verdicts HANDLED.",
                 [](const F& f) { return f.handled.load(); }},
    FilterFamily{"romp_filter_rejected_total", "Verdicts REJECT.",
                 [](const F& f) { return f.rejected.load(); }},
    FilterFamily{"romp_filter_deferred_total", "Verdicts DEFER.",
                 [](const F& f) { return f.deferred.load(); }},
    FilterFamily{"romp_filter_timeouts_total", "Deferrals that took too long.",
                 [](const F& f) { return f.timeouts.load(); }},
    FilterFamily{"romp_filter_faults_total", "Exceptions, bad statuses and verdicts.",
                 [](const F& f) { return f.faults.load(); }},
    FilterFamily{"romp_filter_blocked_total", "Not asked: its plugin fails too often.",
                 [](const F& f) { return f.blocked.load(); }},
    FilterFamily{"romp_filter_over_budget_total", "Calls over the budget, of one in 64 timed.",
                 [](const F& f) { return f.over_budget.load(); }},
};

constexpr std::array<std::string_view, 3> metric_types{"counter", "gauge", "histogram"};

void add_histogram(Exposition& out, std::string_view plugin, const plugin::Metric& metric) {
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < plugin::Metric::buckets; ++i) {
    so_far += metric.counts[i].load(std::memory_order_relaxed);
    const bool last = i + 1 == plugin::Metric::buckets;
    std::string bound = last ? "+Inf" : std::to_string(plugin::Metric::bound(i));
    out.sample({{"plugin", plugin}, {"le", bound}}, so_far, "_bucket");
  }
  out.sample({{"plugin", plugin}}, metric.value.load(std::memory_order_relaxed), "_sum");
  out.sample({{"plugin", plugin}}, so_far, "_count");
}

}  // namespace

Metrics::Metrics(Sources sources) : from_(sources), started_(base::unix_ms() / 1000) {}

std::string Metrics::page() const {
  Exposition out;
  out.family("romp_build_info", "gauge", "The version of the broker.");
  out.sample({{"version", base::version}}, std::uint64_t{1});
  add_server(out);
  add_logins(out);
  add_limits(out);
  add_tls(out);
  add_http(out);
  add_destinations(out);
  add_filters(out);
  add_plugins(out);
  add_outbound(out, from_.plugins);
  return out.take();
}

void Metrics::add_server(Exposition& out) const {
  const auto counted = [this](const base::Counter session::Counters::*counter) {
    return sum(from_.rosters, [=](auto& roster) { return (roster.counters().*counter).value(); });
  };
  using S = session::Counters;
  out.single("romp_start_time_seconds", "gauge", "When it started, in seconds since 1970.",
             static_cast<std::uint64_t>(started_));
  out.single("romp_connections", "gauge", "Connections, whatever they speak.",
             sum(from_.entrances, [](auto& entrance) { return entrance.load(); }));
  out.single("romp_stomp_connections", "gauge", "Connections that speak STOMP.",
             sum(from_.rosters, [](auto& roster) { return roster.size(); }));
  out.single("romp_stomp_connections_total", "counter", "Connections that spoke STOMP.",
             counted(&S::connections));
  out.single("romp_sessions_total", "counter", "Sessions: clients that got CONNECTED.",
             counted(&S::sessions));
  out.single("romp_frames_in_total", "counter", "Frames from clients.", counted(&S::frames_in));
  out.single("romp_messages_in_total", "counter", "SEND frames accepted.",
             counted(&S::messages_in));
  out.single("romp_messages_out_total", "counter", "MESSAGE frames for clients.",
             counted(&S::messages_out));
  out.single("romp_errors_total", "counter", "ERROR frames for clients.", counted(&S::errors));
  out.single("romp_session_moves_total", "counter",
             "Sessions that went on on the worker of their consumers.", counted(&S::moves));
  out.single("romp_foreigners_total", "counter", "Clients shown the door for another protocol.",
             sum(from_.entrances, [](auto& entrance) { return entrance.foreigners(); }));
  out.single("romp_memory_bytes", "gauge", "Octets of all messages held.",
             from_.broker.memory().used());
  out.single("romp_memory_limit_bytes", "gauge", "max_memory.", from_.broker.memory().limit());
  out.single("romp_blocks_kept_bytes", "gauge", "Octets ready for the messages to come.",
             base::Blocks::kept());
}

void Metrics::add_logins(Exposition& out) const {
  const auto& counts = from_.authenticator.counts();
  out.family("romp_logins_total", "counter", "CONNECT frames by what became of them.");
  out.sample({{"outcome", "accepted"}}, counts.accepted.load());
  out.sample({{"outcome", "refused"}}, counts.refused.load());
  out.sample({{"outcome", "busy"}}, counts.busy.load());
  out.single("romp_logins_delayed_total", "counter",
             "Logins that had to wait, because others from their address have failed.",
             counts.delayed.load());
}

void Metrics::add_limits(Exposition& out) const {
  out.family("romp_turned_away_total", "counter",
             "Connections over a limit of those who may come.");
  for (const auto& port : from_.ports) {
    for (std::size_t i = 0; i < Port::limits.size(); ++i) {
      out.sample({{"listener", port->settings.name}, {"limit", Port::limits[i]}},
                 port->refused[i].load());
    }
  }
  out.single("romp_addresses", "gauge", "Addresses that are counted.", from_.admission.addresses());
  out.single("romp_read_pauses_total", "counter",
             "Times a connection was not read from, for it had sent too much.",
             from_.admission.pauses());
  out.single("romp_user_refusals_total", "counter",
             "Sessions and subscriptions over a user's limit.",
             from_.rosters.front()->environment().users->refused());
}

void Metrics::add_tls(Exposition& out) const {
  const auto has_tls = [](const auto& port) { return port->tls != nullptr; };
  if (std::ranges::none_of(from_.ports, has_tls)) return;
  for (const auto& family : tls_families) {
    out.family(family.name, family.type, family.help);
    for (const auto& port : from_.ports) {
      if (port->tls) out.sample({{"listener", port->settings.name}}, family.value(*port->tls));
    }
  }
}

void Metrics::add_http(Exposition& out) const {
  const auto counted = [this](const base::Counter http::Counters::*counter) {
    return sum(from_.desks, [=](auto& desk) { return (desk.counters().*counter).value(); });
  };
  using H = http::Counters;
  out.single("romp_http_connections", "gauge", "Connections that speak HTTP.",
             sum(from_.desks, [](auto& desk) { return desk.size(); }));
  out.single("romp_http_connections_total", "counter", "Connections that began with HTTP.",
             counted(&H::connections));
  out.single("romp_http_requests_total", "counter", "Requests that were whole.",
             counted(&H::requests));
  out.single("romp_http_refused_total", "counter",
             "Requests that were malformed, slow or too large.", counted(&H::refused));
  out.single("romp_http_held_bytes", "gauge", "Octets of requests and answers held.",
             from_.http.held.load(std::memory_order_relaxed));
  out.single("romp_websockets_total", "counter", "Connections that became WebSockets.",
             counted(&H::upgrades));
  out.single("romp_websockets_deflated", "gauge", "WebSockets that are compressed.",
             from_.http.deflate.used());
  out.single("romp_websockets_denied_total", "counter",
             "WebSockets refused for the origin of their page.", counted(&H::denied));
}

/// The first ones by name, then the sum of the others.
void Metrics::add_destinations(Exposition& out) const {
  auto all = from_.broker.all();
  std::ranges::sort(all, {}, [](const auto& destination) { return destination->name(); });
  const std::size_t most = from_.settings.metrics_destinations;
  std::vector<std::pair<std::string, broker::Counts>> rows;
  broker::Counts others;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < most) {
      rows.emplace_back(all[i]->name(), all[i]->counts());
    } else {
      add_up(others, all[i]->counts());
    }
  }
  out.single("romp_destinations", "gauge", "Queues and topics.", all.size());
  if (all.size() > most) rows.emplace_back("(others)", others);
  for (const auto& family : destination_families) {
    out.family(family.name, family.type, family.help);
    for (const auto& [name, counts] : rows) {
      out.sample({{"destination", name}}, family.value(counts));
    }
  }
}

void Metrics::add_filters(Exposition& out) const {
  const auto instances = from_.plugins.kept_instances();
  for (const auto& family : filter_families) {
    out.family(family.name, "counter", family.help);
    for (const auto& instance : instances) {
      const auto add = [&](const auto& filter) {
        out.sample({{"plugin", instance->name()}, {"filter", filter.name}},
                   family.value(*filter.counters));
      };
      std::ranges::for_each(instance->filters(), add);
      std::ranges::for_each(instance->http_filters(), add);
    }
  }
}

/// Instances may have metrics of one name, and then one family. Where they do not agree about its
/// kind, the first counts.
void Metrics::add_plugins(Exposition& out) const {
  std::map<std::string, std::vector<std::pair<std::string, const plugin::Metric*>>> families;
  const auto instances = from_.plugins.kept_instances();
  for (const auto& instance : instances) {
    instance->metrics().each([&](const plugin::Metric& metric) {
      auto& family = families[metric.name];
      if (family.empty() || family.front().second->kind == metric.kind) {
        family.emplace_back(instance->name(), &metric);
      }
    });
  }
  for (const auto& [name, samples] : families) {
    const auto& first = *samples.front().second;
    out.family("romp_plugin_" + name, metric_types[first.kind], first.help);
    for (const auto& [plugin, metric] : samples) {
      if (metric->kind == ROMP_METRIC_HISTOGRAM) {
        add_histogram(out, plugin, *metric);
      } else {
        out.sample({{"plugin", plugin}}, metric->value.load(std::memory_order_relaxed));
      }
    }
  }
}

}  // namespace romp::server
