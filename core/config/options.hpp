// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace romp::config {

/// When a changed option takes effect.
enum class Change { on_reload, on_restart };

/// A row of the table: everything there is to know about one key. Reading, printing, help, the
/// sample file and the manual all go through it. Its default is what a fresh Owner holds.
template <class Owner>
struct Option {
  std::string_view section;
  std::string_view key;
  Change change;
  bool secret;  ///< may be `file:PATH`; never printed
  std::string_view help;
  std::string expects;                                ///< ends the sentence "expected ..."
  std::function<bool(Owner&, std::string_view)> set;  ///< false: not what is expected, nothing set
  std::function<std::string(const Owner&)> get;
};

/// The table, in the order it is printed. Safe from any thread.
/// The rows of [server], [stomp], [web], [destinations] and [plugins].
const std::vector<Option<Settings>>& server_options();
/// The rows of [destination NAME]. Those whose section is "destinations" may stand there too and
/// are then the default for every destination.
const std::vector<Option<DestinationSettings>>& destination_options();
/// The rows of [plugin NAME]. Every other key in it is the plugin's own.
const std::vector<Option<PluginSettings>>& plugin_options();

/// The rows of [listener NAME].
const std::vector<Option<ListenerSettings>>& listener_options();

/// The rows of [permission NAME].
const std::vector<Option<PermissionSettings>>& permission_options();

/// What a destination is that says neither `type` nor `min_delivery`: below /queue/ and
/// /temp-queue/ a queue, else a topic.
DestinationType type_by_name(std::string_view name);

/// True for a plugin's key that looks like one for a secret: it is or ends in passcode, password,
/// secret or token.
bool is_secret_key(std::string_view key);

/// The options that differ and take effect only when the server starts anew, as "[server] workers".
std::vector<std::string> needs_restart(const Settings& running, const Settings& loaded);

}  // namespace romp::config
