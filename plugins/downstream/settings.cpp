// SPDX-License-Identifier: Apache-2.0
#include "settings.hpp"

#include <unistd.h>

#include <array>
#include <random>
#include <sstream>
#include <stdexcept>

namespace downstream {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr std::string_view wildcards = "*>#";

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_pattern(std::string_view name) {
  return !name.empty() && wildcards.find(name.back()) != std::string_view::npos;
}

Line line_of(const std::string& text) {
  const auto arrow = text.find("->");
  const Line line{trimmed(text.substr(0, arrow)),
                  arrow == std::string::npos ? "" : trimmed(text.substr(arrow + 2))};
  if (line.from.empty() || line.to.empty() || line.to.find("->") != std::string::npos) {
    throw std::invalid_argument("'" + text + "' is no line: HERE -> THERE is wanted");
  }
  if (is_pattern(line.from) != is_pattern(line.to)) {
    throw std::invalid_argument("'" + text + "': a wildcard stands on both sides or on none");
  }
  return line;
}

[[noreturn]] void refuse(const std::string& key, const std::string& why) {
  throw romp::failure(ROMP_E_INVAL, "key '" + key + "': " + why);
}

std::string text(romp::plugin& p, const char* key) { return p.config<std::string>(key); }

std::vector<Line> read_lines(romp::plugin& p, const char* key) {
  try {
    return lines_of(text(p, key));
  } catch (const std::invalid_argument& wrong) {
    refuse(key, wrong.what());
  }
}

template <class T>
T at_least(romp::plugin& p, const char* key, T least) {
  const T value = p.config<T>(key);
  if (value < least) refuse(key, "it is too small");
  return value;
}

/// Differs for each bridge there is, and after each start: that ends loops, and needs no setting.
std::string random_node(const romp::plugin& p) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  std::random_device chance;
  std::ostringstream name;
  name << p.instance() << '@' << host.data() << '-' << std::hex << chance() % 0x1000000U;
  return name.str();
}

void read_connection(romp::plugin& p, romp::client_options& to) {
  to.address = text(p, "address");
  to.login = text(p, "login");
  to.passcode = text(p, "passcode");
  if (const std::string host = text(p, "host"); host != "auto") to.vhost = host;
  to.heart_out = to.heart_in = at_least<milliseconds>(p, "heart_beat", 0ms);
  to.retry_min = at_least<nanoseconds>(p, "retry_min", 1ms);
  to.retry_max = at_least<nanoseconds>(p, "retry_max", 1ms);
  to.max_age = at_least<nanoseconds>(p, "max_age", 0ns);
  const std::string token = text(p, "token");
  if (token == "yes") to.flags |= ROMP_CLIENT_TOKEN;
  if (token == "sha1") to.flags |= ROMP_CLIENT_TOKEN_SHA1;
  if (token != "no" && token != "yes" && token != "sha1") refuse("token", "no, yes or sha1");
  if (p.config<bool>("required")) to.flags |= ROMP_CLIENT_REQUIRED;
  to.tls_ca = text(p, "tls_ca");
  to.tls_certificate = text(p, "tls_certificate");
  to.tls_key = text(p, "tls_key");
  if (p.config<bool>("tls")) to.flags |= ROMP_CLIENT_TLS;
}

void read_edge(romp::plugin& p, Settings& to) {
  const auto there = list_of(text(p, "destinations"));
  const auto here = list_of(text(p, "local_destinations"));
  if (here.size() > there.size()) {
    refuse("local_destinations", "there are more of them than destinations");
  }
  for (std::size_t i = 0; i < there.size(); ++i) {
    to.requests.push_back({there[i], i < here.size() ? here[i] : ""});
  }
  to.reply = text(p, "reply");
  to.reply_header = text(p, "reply_header");
  to.route_header = text(p, "route_header");
  to.correlation_header = text(p, "correlation_header");
}

/// xtomp speaks 1.0, is picky about `host`, and must neither be offered nor asked for no beats.
void adapt_to_xtomp(romp::plugin& p, Settings& to) {
  if (to.requests.size() > 4) refuse("destinations", "xtomp takes 4 subscriptions");
  if (!to.out.empty() || !to.in.empty())
    refuse("peer", "xtomp has no acknowledgements to forward by");
  to.connection.versions = "1.0";
  if (!to.connection.vhost) to.connection.vhost = "";
  to.connection.heart_out = to.connection.heart_in = 60s;
  to.peer_buffer = at_least<std::size_t>(p, "peer_buffer", 100);
  to.peer_max_message = at_least<std::size_t>(p, "peer_max_message", 1);
}

}  // namespace

