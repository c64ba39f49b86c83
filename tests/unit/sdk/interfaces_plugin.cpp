// SPDX-License-Identifier: Apache-2.0
// The plugin that interfaces_test.cpp looks at: it uses each interface of a broker, on demand.
#include <romp/plugin.hpp>
#include <romp/v1/admin.hpp>
#include <romp/v1/client.hpp>

#include <optional>
#include <string>

namespace {

constexpr const char* needs[] = {ROMP_DESTINATIONS_ID, ROMP_CLIENT_ID, nullptr};
constexpr romp_config_key keys[] = {{"dial", "string", "edge-1:61613", "where to connect"}};
constexpr auto about = romp::about("Interfaces")
                           .capabilities(ROMP_CAP_FRAMES | ROMP_CAP_ADMIN | ROMP_CAP_SESSIONS |
                                         ROMP_CAP_NETWORK | ROMP_CAP_PUBLISH)
                           .needs(needs)
                           .keys(keys);

void add_lists(romp::plugin& p) {
  p.on_frame(romp::send, "/do/list", [&p](romp::frame& f) {
    std::string text;
    for (const auto& d : romp::destinations(p.host(), f.body())) {
      text += d.name + '=' + std::to_string(d.counts.waiting) + (d.queue ? "q " : "t ");
    }
    f.reply(text);
    return romp::handled;
  });
  p.on_frame(romp::send, "/do/purge", [&p](romp::frame& f) {
    f.reply(std::to_string(romp::purge(p.host(), f.body())));
    return romp::handled;
  });
  p.on_frame(romp::send, "/do/who", [&p](romp::frame& f) {
    std::string text;
    for (const auto& s : romp::sessions(p.host())) text += s.user + '@' + s.remote + ' ';
    f.reply(text);
    return romp::handled;
  });
  p.on_frame(romp::send, "/do/expel", [&p](romp::frame& f) {
    f.reply(std::to_string(romp::close_user(p.host(), f.body(), "expelled")));
    return romp::handled;
  });
}

void add_admin(romp::plugin& p) {
  p.on_frame(romp::send, "/do/admin", [&p](romp::frame& f) {
    std::string text;
    for (const auto& s : romp::settings(p.host())) text += s.section + '.' + s.key + '=' + s.value;
    for (const auto& i : romp::instances(p.host())) text += ' ' + i.id;
    for (const auto& one : romp::filters(p.host())) {
      if (one.name == "counted") text += ' ' + std::to_string(one.counts.calls) + one.destination;
    }
    f.reply(text);
    return romp::handled;
  });
  p.on_frame(romp::send, "/do/count*", romp::at(romp::stage::frame).name("counted"),
             [](romp::frame&) {});
  p.on_frame(romp::send, "/do/reload", [&p](romp::frame&) {
    romp::reload(p.host());
    return romp::handled;
  });
}

void add_client(romp::plugin& p) {
  auto edge = std::make_shared<romp::client>(p.host());
  p.on_start([&p, edge] {
    romp::client_options options;
    options.address = p.config<std::string>("dial");
    options.login = "romp";
    options.flags = ROMP_CLIENT_AS_SESSION;
    romp::client_handlers handlers;
    handlers.up = [edge = edge.get()](const romp::frame_view&) {
      edge->send(romp::outgoing("/queue/memtop").header("id", "0"), ROMP_CMD_SUBSCRIBE);
    };
    handlers.frame = [&p, edge = edge.get()](const romp::frame_view& f) {
      p.info("edge says ", f.body());
      if (f.body() == "again") edge->restart("asked to");
    };
    handlers.answer = [&p](std::string_view of, const romp::frame_view& f) {
      p.info(of, " is told ", f.body());
    };
    handlers.down = [&p](romp_status why, std::string_view text) {
      p.info("down ", why, ' ', text);
    };
    edge->open(options, std::move(handlers));
  });
  p.on_frame(romp::send, "/do/forward", [edge](romp::frame& f) {
    const romp_status s = edge->send(romp::outgoing("/queue/there").body(std::string(f.body())));
    f.reply(std::to_string(s) + ' ' + std::to_string(edge->status().frames_out));
    return romp::handled;
  });
  p.on_frame(romp::send, "/do/hang-up", [edge](romp::frame&) {
    edge->close();
    return romp::handled;
  });
}

}  // namespace

ROMP_PLUGIN_CPP_WITH("interfaces", "1.0.0", about, [](romp::plugin& p) {
  add_lists(p);
  add_admin(p);
  add_client(p);
});
