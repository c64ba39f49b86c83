// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <cstdio>

namespace romp::bench {
namespace {

std::string number(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string or_dash(double value, int digits) { return value > 0 ? number(value, digits) : "-"; }

std::string remarks(const Result& r) {
  if (!r.failure.empty()) return "FAILED " + r.failure;
  std::string text;
  if (r.octets_per_connection) {
    text = number(*r.octets_per_connection, 0) + " B a connection, broker CPU " +
           number(r.broker_share * 100, 1) + " %";
  }
  if (r.own_share > 0.9) text += "generator at its limit";
  if (r.latency && r.lateness && r.lateness->p99 > r.latency->p99 / 2) {
    text += "generator late itself, p99 " + number(r.lateness->p99, 0) + " us";
  }
  if (r.faults.any()) text += " BAD";
  return text;
}

void print_row(const Result& r) {
  const Latency l = r.latency.value_or(Latency{});
  std::printf("%-20s %10s %9s %8s %7s", r.label.c_str(), or_dash(r.per_second, 0).c_str(),
              or_dash(r.broker_us, 3).c_str(), or_dash(r.own_us, 3).c_str(),
              or_dash(r.broker_memory / (1 << 20), 1).c_str());
  for (const double us : {l.p50, l.p90, l.p99, l.p999, l.max}) {
    std::printf(" %7s", or_dash(us, 0).c_str());
  }
  std::printf("  %s\n", remarks(r).c_str());
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + '"';
}

std::string latency_json(const char* name, const Latency& l) {
  return ", \"" + std::string(name) + "\": {\"p50\": " + number(l.p50, 1) +
         ", \"p90\": " + number(l.p90, 1) + ", \"p99\": " + number(l.p99, 1) +
         ", \"p99.9\": " + number(l.p999, 1) + ", \"max\": " + number(l.max, 1) + "}";
}

std::string faults_json(const Faults& f) {
  return "\"lost\": " + std::to_string(f.lost) + ", \"doubled\": " + std::to_string(f.doubled) +
         ", \"disordered\": " + std::to_string(f.disordered) +
         ", \"corrupt\": " + std::to_string(f.corrupt) + ", \"stray\": " + std::to_string(f.stray);
}

std::string result_json(const Result& r) {
  std::string out = "{\"scenario\": " + quoted(r.label);
  if (!r.failure.empty()) return out + ", \"failure\": " + quoted(r.failure) + "}";
  out += ", \"seconds\": " + number(r.seconds, 3) + ", \"per_second\": " + number(r.per_second, 1) +
         ", \"broker_us\": " + number(r.broker_us, 4) + ", \"load_us\": " + number(r.own_us, 4) +
         ", \"load_share\": " + number(r.own_share, 3) +
         ", \"broker_share\": " + number(r.broker_share, 3) +
         ", \"broker_memory\": " + number(r.broker_memory, 0);
  if (r.latency) out += latency_json("latency_us", *r.latency);
  if (r.lateness) out += latency_json("lateness_us", *r.lateness);
  if (r.octets_per_connection) {
    out += ", \"octets_per_connection\": " + number(*r.octets_per_connection, 0);
  }
  return out + ", " + faults_json(r.faults) + "}";
}

Faults sum_of_faults(const std::vector<Result>& results) {
  Faults all;
  for (const Result& r : results) all += r.faults;
  return all;
}

}  // namespace

std::optional<Latency> latency_of(const Histogram& histogram) {
  if (histogram.count() == 0) return std::nullopt;
  return Latency{histogram.quantile_us(0.5), histogram.quantile_us(0.9),
                 histogram.quantile_us(0.99), histogram.quantile_us(0.999), histogram.max_us()};
}

int status_of(const std::vector<Result>& results) {
  if (sum_of_faults(results).any()) return 2;
  for (const Result& r : results) {
    if (!r.failure.empty()) return 3;
  }
  return 0;
}

void print_table(const std::vector<Result>& results) {
  std::printf("%-20s %10s %9s %8s %7s %7s %7s %7s %7s %7s\n", "scenario", "msg/s", "broker us",
              "load us", "MiB", "p50 us", "p90", "p99", "p99.9", "max");
  for (const Result& r : results) print_row(r);
  const Faults f = sum_of_faults(results);
  std::printf("lost %llu, doubled %llu, disordered %llu, corrupt %llu, stray %llu\n",
              static_cast<unsigned long long>(f.lost), static_cast<unsigned long long>(f.doubled),
              static_cast<unsigned long long>(f.disordered),
              static_cast<unsigned long long>(f.corrupt), static_cast<unsigned long long>(f.stray));
}

void print_json(const std::vector<Result>& results) {
  std::printf("{\"runs\": [\n");
  for (std::size_t i = 0; i < results.size(); ++i) {
    std::printf("  %s%s\n", result_json(results[i]).c_str(), i + 1 < results.size() ? "," : "");
  }
  std::printf("], \"status\": %d}\n", status_of(results));
}

}  // namespace romp::bench