std::string Line::target_of(std::string_view destination) const {
  const std::size_t prefix = from.size() - 1;
  if (!is_pattern(to) || destination.substr(0, prefix) != from.substr(0, prefix)) return to;
  return to.substr(0, to.size() - 1) + std::string(destination.substr(prefix));
}

std::vector<std::string> list_of(const std::string& text) {
  std::vector<std::string> list;
  std::istringstream in(text);
  for (std::string one; std::getline(in, one, ',');) {
    if (one = trimmed(one); !one.empty()) list.push_back(one);
  }
  return list;
}

std::vector<Line> lines_of(const std::string& text) {
  std::vector<Line> lines;
  for (const std::string& one : list_of(text)) lines.push_back(line_of(one));
  return lines;
}

Settings read_settings(romp::plugin& p) {
  Settings settings;
  read_connection(p, settings.connection);
  read_edge(p, settings);
  settings.out = read_lines(p, "out");
  settings.in = read_lines(p, "in");
  settings.window = at_least<std::uint32_t>(p, "window", 1);
  if (settings.window > 10'000) refuse("window", "10000 is the most");
  settings.dead_letter = text(p, "dead_letter");
  settings.node = text(p, "node");
  if (settings.node.empty()) settings.node = random_node(p);
  if (settings.node.find(',') != std::string::npos) refuse("node", "it has a comma");
  settings.statistics = text(p, "statistics");
  settings.statistics_interval = std::chrono::duration_cast<std::chrono::seconds>(
      at_least<nanoseconds>(p, "statistics_interval", 1s));
  const std::string peer = text(p, "peer");
  settings.is_xtomp = peer == "xtomp";
  if (!settings.is_xtomp && peer != "stomp") refuse("peer", "stomp or xtomp");
  if (settings.is_xtomp) adapt_to_xtomp(p, settings);
  return settings;
}

const romp_config_key keys[key_count] = {
    {"address", "string", "",
     "host:port of the other side; several, with commas, are tried in turn"},
    {"peer", "string", "stomp", "what it is: stomp, or xtomp with its limits"},
    {"login", "string", "", "login there"},
    {"passcode", "secret", "", "passcode there"},
    {"token", "string", "no", "is the passcode a secret to make tokens of: no, yes, sha1"},
    {"host", "string", "auto", "header host of CONNECT; auto: that of the address; empty: none"},
    {"tls", "bool", "no", "speak TLS, and verify the certificate of the other side"},
    {"tls_ca", "string", "", "file of certificates that vouch for it; empty: the system's"},
    {"tls_certificate", "string", "", "file with the certificate to show there"},
    {"tls_key", "string", "", "file with the key to it"},
    {"heart_beat", "duration", "10s", "heart-beats both ways; 0s: none"},
    {"retry_min", "duration", "1s", "first pause before it is dialled again; it doubles"},
    {"retry_max", "duration", "30s", "longest pause"},
    {"max_age", "duration", "0s", "after that a connection is replaced; 0s: never"},
    {"required", "bool", "no", "the broker is not ready while the other side is not reached"},
    {"destinations", "string", "", "edge: what is subscribed to there, with commas"},
    {"local_destinations", "string", "",
     "edge: where what no filter takes goes here, in that order"},
    {"reply", "string", "memtop", "edge: where answers are sent there"},
    {"reply_header", "string", "reply-to", "edge: header of a request that names its client"},
    {"route_header", "string", "to", "edge: header of an answer that names the client"},
    {"correlation_header", "string", "correlation-id", "edge: header that is sent back"},
    {"out", "string", "", "forward: HERE -> THERE, several with commas"},
    {"in", "string", "", "forward: THERE -> HERE, several with commas"},
    {"window", "int", "2000", "forward: most messages of a line that are not acknowledged"},
    {"dead_letter", "string", "/queue/dead-letter", "forward: queue for what is refused"},
    {"node", "string", "", "forward: name of this bridge in x-romp-via; empty: a random one"},
    {"statistics", "string", "/xtomp/stat", "where its state is published; empty: nowhere"},
    {"statistics_interval", "duration", "60s", "how often"},
    {"peer_buffer", "int", "200", "xtomp: its response_client_buffer"},
    {"peer_max_message", "int", "1048576", "xtomp: its max_message_size"}};

}  // namespace downstream
