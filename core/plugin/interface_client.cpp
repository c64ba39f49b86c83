// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "plugin/interfaces.hpp"
#include "plugin/message.hpp"
#include "romp/client.h"

namespace romp::plugin {
namespace {

constexpr Rule with_network{once_created, Mark::any, ROMP_CAP_NETWORK};
constexpr std::uint32_t tokens = ROMP_CLIENT_TOKEN | ROMP_CLIENT_TOKEN_SHA1;
constexpr std::uint32_t known_flags =
    ROMP_CLIENT_TLS | ROMP_CLIENT_AS_SESSION | ROMP_CLIENT_REQUIRED | tokens;
constexpr std::size_t longest_client = 256;

/// No line end and no NUL: CONNECT has no escapes.
bool is_line(romp_str text) {
  return sound(text) &&
         view(text).find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
}

std::string problem_of(const Instance& self, const romp_client_options& given) {
  if (given.reserved != 0) return "reserved is not zero";
  for (const auto text : {given.address, given.login, given.passcode, given.vhost, given.versions,
                          given.tls_ca, given.tls_certificate, given.tls_key}) {
    if (!is_line(text)) return "a text has a line end or a NUL";
  }
  if ((given.flags & tokens) == tokens) return "there is one kind of token";
  if ((given.flags & tokens) != 0 && (given.login.len == 0 || given.passcode.len == 0)) {
    return "a token wants login and passcode";
  }
  if ((given.flags & tokens) != 0 && view(given.login).find(' ') != std::string_view::npos) {
    return "the login of a token has a blank";
  }
  if ((given.flags & ROMP_CLIENT_AS_SESSION) != 0 && !self.has(ROMP_CAP_PUBLISH)) {
    return "ROMP_CLIENT_AS_SESSION wants ROMP_CAP_PUBLISH";
  }
  if (std::min({given.connect_timeout_ns, given.retry_min_ns, given.retry_max_ns,
                given.max_age_ns}) < 0) {
    return "a time is negative";
  }
  if (given.header_count > self.environment().most_headers) return "too many headers";
  if (given.header_count != 0 && given.headers == nullptr) return "headers is NULL";
  for (std::uint32_t i = 0; i < given.header_count; ++i) {
    if (!is_line(given.headers[i].name) || !is_line(given.headers[i].value)) {
      return "a header has a line end or a NUL";
    }
  }
  return {};
}

OutboundWish wish_of(const Instance& self, const romp_client_options& given) {
  OutboundWish wish;
  wish.instance = self.name();
  wish.flags = given.flags;
  wish.address = view(given.address);
  wish.login = view(given.login);
  wish.passcode = view(given.passcode);
  if (given.vhost.data != nullptr) wish.vhost = view(given.vhost);
  wish.versions = view(given.versions);
  wish.tls_ca = view(given.tls_ca);
  wish.tls_certificate = view(given.tls_certificate);
  wish.tls_key = view(given.tls_key);
  for (std::uint32_t i = 0; i < given.header_count; ++i) {
    wish.headers.emplace_back(view(given.headers[i].name), view(given.headers[i].value));
  }
  wish.heart_out_ms = given.heart_out_ms;
  wish.heart_in_ms = given.heart_in_ms;
  wish.connect_timeout_ns = given.connect_timeout_ns;
  wish.retry_min_ns = given.retry_min_ns;
  wish.retry_max_ns = given.retry_max_ns;
  wish.max_age_ns = given.max_age_ns;
  return wish;
}

romp_status open(const romp_host* host, const romp_client_options* given, romp_conn_id* out) {
  return entered(host, with_network, [&](Instance& self) -> romp_status {
    if (const auto s = check_struct(self, "client open", given, known_flags); s != ROMP_OK)
      return s;
    if (out == nullptr) return ROMP_E_INVAL;
    auto problem = problem_of(self, *given);
    if (!problem.empty()) return refuse(self, "client open", ROMP_E_INVAL, problem);
    const auto status = self.clients()->open(wish_of(self, *given),
                                             {given->on_up, given->on_frame, given->on_answer,
                                              given->on_down, given->on_closed, given->user},
                                             *out, problem);
    return problem.empty() ? status : refuse(self, "client open", status, problem);
  });
}

bool is_sent_by_clients(std::uint32_t command) {
  return command == 0 || (command >= ROMP_CMD_SEND && command <= ROMP_CMD_ABORT);
}

romp_status send(const romp_host* host, romp_conn_id conn, const romp_message* given) {
  return entered(host, with_network, [&](Instance& self) -> romp_status {
    Message message;
    if (const auto s = message.read(self, "client send", given); s != ROMP_OK) return s;
    if (!is_sent_by_clients(given->command)) return ROMP_E_INVAL;
    return self.clients()->send(conn, message.outgoing(stomp::Command::send));
  });
}

romp_status submit(const romp_host* host, romp_conn_id conn, romp_str client,
                   const romp_message* given) {
  return entered(host, with_network, [&](Instance& self) -> romp_status {
    Message message;
    if (const auto s = message.read(self, "client submit", given); s != ROMP_OK) return s;
    if (given->command != 0 && given->command != ROMP_CMD_SEND) return ROMP_E_INVAL;
    if (given->destination.len == 0 || !sound(client)) return ROMP_E_INVAL;
    if (client.len > longest_client) return ROMP_E_TOOBIG;
    return self.clients()->submit(conn, view(client), message.outgoing(stomp::Command::send));
  });
}

romp_status hold(const romp_host* host, romp_conn_id conn, std::int32_t on) {
  return entered(host, with_network, [&](Instance& self) -> romp_status {
    return on != 0 && on != 1 ? ROMP_E_INVAL : self.clients()->hold(conn, on == 1);
  });
}

romp_status restart(const romp_host* host, romp_conn_id conn, romp_str why) {
  return entered(host, with_network, [&](Instance& self) -> romp_status {
    return sound(why) ? self.clients()->restart(conn, view(why)) : ROMP_E_INVAL;
  });
}

romp_status close(const romp_host* host, romp_conn_id conn) {
  return entered(host, with_network, [&](Instance& self) { return self.clients()->close(conn); });
}

romp_status status(const romp_host* host, romp_conn_id conn, romp_client_status* out) {
  return entered(host, with_network, [&](Instance& self) -> romp_status {
    romp_client_status row{};
    if (const auto s = self.clients()->status(conn, row); s != ROMP_OK) return s;
    return fill(out, row);
  });
}

}  // namespace

const void* client_interface() noexcept {
  static constexpr romp_client table{
      sizeof(romp_client), 0, open, send, submit, hold, restart, close, status};
  return &table;
}

}  // namespace romp::plugin
