// SPDX-License-Identifier: Apache-2.0
#include "config/options.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "config/option_row.hpp"

namespace romp::config {
namespace {

using namespace std::chrono_literals;
using enum Change;

constexpr milliseconds day = 24h;

Rows<Settings> server_rows() {
  constexpr std::string_view in = "server";
  using S = Settings;
  const auto level = choice<std::string>({{"trace", "trace"},
                                          {"debug", "debug"},
                                          {"info", "info"},
                                          {"warning", "warning"},
                                          {"error", "error"}});
  return {
      row(in, "name", &S::name, word(), on_restart, "What the server calls itself."),
      row(in, "bind_address", &S::bind_address, address(), on_restart,
          "Address of the ordinary ports; 0.0.0.0 or :: is every one."),
      row(in, "admin_bind_address", &S::admin_bind_address, address(), on_restart,
          "Address of the administrator's port."),
      row(in, "ports", &S::ports, ports(), on_restart,
          "Ports for every protocol; 0 takes any free one. 80, 81 and 8000 to 8099 are of the "
          "web."),
      row(in, "admin_port", &S::admin_port, count<std::uint16_t>(0, 65535), on_restart,
          "Which of the ports is the administrator's. It opens only when it is one of them."),
      row(in, "pid_file", &S::pid_file, text(), on_restart,
          "File for the process id; empty: none."),
      row(in, "rlimit_nofile", &S::rlimit_nofile, count<std::uint64_t>(64, 1'073'741'816),
          on_restart, "Files and sockets that may be open."),
      row(in, "workers", &S::workers, count<std::size_t>(0, 256), on_restart,
          "Threads that serve clients; 0: half of the processors, but two where there are two."),
      row(in, "pool_threads", &S::pool_threads, count<std::size_t>(1, 64), on_restart,
          "Threads for work that blocks, such as checking passwords."),
      row(in, "log_level", &S::log_level, level, on_restart,
          "Least that is logged: trace, debug, info, warning or error."),
      row(in, "log_format", &S::log_json, choice<bool>({{"text", false}, {"json", true}}),
          on_restart, "How lines of the log are written: text or json."),
      row(in, "access_log", &S::access_log, level, on_restart,
          "Level of the lines that tell which clients came and went."),
      row(in, "drain_timeout", &S::drain_timeout, duration(0ms, 1h), on_restart,
          "After SIGTERM, time to write out what is queued for clients."),
      row(in, "max_memory", &S::max_memory, octets(64 * ki, ki * gi), on_restart,
          "Octets of all messages held; above it SENDs are refused."),
      row(in, "include", &S::include, list(), on_restart,
          "Files to read after this one, by path or pattern; what is read later overrules."),
  };
}

Rows<Settings> stomp_rows() {
  constexpr std::string_view in = "stomp";
  using S = Settings;
  return {
      row(in, "max_message_size", &S::max_message_size, octets(1, gi), on_restart,
          "Octets in the body of a message."),
      row(in, "max_headers", &S::max_headers, count<std::size_t>(1, 250), on_restart,
          "Header lines in a frame."),
      row(in, "max_header_len", &S::max_header_len, octets(16, mi), on_restart,
          "Octets in a header line: name, colon and value."),
      row(in, "max_subs", &S::max_subs, count<std::size_t>(1, 1'000'000), on_restart,
          "Subscriptions of a session."),
      row(in, "max_transactions", &S::max_transactions, count<std::size_t>(0, 65'536), on_restart,
          "Open transactions of a session."),
      row(in, "max_transaction_size", &S::max_transaction_size, octets(1, gi), on_restart,
          "Octets of all messages in a transaction."),
      row(in, "prefetch", &S::prefetch, count<std::uint32_t>(1, 1'000'000), on_restart,
          "Deliveries a subscription in a client ack mode may hold unsettled."),
      row(in, "connect_timeout", &S::connect_timeout, duration(1ms, 1h), on_restart,
          "A new connection must have sent its CONNECT frame within this time."),
      row(in, "frame_timeout", &S::frame_timeout, duration(1ms, 1h), on_restart,
          "Longest wait for the next piece of a frame that has begun."),
      row(in, "block_timeout", &S::block_timeout, duration(0ms, 1h), on_restart,
          "Time a SEND waits for room in a full destination before it is refused."),
      row(in, "heart_beat_read", &S::heart_beat_read, duration(0ms, day), on_restart,
          "Slowest heart-beat asked of a client; 0: none."),
      row(in, "heart_beat_write_min", &S::heart_beat_write_min, duration(0ms, day), on_restart,
          "Fastest heart-beat promised to a client."),
      row(in, "heart_beat_write_max", &S::heart_beat_write_max, duration(0ms, day), on_restart,
          "Slowest heart-beat promised to a client; 0: none."),
      row(in, "outbox_mark", &S::outbox_mark, octets(1, gi), on_restart,
          "Octets queued for a session above which queues give it nothing more."),
      row(in, "outbox_limit", &S::outbox_limit, octets(1, gi), on_restart,
          "Octets queued for a session above which slow_consumer says what happens."),
  };
}

Rows<Settings> destinations_rows() {
  constexpr std::string_view in = "destinations";
  using S = Settings;
  return {
      row(in, "auto_create", &S::auto_create, list(), on_restart,
          "Names that clients may bring to life by using them."),
      row(in, "auto_delete", &S::auto_delete, duration(0ms, 3650 * day), on_restart,
          "Idle life of a destination that was made so; 0: for ever."),
      row(in, "max_destinations", &S::max_destinations, count<std::size_t>(1, 10'000'000),
          on_restart, "Destinations in all, declared or made."),
      row(in, "stats_interval", &S::stats_interval, duration(10ms, day), on_restart,
          "Time between two reports on /xtomp/stat."),
  };
}

Rows<Settings> plugins_rows() {
  constexpr std::string_view in = "plugins";
  using S = Settings;
  const auto on_error =
      choice<OnPluginError>({{"stop", OnPluginError::stop}, {"skip", OnPluginError::skip}});
  const auto on_stuck = choice<OnStuck>({{"log", OnStuck::log}, {"abort", OnStuck::abort}});
  return {
      row(in, "dir", &S::plugin_dir, text(), on_restart,
          "Directory of the plugins' files; empty: no plugins."),
      row(in, "on_error", &S::on_plugin_error, on_error, on_restart,
          "When a plugin is refused: stop the start, or skip the plugin."),
      row(in, "probe", &S::plugin_probe, flag(), on_reload,
          "Load a plugin in a process of its own first; one that crashes it is refused."),
      row(in, "probe_timeout", &S::plugin_probe_timeout, duration(1ms, 1h), on_reload,
          "Time that this has."),
      row(in, "journal", &S::plugin_journal, text(), on_restart,
          "File that names the plugin being loaded; after a crash it is skipped; empty: none."),
      row(in, "defer_timeout", &S::defer_timeout, duration(1ms, 1h), on_restart,
          "A frame that a plugin keeps longer than this is rejected."),
      row(in, "start_timeout", &S::plugin_start_timeout, duration(1ms, 1h), on_reload,
          "Time a plugin has to start."),
      row(in, "stop_timeout", &S::plugin_stop_timeout, duration(1ms, 1h), on_reload,
          "Time a plugin has to stop."),
      row(in, "stuck_after", &S::plugin_stuck_after, duration(0ms, 1h), on_reload,
          "A plugin that does not return from a call is named after this time; 0: never."),
      row(in, "on_stuck", &S::on_stuck, on_stuck, on_reload,
          "What else is done then: log only, or abort the broker."),
  };
}

Rows<DestinationSettings> destination_rows() {
  constexpr std::string_view own = "destination";
  constexpr std::string_view in = "destinations";
  using D = DestinationSettings;
  const auto type = choice<DestinationType>(
      {{"topic", DestinationType::topic}, {"queue", DestinationType::queue}});
  const auto on_full = choice<OnFull>(
      {{"reject", OnFull::reject}, {"block", OnFull::block}, {"drop_oldest", OnFull::drop_oldest}});
  const auto slow = choice<SlowConsumer>(
      {{"drop", SlowConsumer::drop}, {"disconnect", SlowConsumer::disconnect}});
  return {
      row(own, "name", &D::name, word(), on_restart,
          "What clients write, or a pattern, when the section's own name is only an id."),
      row(own, "type", &D::type, type, on_restart,
          "topic or queue. Not written, min_delivery decides (0 topic, else queue), else the "
          "name."),
      row(own, "min_delivery", &D::min_delivery, count<std::uint32_t>(0, 1000), on_restart,
          "Consumers that each message of a queue goes to; 0 is 1."),
      row(in, "max_connections", &D::max_connections, count<std::size_t>(1, 1'000'000'000),
          on_restart, "Subscriptions to a destination."),
      row(in, "max_messages", &D::max_messages, count<std::size_t>(1, 1'000'000'000), on_restart,
          "Messages kept in a queue, handed out or not."),
      row(in, "max_message_size", &D::max_message_size, octets(0, gi), on_restart,
          "Octets in the body of a message; 0: as in [stomp]."),
      row(in, "on_full", &D::on_full, on_full, on_restart,
          "A SEND to a full destination: reject it, block the sender, or drop_oldest."),
      row(in, "slow_consumer", &D::slow_consumer, slow, on_restart,
          "A topic's subscriber over its outbox_limit: drop the message, or disconnect."),
      row(in, "expiry", &D::expiry, duration(0ms, 3650 * day), on_restart,
          "Life of a message that names none itself; 0: for ever."),
      row(in, "max_deliveries", &D::max_deliveries, count<std::uint32_t>(0, 1'000'000), on_restart,
          "Deliveries without an ACK before a message goes to dead_letter; 0: no limit."),
      row(in, "dead_letter", &D::dead_letter, text(), on_restart,
          "Where such messages go; empty: dropped and counted."),
      row(in, "filter", &D::filter, flag(), on_restart, "Honour `selector` and `filter` headers."),
      row(in, "filter_self", &D::filter_self, flag(), on_restart,
          "Do not deliver a message to the session that sent it."),
      row(in, "sub_by_user", &D::sub_by_user, flag(), on_restart,
          "One subscription a user, and messages may be sent to one user."),
      row(in, "auto_ack", &D::auto_ack, flag(), on_restart,
          "Treat every subscription as ack:auto."),
      row(in, "write_block", &D::write_block, flag(), on_restart, "No SEND from clients."),
      row(in, "read_block", &D::read_block, flag(), on_restart, "No SUBSCRIBE from clients."),
      row(in, "web_write_block", &D::web_write_block, flag(), on_restart,
          "No SEND from clients of web listeners and WebSockets."),
      row(in, "web_read_block", &D::web_read_block, flag(), on_restart,
          "No SUBSCRIBE from clients of web listeners and WebSockets."),
      row(in, "stats", &D::stats, flag(), on_restart, "Report it on /xtomp/stat."),
  };
}

bool set_allowed(PluginSettings& plugin, std::string_view text) {
  plugin.allow_all = text == "all";
  plugin.allow = plugin.allow_all ? std::vector<std::string>{} : parse_list(text);
  return true;
}

std::string get_allowed(const PluginSettings& plugin) {
  return plugin.allow_all ? "all" : print_list(plugin.allow);
}

Rows<PluginSettings> plugin_rows() {
  constexpr std::string_view in = "plugin";
  using P = PluginSettings;
  const auto on_fault = choice<OnFault>({{"reject", OnFault::reject},
                                         {"continue", OnFault::let_through},
                                         {"disable", OnFault::disable}});
  return {
      row(in, "file", &P::file, text(), on_reload,
          "The plugin's file, below [plugins] dir; empty: NAME.so."),
      row(in, "enabled", &P::enabled, flag(), on_reload, "Whether it is loaded."),
      row(in, "optional", &P::optional, flag(), on_reload,
          "Whether its file may be absent; then it is left out, and that is no problem."),
      {in, "allow", on_reload, false, "What it may do: all, or a list of capabilities.",
       "all or a list of capabilities", set_allowed, get_allowed},
      row(in, "budget", &P::budget, duration(1ms, 1min), on_reload,
          "A call into the plugin that takes longer is counted."),
      row(in, "on_fault", &P::on_fault, on_fault, on_reload,
          "When it fails: reject the frame, continue, or reject and disable it in the end."),
      row(in, "max_faults", &P::max_faults, count<std::uint32_t>(0, 1'000'000'000), on_reload,
          "So many faults in fault_window, and it is not called for that time; 0: no limit."),
      row(in, "fault_window", &P::fault_window, duration(1ms, day), on_reload,
          "Time in which faults are counted."),
  };
}

/// Whether nothing differs between two listeners that waits for a restart.
bool same_until_restart(const ListenerSettings& one, const ListenerSettings& other) {
  return one.name == other.name && std::ranges::all_of(listener_options(), [&](const auto& option) {
           return option.change == on_reload || option.get(one) == option.get(other);
         });
}

Rows<Settings> all_server_rows() {
  Rows<Settings> all;
  for (auto rows : {server_rows(), login_rows(), stomp_rows(), limits_rows(), web_rows(),
                    destinations_rows(), plugins_rows()}) {
    std::ranges::move(rows, std::back_inserter(all));
  }
  return all;
}

}  // namespace

const std::vector<Option<Settings>>& server_options() {
  static const Rows<Settings> rows = all_server_rows();
  return rows;
}

const std::vector<Option<DestinationSettings>>& destination_options() {
  static const Rows<DestinationSettings> rows = destination_rows();
  return rows;
}

const std::vector<Option<PluginSettings>>& plugin_options() {
  static const Rows<PluginSettings> rows = plugin_rows();
  return rows;
}

DestinationType type_by_name(std::string_view name) {
  const bool queue = name.starts_with("/queue/") || name.starts_with("/temp-queue/");
  return queue ? DestinationType::queue : DestinationType::topic;
}

bool is_secret_key(std::string_view key) {
  constexpr std::array<std::string_view, 4> words{"passcode", "password", "secret", "token"};
  return std::ranges::any_of(words, [key](std::string_view word) { return key.ends_with(word); });
}

std::vector<std::string> needs_restart(const Settings& running, const Settings& loaded) {
  std::vector<std::string> changed;
  for (const auto& option : server_options()) {
    if (option.change == on_reload || option.get(running) == option.get(loaded)) continue;
    changed.push_back("[" + std::string(option.section) + "] " + std::string(option.key));
  }
  const bool same = running.destinations == loaded.destinations &&
                    running.destination_defaults == loaded.destination_defaults;
  if (!same) changed.emplace_back("[destination NAME]");
  if (!std::ranges::equal(running.listeners, loaded.listeners, same_until_restart)) {
    changed.push_back("[listener]");
  }
  return changed;
}

}  // namespace romp::config
