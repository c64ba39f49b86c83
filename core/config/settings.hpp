// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace romp::config {

using std::chrono::milliseconds;

/// What a full destination does with one message more.
enum class OnFull { reject, block, drop_oldest };

/// What a topic does to a subscriber whose outbox is full.
enum class SlowConsumer { drop, disconnect };

enum class DestinationType { topic, queue };

/// How one destination behaves. `[destinations]` gives the values for all of them,
/// `[destination NAME]` for one, or for those a pattern such as `/queue/orders/*` matches.
struct DestinationSettings {
  std::string name;                               ///< what clients write, or a pattern
  DestinationType type = DestinationType::topic;  ///< without `type`: by min_delivery, else by name
  std::uint32_t min_delivery = 0;  ///< consumers that each message goes to; 0 and 1 as `type`
  std::size_t max_connections = 1'000'000;  ///< subscriptions
  std::size_t max_messages = 100'000;       ///< kept in the queue, handed out or not
  std::size_t max_message_size = 0;         ///< octets of body; 0: the server's
  OnFull on_full = OnFull::block;
  SlowConsumer slow_consumer = SlowConsumer::disconnect;
  milliseconds expiry{0};             ///< life of a message that names none; 0: for ever
  std::uint32_t max_deliveries = 20;  ///< then to dead_letter; 0: no limit
  std::string dead_letter = "/queue/dead-letter";  ///< empty: dropped and counted
  bool filter = true;                              ///< honour `selector` and romp's `filter`
  bool filter_self = false;                        ///< not back to the session that sent it
  bool sub_by_user = false;      ///< one subscription a user, and sending to one user
  bool auto_ack = false;         ///< every subscription is `ack:auto`
  bool write_block = false;      ///< no SEND from clients
  bool read_block = false;       ///< no SUBSCRIBE from clients
  bool web_write_block = false;  ///< no SEND from the web: see ListenerSettings
  bool web_read_block = false;   ///< no SUBSCRIBE from the web
  bool stats = false;            ///< reported on /xtomp/stat

  bool operator==(const DestinationSettings&) const = default;
};

/// What becomes of a frame whose filter failed.
enum class OnFault {
  reject,       ///< as the filter says: rejected, unless it is one that fails open
  let_through,  ///< it goes on, as if the filter had not been there
  disable,      ///< as reject, and an instance that fails too often is not called any more
};

/// Must a client of TLS show a certificate?
enum class Verify { no, optional, required };

/// Which name in its certificate is the client's.
enum class UserFrom { nothing, common_name, alternative_name };

/// How TLS is spoken on a listener. The files are PEM.
struct TlsSettings {
  bool enabled = false;
  std::vector<std::string> certificates;  ///< the server's, each with its chain; the first is usual
  std::vector<std::string> keys;          ///< in the same order; empty: in the certificates' files
  std::string ca;                         ///< who signs the certificates of clients
  std::string crl;                        ///< which of those are revoked; empty: none
  Verify verify = Verify::no;
  UserFrom user_from = UserFrom::common_name;
  bool only_1_3 = false;  ///< refuse TLS 1.2

  bool operator==(const TlsSettings&) const = default;
};

/// One `[listener NAME]` section: an address and port, and what may be spoken there.
struct ListenerSettings {
  std::string name;
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  std::vector<std::string> protocols{"stomp", "http", "websocket"};
  bool web = false;    ///< its clients are of the web, whatever they speak; WebSockets always are
  bool admin = false;  ///< the administrator's: sessions have that flag, and there is /metrics
  TlsSettings tls;
  std::size_t max_connections = 0;  ///< at one time; 0: no limit
  std::uint32_t accept_rate = 0;    ///< new ones a second, the others wait; 0: no limit

  bool allows(std::string_view protocol) const {
    return std::ranges::find(protocols, protocol) != protocols.end();
  }
  bool operator==(const ListenerSettings&) const = default;
};

