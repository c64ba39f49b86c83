// SPDX-License-Identifier: Apache-2.0
#include "config/check.hpp"

#include <algorithm>

#include "config/listeners.hpp"
#include "config/permission_rules.hpp"
#include "config/units.hpp"

namespace romp::config {
namespace {

/// One side of a contradiction, as the operator wrote it or as it is by default.
struct Side {
  std::string section;
  std::string key;
  std::string value;
};

class Checker {
 public:
  Checker(const Settings& settings, const Places& places, std::vector<Problem>& problems)
      : settings_(settings), places_(places), problems_(problems) {}

  void run() {
    check_login();
    check_secret();
    check_open_doors();
    check_heart_beat();
    check_memory();
    check_ports();
    for (const ListenerSettings& listener : settings_.listeners) {
      check_tls(listener.tls, "[listener " + listener.name + "]");
    }
    check_size_of(settings_.destination_defaults, "[destinations]");
    for (const DestinationSettings& destination : settings_.destinations) {
      check_destination(destination, "[destination " + destination.name + "]");
    }
  }

 private:
  void check_login() {
    if (settings_.login.empty() == settings_.passcode.empty()) return;
    const bool alone = settings_.passcode.empty();
    report({"[server]", alone ? "login" : "passcode", ""}, {"[server]", "", ""},
           alone ? "[server] login without passcode: nobody would be asked for either"
                 : "[server] passcode without login: nobody would be asked for either");
  }

  void check_secret() {
    constexpr std::size_t least = 12;
    if (settings_.secret.empty() || settings_.secret.size() >= least) return;
    report({"[server]", "secret", ""}, {"[server]", "", ""},
           "[server] secret: is shorter than 12 octets, and easily guessed");
  }

  /// Who listens to the world and asks nobody has to say so.
  void check_open_doors() {
    if (asks_for_login(settings_) || settings_.allow_anonymous) return;
    for (const ListenerSettings& listener : all_listeners(settings_)) {
      if (is_local_address(listener.address) || !takes_clients(listener)) continue;
      if (listener.tls.verify == Verify::required) continue;  // a certificate is asked for
      const bool is_short = std::ranges::find(settings_.listeners, listener.name,
                                              &ListenerSettings::name) == settings_.listeners.end();
      const std::string section = is_short ? "[server]" : "[listener " + listener.name + "]";
      const std::string key =
          !is_short ? "address" : (listener.admin ? "admin_bind_address" : "bind_address");
      report({section, key, ""}, {section, "port", ""},
             section + " " + key + " = " + listener.address +
                 ": others than this machine could come in, and nobody is asked for a login: set "
                 "user_file, login and passcode or secret in [server], or allow_anonymous = yes");
      if (is_short) return;
    }
  }

  void check_heart_beat() {
    const milliseconds least = settings_.heart_beat_write_min;
    const milliseconds most = settings_.heart_beat_write_max;
    if (most.count() == 0 || least <= most) return;
    more_than({"[stomp]", "heart_beat_write_min", print_duration(least)},
              {"[stomp]", "heart_beat_write_max", print_duration(most)});
  }

  void check_memory() {
    const Side message = octets("[stomp]", "max_message_size", settings_.max_message_size);
    if (settings_.outbox_mark > settings_.outbox_limit) {
      more_than(octets("[stomp]", "outbox_mark", settings_.outbox_mark),
                octets("[stomp]", "outbox_limit", settings_.outbox_limit));
    }
    if (settings_.max_message_size > settings_.max_memory) {
      more_than(message, octets("[server]", "max_memory", settings_.max_memory));
    }
  }

  /// A port can be opened once at an address.
  void check_ports() {
    std::map<std::pair<std::string, std::uint16_t>, std::string> taken;
    for (const ListenerSettings& listener : all_listeners(settings_)) {
      if (listener.port == 0) continue;
      const bool is_short = std::ranges::find(settings_.listeners, listener.name,
                                              &ListenerSettings::name) == settings_.listeners.end();
      const std::string section = is_short ? "[server]" : "[listener " + listener.name + "]";
      const auto [first, is_new] =
          taken.emplace(std::pair(listener.address, listener.port), section);
      if (is_new) continue;
      report({section, "port", ""}, {first->second, "ports", ""},
             section + " port = " + std::to_string(listener.port) + ": " + first->second +
                 " listens there already");
    }
  }

