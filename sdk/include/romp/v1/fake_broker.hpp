// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/client.h>
#include <romp/destinations.h>
#include <romp/plugin.h>
#include <romp/v1/fake_frame.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace romp {

class fake_host;

/// What romp.destinations/1 says of one destination.
struct fake_destination {
  std::string name;
  std::uint32_t flags = 0;       ///< ROMP_DESTINATION_
  romp_destination counts = {};  ///< all but name and flags
};

/// What romp.admin/1 says of one option.
struct fake_setting {
  std::string section;
  std::string key;
  std::string value;
  std::string help;
};

/// A connection to another server that the plugin has opened. The test is the server: it looks at
/// what was sent, and says what comes back. Whatever the plugin posts meanwhile is run.
class fake_client {
 public:
  fake_client(fake_host& host, romp_conn_id id, const romp_client_options& options);
  fake_client(const fake_client&) = delete;
  fake_client& operator=(const fake_client&) = delete;

  // As the plugin has asked for it.
  const std::string address, login, passcode, vhost, versions;
  const fake_headers headers;
  const romp_client_options options;  ///< its numbers; the texts are gone

  /// CONNECTED comes.
  void up(fake_headers connected = {{"version", "1.2"}});
  /// A frame of the server: MESSAGE, RECEIPT, ERROR.
  void frame(const fake_frame& given);
  /// A frame for a session that submit() has made.
  void answer(const std::string& of, const fake_frame& given);
  /// The connection is lost, or could not be made.
  void down(romp_status why = ROMP_E_GONE, const std::string& text = "lost");

  std::vector<fake_message> sent;  ///< for the server; `command` is 0 for a SEND
  std::vector<std::pair<std::string, fake_message>> submitted;  ///< by client
  std::uint32_t state = ROMP_CLIENT_CONNECTING;
  bool held = false;                  ///< by hold()
  bool closed = false;                ///< by close()
  std::vector<std::string> restarts;  ///< why
  std::uint64_t times_up = 0, failures = 0, frames_in = 0;

 private:
  friend class fake_host;
  friend struct fake_client_table;

  void end();

  fake_host& host_;
  const romp_conn_id id_;
  bool has_ended_ = false;
};

}  // namespace romp
