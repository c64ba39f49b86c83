// SPDX-License-Identifier: Apache-2.0
#include "config/print.hpp"

#include <algorithm>
#include <string_view>

#include "base/places.hpp"
#include "config/ini_file.hpp"
#include "config/options.hpp"
#include "config/units.hpp"

namespace romp::config {
namespace {

constexpr std::string_view preamble =
    R"(# Configuration of romp, a STOMP messaging server.
#
# `romp --check-config` says all that is wrong with it, `romp --print-config` what the server would
# work with. A key that is left out has its default; [restart] marks what a reload does not change.
#
# Octets: 4096, 64k, 16MiB (powers of 1024). Durations: 250ms, 30s, 5m, 2h, 7d; plain numbers are
# milliseconds. Flags: yes or no. Lists: by commas or blanks. Each line stands alone. A comment
# begins with # or ; at the start of a line, or with ; behind a blank.
)";

constexpr std::string_view destination_intro = R"(
# A section [destination NAME] declares one destination, or those that a pattern matches. It takes
# the keys from max_connections to stats, and has from here what it leaves out. And it takes:
)";

constexpr std::string_view plugin_intro = R"(
# A section [plugin NAME] configures one plugin. It takes the plugin's own keys and:
)";

constexpr std::string_view listener_intro = R"(
# A section [listener NAME] opens one more port. It takes:
)";

constexpr std::string_view permission_intro = R"(
# Sections [permission NAME] say who may do what; while there is none, everybody may do everything.
# With them only what one of them allows is allowed, and what one of them forbids is not.
# Administrators may do everything. A section takes:
)";

constexpr std::string_view mask = "********";

class Printer {
 public:
  explicit Printer(const Settings& settings) : settings_(settings) { out_ += preamble; }

  std::string print() {
    std::string_view section;
    for (const auto& option : server_options()) {
      if (option.section != section) begin_section(section, option.section);
      section = option.section;
      print_server_option(option);
    }
    end_section(section);
    for (const auto& destination : settings_.destinations) print_destination(destination);
    for (const auto& plugin : settings_.plugins) print_plugin(plugin);
    return std::move(out_);
  }

 private:
  void begin_section(std::string_view last, std::string_view next) {
    end_section(last);
    out_.append("\n[").append(next).append("]\n");
  }

  /// What belongs to a section behind its own rows.
  void end_section(std::string_view section) {
    if (section == "server") {
      print_help_of(listener_options(), "listener", listener_intro);
      for (const auto& listener : settings_.listeners) print_listener(listener);
      print_help_of(permission_options(), "permission", permission_intro);
      for (const auto& permission : settings_.permissions) print_permission(permission);
    }
    if (section == "destinations") print_destination_defaults();
    if (section == "plugins") print_help_of(plugin_options(), "plugin", plugin_intro);
  }

  void print_server_option(const Option<Settings>& option) {
    print_help(option, option.get(Settings{}), option.get(settings_));
    if (option.key == "include" && !settings_.included.empty()) {
      out_ += "# What it brought is part of what you read here.\n";
      return print_line(option.key, option.get(settings_), "# ");
    }
    if (option.secret && !option.get(settings_).empty()) {
      out_ += "# It is set and not printed.\n";
      return print_line(option.key, mask, "# ");
    }
    const bool alone = option.key == "login" && !settings_.passcode.empty();
    if (alone) out_ += "# A comment here, because the passcode is not printed.\n";
    print_line(option.key, option.get(settings_), alone ? "# " : "");
  }

  void print_destination_defaults() {
    const DestinationSettings fresh;
    for (const auto& option : destination_options()) {
      if (option.section != "destinations") continue;
      const std::string value = option.get(settings_.destination_defaults);
      print_help(option, option.get(fresh), value);
      print_line(option.key, value);
    }
    print_help_of(destination_options(), "destination", destination_intro);
  }

  template <class Owner>
  void print_help_of(const std::vector<Option<Owner>>& options, std::string_view section,
                     std::string_view intro) {
    out_ += intro;
    for (const auto& option : options) {
      if (option.section != section) continue;
      out_.append("#   ").append(option.key).append(": ").append(option.help).append("\n");
    }
  }

