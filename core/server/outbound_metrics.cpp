// SPDX-License-Identifier: Apache-2.0
#include "server/outbound_metrics.hpp"

#include <array>
#include <string>
#include <vector>

#include "plugin/instance.hpp"

namespace romp::server {
namespace {

struct Row {
  std::string plugin;
  std::string connection;
  romp_client_status status;
};

struct Family {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  std::uint64_t (*value)(const romp_client_status&);
};

using S = romp_client_status;
constexpr std::array families{
    Family{"romp_outbound_up", "gauge", "Is the connection to the other server up?",
           [](const S& s) { return std::uint64_t{s.state == ROMP_CLIENT_UP}; }},
    Family{"romp_outbound_ups_total", "counter", "How often it has been up.",
           [](const S& s) { return s.times_up; }},
    Family{"romp_outbound_failures_total", "counter", "Connections lost, and tries that failed.",
           [](const S& s) { return s.failures; }},
    Family{"romp_outbound_frames_in_total", "counter", "Frames from the other server.",
           [](const S& s) { return s.frames_in; }},
    Family{"romp_outbound_frames_out_total", "counter", "Frames for the other server.",
           [](const S& s) { return s.frames_out; }},
    Family{"romp_outbound_unwritten_bytes", "gauge", "Octets that wait to be written.",
           [](const S& s) { return s.unwritten; }},
    Family{"romp_outbound_sessions", "gauge", "Sessions of the other server's clients.",
           [](const S& s) { return s.sessions; }},
};

}  // namespace

void add_outbound(Exposition& out, const plugin::Host& plugins) {
  std::vector<Row> rows;
  for (const auto& instance : plugins.kept_instances()) {
    for (const auto& [id, status] : instance->clients()->all()) {
      rows.push_back({instance->name(), std::to_string(id), status});
    }
  }
  if (rows.empty()) return;
  for (const auto& family : families) {
    out.family(family.name, family.type, family.help);
    for (const auto& row : rows) {
      out.sample({{"plugin", row.plugin}, {"connection", row.connection}},
                 family.value(row.status));
    }
  }
}

}  // namespace romp::server
