// SPDX-License-Identifier: Apache-2.0
// What administrators see, as JSON.
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/clock.hpp"
#include "base/version.hpp"
#include "plugin/instance.hpp"
#include "server/administration.hpp"
#include "session/client_subscription.hpp"

namespace romp::server {

using nlohmann::ordered_json;

namespace {

ordered_json row_of(const broker::Destination& destination) {
  const auto counts = destination.counts();
  return {{"name", destination.name()},
          {"type", destination.is_queue() ? "queue" : "topic"},
          {"subscriptions", counts.subscriptions},
          {"waiting", counts.waiting},
          {"in_flight", counts.in_flight},
          {"published", counts.published},
          {"delivered", counts.delivered},
          {"dropped", counts.dropped},
          {"expired", counts.expired},
          {"dead_lettered", counts.dead_lettered},
          {"refused", counts.refused}};
}

const char* name_of(broker::AckMode mode) {
  switch (mode) {
    case broker::AckMode::client:
      return "client";
    case broker::AckMode::client_individual:
      return "client-individual";
    case broker::AckMode::automatic:
      break;
  }
  return "auto";
}

const char* name_of_transport(std::uint32_t transport) {
  return transport == ROMP_TRANSPORT_WS || transport == ROMP_TRANSPORT_WSS ? "websocket" : "tcp";
}

/// Sessions, those that there were, and messages that came in.
struct Totals {
  std::uint64_t now = 0;
  std::uint64_t connections = 0;
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
};

Totals totals_of(const std::vector<session::Roster*>& rosters) {
  Totals totals;
  for (auto* roster : rosters) {
    totals.now += roster->size();
    totals.connections += roster->counters().connections.value();
    totals.messages_in += roster->counters().messages_in.value();
    totals.messages_out += roster->counters().messages_out.value();
  }
  return totals;
}

/// The Vm lines of /proc/self/status, as romp's console shows them.
ordered_json memory_of_this_process() {
  ordered_json lines = ordered_json::object();
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    const auto colon = line.find(":\t");
    if (!line.starts_with("Vm") || colon == line.npos) continue;
    const auto begin = line.find_first_not_of(" \t", colon + 1);
    lines[line.substr(0, colon)] = begin == line.npos ? "" : line.substr(begin);
  }
  return lines;
}

/// The words it was started with.
std::string command_line() {
  std::ifstream file("/proc/self/cmdline");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  std::ranges::replace(text, '\0', ' ');
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

/// The number behind two words of /proc/self/net/sockstat, "sockets:" and "used".
std::string socket_count(const std::string& line, const std::string& key) {
  std::ifstream file("/proc/self/net/sockstat");
  for (std::string text; std::getline(file, text);) {
    std::istringstream words(text);
    std::string first;
    std::string second;
    std::string number;
    if (words >> first >> second >> number && first == line && second == key) return number;
  }
  return "0";
}

}  // namespace

ordered_json Administration::server() const {
  const auto totals = totals_of(from_.rosters);
  return {{"name", from_.settings.name},
          {"version", base::version},
          {"started", started_},
          {"uptime", base::unix_ms() / 1000 - started_},
          {"ports", from_.ports()},
          {"workers", from_.rosters.size()},
          {"connections", totals.now},
          {"connections_ever", totals.connections},
          {"messages_in", totals.messages_in},
          {"messages_out", totals.messages_out},
          {"memory_used", from_.broker.memory().used()},
          {"memory_limit", from_.settings.max_memory}};
}

ordered_json Administration::destinations() const {
  ordered_json rows = ordered_json::array();
  for (const auto& destination : from_.broker.all()) rows.push_back(row_of(*destination));
  return rows;
}

ordered_json Administration::sessions() const {
  const auto now = base::Clock::now().time_since_epoch();
  ordered_json rows = ordered_json::array();
  for (const auto& session : from_.gateway.sessions()) {
    const auto age = now - std::chrono::nanoseconds(session.since_ns);
    rows.push_back({{"id", std::to_string(session.id)},
                    {"user", session.user},
                    {"remote", session.remote},
                    {"transport", name_of_transport(session.transport)},
                    {"admin", (session.flags & ROMP_SESSION_ADMIN) != 0},
                    {"seconds", std::chrono::duration_cast<std::chrono::seconds>(age).count()}});
  }
  return rows;
}

ordered_json Administration::subscriptions() const {
  ordered_json rows = ordered_json::array();
  std::mutex mutex;
  from_.on_every_worker([&](unsigned worker) {
    from_.rosters[worker]->each_subscription(
        [&](std::uint64_t session, const session::ClientSubscription& subscription) {
          const std::lock_guard lock(mutex);
          rows.push_back({{"session", std::to_string(session)},
                          {"user", subscription.terms().user},
                          {"id", subscription.wish().id},
                          {"destination", subscription.wish().destination},
                          {"ack", name_of(subscription.terms().ack)}});
        });
  });
  return rows;
}

ordered_json Administration::plugins() const {
  ordered_json rows = ordered_json::array();
  for (const auto* instance : from_.plugins.instances()) {
    rows.push_back({{"name", instance->name()},
                    {"id", instance->descriptor().id},
                    {"version", instance->descriptor().version},
                    {"disabled", instance->is_disabled()},
                    {"filters", instance->filters().size()}});
  }
  return rows;
}

ordered_json Administration::filters() const {
  ordered_json rows = ordered_json::array();
  for (const auto* instance : from_.plugins.instances()) {
    for (const auto& filter : instance->filters()) {
      rows.push_back({{"plugin", instance->name()},
                      {"name", filter.name},
                      {"destination", filter.destination + (filter.prefix ? "*" : "")},
                      {"calls", filter.counters->calls.value()},
                      {"rejected", filter.counters->rejected.load()},
                      {"faults", filter.counters->faults.load()}});
    }
  }
  return rows;
}

ordered_json Administration::console_config() const {
  ordered_json rows = ordered_json::array();
  for (const auto& destination : from_.broker.all()) {
    auto rules = destination->settings();
    destination->live().get(rules);
    rows.push_back({{"name", destination->name()},
                    {"filter", rules.filter},
                    {"max_connections", rules.max_connections},
                    {"max_messages", rules.max_messages},
                    {"stats", rules.stats},
                    {"web_write_block", rules.web_write_block},
                    {"web_read_block", rules.web_read_block},
                    {"max_message_size", rules.max_message_size}});
  }
  return {{"listen", from_.ports()},
          {"timeout", 0},
          {"websockets", from_.settings.websockets},
          {"destinations", rows}};
}

/// Numbers are strings, as the console expects them.
ordered_json Administration::console_numbers() const {
  const auto totals = totals_of(from_.rosters);
  const ordered_json cc{{"sz", std::to_string(totals.now)},
                        {"up", std::to_string(started_)},
                        {"Σ", std::to_string(totals.connections)},
                        {"Σµ", std::to_string(totals.messages_in)},
                        {"m", "0"},
                        {"lastmod", std::to_string(base::unix_ms() / 1000)}};
  return {{"pid", ::getpid()},
          {"cmdline", command_line()},
          {"sock",
           {{"sockets", socket_count("sockets:", "used")}, {"tcp", socket_count("TCP:", "inuse")}}},
          {"proc", memory_of_this_process()},
          {"cc", cc}};
}

ordered_json Administration::console_destination(std::string_view name) const {
  const auto destination = from_.broker.find_existing(name);
  if (!destination) return nullptr;
  const auto counts = destination->counts();
  return {{"sz", counts.subscriptions},
          {"q", counts.waiting},
          {"Δ", from_.statistics.since_report(*destination)},
          {"Σ", counts.published}};
}

}  // namespace romp::server