  /// A listener that was meant to be safe must not be open by a forgotten word.
  void check_tls(const TlsSettings& tls, const std::string& section) {
    const auto need = [&](std::string_view key, bool wrong, const std::string& why) {
      if (wrong) report({section, std::string(key), ""}, {section, "tls", ""}, section + why);
    };
    if (!tls.enabled) {
      need("certificate", !tls.certificates.empty(), " certificate: counts only with tls = yes");
      need("verify", tls.verify != Verify::no, " verify: counts only with tls = yes");
      return;
    }
    need("tls", tls.certificates.empty(), " tls = yes: has no certificate");
    need("key", !tls.keys.empty() && tls.keys.size() != tls.certificates.size(),
         " key: expected as many files as certificate has, or none");
    need("verify", tls.verify != Verify::no && tls.ca.empty(), " verify: has no ca to verify by");
    need("crl", !tls.crl.empty() && tls.verify == Verify::no,
         " crl: counts only with verify = optional or required");
  }

  void check_size_of(const DestinationSettings& destination, const std::string& section) {
    if (destination.max_message_size <= settings_.max_message_size) return;
    if (!places_.contains({section, "max_message_size"})) return;  // said of [destinations]
    more_than(octets(section, "max_message_size", destination.max_message_size),
              octets("[stomp]", "max_message_size", settings_.max_message_size));
  }

  void check_destination(const DestinationSettings& destination, const std::string& section) {
    check_size_of(destination, section);
    if (destination.type == DestinationType::topic && destination.min_delivery > 0) {
      report({section, "min_delivery", ""}, {section, "type", ""},
             section + " min_delivery = " + std::to_string(destination.min_delivery) +
                 ": a topic gives each message to all; write type = queue or leave it out");
    }
    if (destination.dead_letter == destination.name && places_.contains({section, "dead_letter"})) {
      report({section, "dead_letter", ""}, {},
             section + " dead_letter: is this destination itself");
    }
  }

  static Side octets(const std::string& section, const std::string& key, std::size_t size) {
    return {section, key, print_octets(size)};
  }

  void more_than(const Side& more, const Side& less) {
    report(more, less,
           more.section + " " + more.key + " = " + more.value + ": is more than " + less.section +
               " " + less.key + " = " + less.value);
  }

  void report(const Side& first, const Side& second, const std::string& text) {
    auto at = places_.find({first.section, first.key});
    if (at == places_.end()) at = places_.find({second.section, second.key});
    const Place place = at == places_.end() ? Place{} : at->second;
    problems_.push_back({place.file, place.line, text});
  }

  const Settings& settings_;
  const Places& places_;
  std::vector<Problem>& problems_;
};

std::string why_bad_rule(std::string_view rule) {
  if (rule.starts_with('!')) rule.remove_prefix(1);
  if (rule.empty()) return "there is nothing behind !";
  for (auto at = rule.find('%'); at != rule.npos; at = rule.find('%', at + 1)) {
    if (rule.substr(at, 2) != "%u") return "behind % stands u, for the user";
  }
  return "";
}

}  // namespace

void check_permission(const PermissionSettings& permission, const std::string& label,
                      const Places& places, const Place& place, std::vector<Problem>& problems) {
  if (permission.users.empty() && permission.roles.empty()) {
    problems.push_back(
        {place.file, place.line,
         label + ": is about nobody; write users or roles (users = * is everybody)"});
  }
  bool says_something = false;
  for (const auto& [key, rules] : rules_of(permission)) {
    says_something = says_something || !rules->empty();
    for (const auto& rule : *rules) {
      const std::string why = why_bad_rule(rule);
      if (why.empty()) continue;
      const Place& at = places.at({label, std::string(key)});
      problems.push_back(
          {at.file, at.line, label + " " + std::string(key) + " = " + rule + ": " + why});
    }
  }
  if (says_something) return;
  problems.push_back({place.file, place.line,
                      label + ": allows and forbids nothing; write read, write, create or admin"});
}

void check_together(const Settings& settings, const Places& places,
                    std::vector<Problem>& problems) {
  Checker(settings, places, problems).run();
}

}  // namespace romp::config