  template <class Owner>
  void print_help(const Option<Owner>& option, const std::string& usual, const std::string& value) {
    out_.append("\n# ").append(option.help);
    if (value != usual && !usual.empty()) out_.append(" Default: ").append(usual).append(".");
    if (option.change == Change::on_restart) out_.append(" [restart]");
    out_ += '\n';
  }

  void print_destination(const DestinationSettings& destination) {
    DestinationSettings usual = settings_.destination_defaults;
    const bool named = fits_header("destination " + destination.name);
    out_.append(named ? "\n[destination " + destination.name + "]\n" : "\n[destination]\n");
    if (named) usual.name = destination.name;
    for (const auto& option : destination_options()) {
      const std::string value = option.get(destination);
      if (option.key == "type" || value != option.get(usual)) print_line(option.key, value);
    }
  }

  void print_listener(const ListenerSettings& listener) {
    out_.append("\n[listener ").append(listener.name).append("]\n");
    const ListenerSettings usual;
    for (const auto& option : listener_options()) {
      const std::string value = option.get(listener);
      if (option.key == "port" || value != option.get(usual)) print_line(option.key, value);
    }
  }

  void print_permission(const PermissionSettings& permission) {
    out_.append("\n[permission ").append(permission.name).append("]\n");
    for (const auto& option : permission_options()) {
      const std::string value = option.get(permission);
      if (!value.empty()) print_line(option.key, value);
    }
  }

  static bool fits_header(std::string_view name) {
    return name.size() <= longest_section_name && name.find(']') == name.npos && trim(name) == name;
  }

  void print_plugin(const PluginSettings& plugin) {
    out_.append("\n[plugin ").append(plugin.name).append("]\n");
    const PluginSettings usual;
    for (const auto& option : plugin_options()) {
      const std::string value = option.get(plugin);
      if (value != option.get(usual)) print_line(option.key, value);
    }
    for (const auto& [key, value] : plugin.values) {
      const bool hidden = is_secret_key(key) && !value.text.starts_with("file:");
      print_line(key, hidden ? mask : std::string_view(value.text), hidden ? "# " : "");
    }
  }

  void print_line(std::string_view key, std::string_view value, std::string_view before = "") {
    out_.append(before).append(key).append(" =");
    if (!value.empty()) out_.append(" ").append(value);
    out_ += '\n';
  }

  const Settings& settings_;
  std::string out_;
};

template <class Owner>
void append_help(std::string& out, const Option<Owner>& option) {
  constexpr std::size_t key_width = 24;
  constexpr std::size_t value_width = 34;
  std::string line = "  " + std::string(option.key);
  line.resize(std::max(line.size() + 1, key_width), ' ');
  line += option.get(Owner{});
  line.resize(std::max(line.size() + 1, key_width + value_width), ' ');
  out.append(line).append(option.help).append("\n");
}

}  // namespace

std::string print_config(const Settings& settings) { return Printer(settings).print(); }

std::string print_options_help() {
  std::string out;
  std::string_view section;
  for (const auto& option : server_options()) {
    if (option.section != section) {
      out.append(section.empty() ? "[" : "\n[").append(option.section).append("]\n");
    }
    section = option.section;
    append_help(out, option);
  }
  out += "\n[destination NAME], and but for name, type and min_delivery [destinations]\n";
  for (const auto& option : destination_options()) append_help(out, option);
  out += "\n[listener NAME]\n";
  for (const auto& option : listener_options()) append_help(out, option);
  out += "\n[permission NAME]\n";
  for (const auto& option : permission_options()) append_help(out, option);
  out += "\n[plugin NAME]\n";
  for (const auto& option : plugin_options()) append_help(out, option);
  return out;
}

Settings shipped_settings() {
  Settings settings;
  settings.plugin_dir = base::plugin_dir;
  settings.plugin_journal = "/var/lib/romp/plugin-journal";
  settings.listeners.resize(2);
  ListenerSettings& web = settings.listeners.front();
  web.name = "web";
  web.port = 8080;
  web.web = true;
  ListenerSettings& admin = settings.listeners.back();
  admin.name = "admin";
  admin.port = 61616;
  admin.admin = true;
  settings.include = {"/etc/romp/plugins.d/*.ini", "/etc/romp/conf.d/*.ini"};
  return settings;
}

}  // namespace romp::config
