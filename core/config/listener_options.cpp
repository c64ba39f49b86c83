// SPDX-License-Identifier: Apache-2.0
#include "config/option_row.hpp"

namespace romp::config {
namespace {

using enum Change;

/// Words of a fixed set, at least one.
Kind<std::vector<std::string>> protocols() {
  Kind<std::vector<std::string>> kind = list();
  kind.expects = "one or more of stomp, http and websocket";
  kind.parse = [](std::string_view value) -> std::optional<std::vector<std::string>> {
    auto words = parse_list(value);
    const auto is_known = [](const std::string& word) {
      return word == "stomp" || word == "http" || word == "websocket";
    };
    if (words.empty() || !std::ranges::all_of(words, is_known)) return std::nullopt;
    return words;
  };
  return kind;
}

Kind<Verify> verification() {
  return choice<Verify>(
      {{"no", Verify::no}, {"optional", Verify::optional}, {"required", Verify::required}});
}

Kind<UserFrom> name_in_certificate() {
  return choice<UserFrom>({{"no", UserFrom::nothing},
                           {"cn", UserFrom::common_name},
                           {"san", UserFrom::alternative_name}});
}

Rows<ListenerSettings> tls_rows() {
  constexpr std::string_view in = "listener";
  using L = ListenerSettings;
  using T = TlsSettings;
  return {
      row(in, "tls", &L::tls, &T::enabled, flag(), on_restart, "Speak TLS, and nothing in clear."),
      row(in, "certificate", &L::tls, &T::certificates, list(), on_reload,
          "PEM files of the server's certificates, each with its chain; clients choose by name."),
      row(in, "key", &L::tls, &T::keys, list(), on_reload,
          "PEM files of their keys, in the same order; empty: the certificates' files."),
      row(in, "ca", &L::tls, &T::ca, text(), on_reload,
          "PEM file of the authorities that sign clients' certificates."),
      row(in, "crl", &L::tls, &T::crl, text(), on_reload,
          "PEM file of those authorities' lists of revoked certificates; empty: none."),
      row(in, "verify", &L::tls, &T::verify, verification(), on_reload,
          "Certificates of clients: no, optional or required."),
      row(in, "user_from", &L::tls, &T::user_from, name_in_certificate(), on_reload,
          "The user is that certificate's cn, its first san, or no."),
      row(in, "tls_min", &L::tls, &T::only_1_3, choice<bool>({{"1.2", false}, {"1.3", true}}),
          on_reload, "Oldest version of TLS: 1.2 or 1.3."),
  };
}

Rows<ListenerSettings> all_rows() {
  constexpr std::string_view in = "listener";
  using L = ListenerSettings;
  Rows<ListenerSettings> rows{
      row(in, "address", &L::address, address(), on_restart,
          "Address to listen on; 0.0.0.0 or :: is every one."),
      row(in, "port", &L::port, count<std::uint16_t>(0, 65535), on_restart,
          "Port to listen on; 0 takes any free one."),
      row(in, "protocols", &L::protocols, protocols(), on_restart,
          "What may be spoken: stomp, http, websocket."),
      row(in, "web", &L::web, flag(), on_restart,
          "Its clients are of the web: web_read_block and web_write_block are for them."),
      row(in, "admin", &L::admin, flag(), on_restart,
          "The administrator's: its sessions have the admin flag, and /metrics answers."),
      row(in, "max_connections", &L::max_connections, count<std::size_t>(0, 100'000'000),
          on_restart, "Connections at one time; what comes then is told so; 0: no limit."),
      row(in, "accept_rate", &L::accept_rate, count<std::uint32_t>(0, 10'000'000), on_restart,
          "New connections a second; the others wait to be accepted; 0: no limit."),
  };
  std::ranges::move(tls_rows(), std::back_inserter(rows));
  return rows;
}

}  // namespace

const std::vector<Option<ListenerSettings>>& listener_options() {
  static const Rows<ListenerSettings> rows = all_rows();
  return rows;
}

}  // namespace romp::config