/// One `[plugin NAME]` section.
struct PluginSettings {
  struct Value {
    std::string text;
    std::string file;  ///< where it was written, for messages
    int line = 0;

    bool operator==(const Value&) const = default;
  };
  std::string name;
  std::string file;  ///< empty: NAME.so
  bool enabled = true;
  bool optional = false;           ///< its file may be absent
  std::vector<std::string> allow;  ///< capabilities; empty with allow_all
  bool allow_all = true;
  milliseconds budget{1};  ///< a call that takes longer is counted
  OnFault on_fault = OnFault::reject;
  std::uint32_t max_faults = 100;  ///< in fault_window, then it is not called; 0: no limit
  milliseconds fault_window{10'000};
  std::map<std::string, Value> values;  ///< the plugin's own keys
  std::string where;                    ///< "file:line" of the section

  bool operator==(const PluginSettings&) const = default;
};

/// One `[permission NAME]` section: who may do what with which destinations. A pattern with `!` in
/// front forbids; auth/permissions.hpp says how they match.
struct PermissionSettings {
  std::string name;
  std::vector<std::string> users;  ///< `*`: everybody
  std::vector<std::string> roles;
  std::vector<std::string> read;    ///< SUBSCRIBE
  std::vector<std::string> write;   ///< SEND
  std::vector<std::string> create;  ///< bring a destination to life by using it
  std::vector<std::string> admin;   ///< purge it, as an operator
  std::string where;                ///< "file:line" of the section
  std::map<std::string, std::string, std::less<>> lines;  ///< of its keys, the same

