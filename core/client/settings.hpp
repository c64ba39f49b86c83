// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "stomp/parser.hpp"

namespace romp::client {

/// Where a server is; the host is a name or a numeric address, without brackets.
struct Address {
  std::string host;
  std::string port;

  std::string text() const;
};

/// "host:port", several with commas between them, "[::1]:61613" for IPv6. Empty, with the reason in
/// `why`, where it is none.
std::vector<Address> addresses_of(std::string_view text, std::string& why);

/// What the passcode of CONNECT is.
enum class Credential {
  passcode,    ///< as it is
  token,       ///< a secret, of which a token is made for each CONNECT
  token_sha1,  ///< the same in the old scheme of romp and xtomp
};

/// How the server is made sure of, and how this side shows who it is. Files are PEM.
struct TlsSettings {
  std::string ca;  ///< who vouches for the server; empty: whom the system trusts
  std::string certificate;
  std::string key;
};

/// What one outbound connection is told.
struct Settings {
  std::vector<Address> addresses;  ///< tried in turn; after a connection is lost, from the first on
  std::optional<TlsSettings> tls;
  std::string login;
  std::string passcode;
  Credential credential = Credential::passcode;
  std::optional<std::string> host;  ///< the header; nothing: as the address; empty: none is sent
  std::string versions = "1.2,1.1,1.0";
  std::vector<std::pair<std::string, std::string>> headers;   ///< more of CONNECT
  std::chrono::milliseconds heart_out{10'000};                ///< what is offered; 0: none
  std::chrono::milliseconds heart_in{10'000};                 ///< what is asked for; 0: none
  base::Duration connect_timeout = std::chrono::seconds(10);  ///< from dialling to CONNECTED
  base::Duration retry_min = std::chrono::seconds(1);
  base::Duration retry_max = std::chrono::seconds(30);
  base::Duration max_age{};  ///< then a new connection is made; 0: never
  stomp::Limits limits;
  std::size_t most_output = std::size_t{16} << 20;  ///< octets that wait to be written
};

}  // namespace romp::client
