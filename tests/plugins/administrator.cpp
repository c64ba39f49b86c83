// SPDX-License-Identifier: Apache-2.0
// Answers a SEND to /t/admin with what the interfaces of the host show it; the body says which.
#include <romp/plugin.hpp>

#include <stdexcept>
#include <string>

namespace {

constexpr auto about = romp::about("Shows what the host has")
                           .capabilities(ROMP_CAP_FRAMES | ROMP_CAP_ADMIN | ROMP_CAP_SESSIONS);

std::string shown(const romp_host* host, std::string_view what) {
  std::string text;
  const auto line = [&](const std::string& words) { text += words + "\n"; };
  if (what == "settings") {
    for (const auto& s : romp::settings(host)) line(s.section + " " + s.key + "=" + s.value);
  } else if (what == "instances") {
    for (const auto& i : romp::instances(host)) {
      line(i.name + " " + i.id + " " + i.version + " " + i.title + " " +
           std::to_string(i.counts.filters));
    }
  } else if (what == "filters") {
    for (const auto& f : romp::filters(host)) {
      line(f.instance + " " + f.name + " " + f.destination + " " + std::to_string(f.counts.calls));
    }
  } else if (what == "destinations") {
    for (const auto& d : romp::destinations(host, "/queue/")) {
      line(d.name + " " + std::to_string(d.counts.waiting));
    }
  } else if (what == "sessions") {
    for (const auto& s : romp::sessions(host)) line(s.user + "@" + s.remote);
  } else if (what == "purge") {
    line(std::to_string(romp::purge(host, "/queue/a")));
  } else if (what == "reload") {
    romp::reload(host);
  }
  return text;
}

}  // namespace

ROMP_PLUGIN_CPP_WITH("administrator", "2.1.0", about, [](romp::plugin& p) {
  p.on_frame(romp::send, "/t/admin", [&p](romp::frame& f) {
    f.reply(shown(p.host(), f.body()));
    return romp::handled;
  });
});