  bool operator==(const PermissionSettings&) const = default;
};

enum class OnPluginError { stop, skip };

/// What is done about a plugin that does not return.
enum class OnStuck { log, abort };

/// Everything the broker was told, whole and checked.
struct Settings {
  // [server]
  std::string name = "romp";
  std::string bind_address = "127.0.0.1";
  std::string admin_bind_address = "127.0.0.1";
  std::vector<std::uint16_t> ports{61613};
  std::uint16_t admin_port = 61616;  ///< which of `ports` is the administrator's
  std::string login;                 ///< asked for only when both are set
  std::string passcode;
  std::string user_file;                   ///< of passwords; empty: none
  std::string secret;                      ///< of tokens; empty: none are taken
  milliseconds secret_timeout{3'600'000};  ///< longest life of a token, and of its session
  milliseconds secret_skew{5'000};         ///< between the clocks of maker and server
  bool token_legacy = false;               ///< romp's old tokens are taken too
  milliseconds login_delay{10'000};        ///< longest wait of a login behind failed ones; 0: none
  bool allow_anonymous = false;            ///< clients without login may come in
  bool enable_admin = false;    ///< administration over STOMP and HTTP, for administrators
  bool enable_console = false;  ///< romp's console URLs, on the administrator's listeners
  std::string pid_file;         ///< empty: none
  std::uint64_t rlimit_nofile = 1'048'576;
  std::size_t workers = 0;             ///< 0: half of the processors, at least one
  std::size_t pool_threads = 2;        ///< for work that blocks
  std::string log_level = "info";      ///< trace debug info warning error
  bool log_json = false;               ///< each line an object
  std::string access_log = "debug";    ///< level of the lines about clients that came and went
  milliseconds drain_timeout{10'000};  ///< after SIGTERM, for what is queued for writing
  std::size_t max_memory = std::size_t{1} << 30;  ///< octets of all messages held
  std::vector<std::string> include;   ///< patterns of files that are read after this one
  std::vector<std::string> included;  ///< the files that `include` brought, in the order read

  // [stomp]
  std::size_t max_message_size = std::size_t{16} << 20;
  std::size_t max_headers = 64;
  std::size_t max_header_len = 8192;                         ///< octets of one header line
  std::size_t max_subs = 1024;                               ///< a session
  std::size_t max_transactions = 64;                         ///< open, a session
  std::size_t max_transaction_size = std::size_t{16} << 20;  ///< octets in one transaction
  std::uint32_t prefetch = 1000;           ///< unsettled deliveries a subscription, in client modes
  milliseconds connect_timeout{10'000};    ///< until CONNECT is whole
  milliseconds frame_timeout{30'000};      ///< between two pieces of one frame
  milliseconds block_timeout{10'000};      ///< a SEND waits for room, then is refused
  milliseconds heart_beat_read{120'000};   ///< the slowest beat asked of a client; 0: none
  milliseconds heart_beat_write_min{500};  ///< the fastest beat promised
  milliseconds heart_beat_write_max{180'000};  ///< the slowest beat promised; 0: none
  std::size_t outbox_mark = std::size_t{1}
                            << 20;  ///< octets; a queue stops giving to a session over it
  std::size_t outbox_limit = std::size_t{16} << 20;  ///< octets; then slow_consumer

  // [listener NAME]
  std::vector<ListenerSettings> listeners;  ///< beside those of `ports`

  // [permission NAME]
  std::vector<PermissionSettings> permissions;  ///< none: everybody may do everything
  // [limits]; 0: no limit
  std::size_t address_connections = 0;   ///< from one address at one time
  std::uint32_t address_rate = 0;        ///< new connections a second from one address
  std::size_t address_octets = 0;        ///< a second, read from all connections of one address
  std::size_t connection_octets = 0;     ///< a second, read from one connection
  std::size_t session_destinations = 0;  ///< that one session brings to life
  std::size_t user_sessions = 0;         ///< of one user at one time
  std::size_t user_subscriptions = 0;    ///< of all sessions of one user

  // [web]
  bool websockets = true;
  std::vector<std::string> websockets_origin;  ///< as browsers send it; empty: of the same host
  bool websockets_deflate = false;             ///< agree to permessage-deflate
  std::size_t websockets_deflate_max = 1000;   ///< WebSockets that are compressed at one time
  std::vector<std::string> allowed_hosts;      ///< names in the header Host; empty: every one
  std::vector<std::string> cors_origins;       ///< whose pages may read the answers
  std::size_t http_max_head = 16 * 1024;       ///< octets of request line and headers
  std::size_t http_max_body = std::size_t{1} << 20;     ///< octets of a request's body
  std::size_t http_max_memory = std::size_t{64} << 20;  ///< octets of all requests and answers
  milliseconds http_head_timeout{10'000};               ///< until the head of a request is whole
  milliseconds http_body_timeout{30'000};               ///< until its body is
  milliseconds http_keep_alive{60'000};                 ///< silence between two requests
  milliseconds http_write_timeout{30'000};              ///< an answer that is not taken
  std::size_t metrics_destinations = 1000;  ///< named on /metrics; the others are summed up

  // [destinations]
  std::vector<std::string> auto_create{"/queue/*", "/topic/*", "/temp-queue/*"};
  milliseconds auto_delete{300'000};  ///< idle life of a destination made on demand; 0: for ever
  std::size_t max_destinations = 100'000;
  milliseconds stats_interval{60'000};
  DestinationSettings destination_defaults;
  std::vector<DestinationSettings> destinations;

  // [plugins]
  std::string plugin_dir;  ///< empty: no plugins
  OnPluginError on_plugin_error = OnPluginError::stop;
  bool plugin_probe = true;  ///< load a file in a process of its own first
  milliseconds plugin_probe_timeout{10'000};
  std::string plugin_journal;  ///< file that names what is being loaded; empty: none
  milliseconds defer_timeout{5'000};
  milliseconds plugin_start_timeout{30'000};
  milliseconds plugin_stop_timeout{10'000};
  milliseconds plugin_stuck_after{5'000};  ///< a call that has not returned is named; 0: never
  OnStuck on_stuck = OnStuck::log;
  std::vector<PluginSettings> plugins;

  bool operator==(const Settings&) const = default;
};

}  // namespace romp::config
