// SPDX-License-Identifier: Apache-2.0
// The plugin that layer_test.cpp looks at: something of everything.
#include <romp/plugin.hpp>

namespace {

constexpr romp_config_key keys[] = {
    {"every", "duration", "10ms", "period"},  {"name", "string", "x", "text"},
    {"on", "bool", "yes", "switch"},          {"count", "int", "-3", "number"},
    {"share", "number", "0.25", "fraction"},  {"bytes", "size", "16MiB", "size"},
    {"throw", "string", "", "where to throw"}};

constexpr auto about = romp::about("Test")
                           .author("romp")
                           .capabilities(ROMP_CAP_FRAMES | ROMP_CAP_MUTATE | ROMP_CAP_AUTH |
                                         ROMP_CAP_PUBLISH | ROMP_CAP_SESSIONS | ROMP_CAP_SUBSCRIBE)
                           .keys(keys)
                           .reconfigures();

void add_settings(romp::plugin& p) {
  const auto every = p.config<std::chrono::milliseconds>("every");
  p.info(every.count(), ' ', p.config<std::string>("name"), ' ', p.config<bool>("on"), ' ',
         p.config<std::int64_t>("count"), ' ', p.config<double>("share"), ' ',
         p.config<std::size_t>("bytes"));
  const std::string where = p.config<std::string>("throw");
  if (where == "unknown key") p.config<int>("no such key");
  if (where == "wrong type") p.config<int>("name");
  if (where == "range") p.config<std::uint8_t>("count");
  if (where == "create") throw std::runtime_error("thrown in create");
  if (where == "int") throw 7;
  if (where == "interface") p.on_start([&p] { romp::destinations(p.host()); });
  if (where == "start") p.on_start([] { throw romp::failure(ROMP_E_NOTFOUND, "no start"); });
}

void add_verdicts(romp::plugin& p) {
  p.on_frame(romp::send, "/v/nothing", [](romp::frame&) {});
  p.on_frame(romp::send, "/v/reject", [](romp::frame&) { throw romp::reject("r", "l", true); });
  p.on_frame(romp::send, "/v/cheap", [](romp::frame& f) { return f.reject("r", "l"); });
  p.on_frame(romp::send, "/v/fault", [](romp::frame&) { throw std::runtime_error("broken"); });
  p.on_frame(romp::send, "/v/odd", [](romp::frame&) { throw 7; });
  p.on_frame(romp::send, "/v/memory", [](romp::frame&) { throw std::bad_alloc(); });
  p.on_frame(romp::send, "/v/undeclared", [](romp::frame& f) { f.set("a", "b"); });
  p.on_frame(romp::send, "/v/forget", romp::at(romp::stage::frame).may_defer(), [](romp::frame& f) {
    f.defer();
    return romp::later;
  });
}

void add_sessions(romp::plugin& p) {
  struct Drop {
    romp::plugin* p;
    int n = 0;
    explicit Drop(romp::plugin& owner) : p(&owner) {}
    ~Drop() { p->info("dropped ", n); }
  };
  p.on_frame(romp::send, "/s/slot", [&p](romp::frame& f) { f.slot<Drop>(p).n += 1; });
  p.on_frame(romp::send, "/s/other", [](romp::frame& f) { f.slot<int>(); });
  p.on_frame(romp::send, "/s/close", [&p](romp::frame& f) {
    p.send_to(f.session(), romp::outgoing("/bye").body("last words"));
    p.close(f.session(), "asked to");
    return romp::handled;
  });
  p.on_frame(romp::connect, romp::at(romp::stage::auth), [](romp::frame& f) {
    if (f.has("passcode")) throw romp::reject("saw the passcode");
    f.authenticate(f.header("login"));
    return romp::handled;
  });
}

void add_messages(romp::plugin& p) {
  p.on_event(ROMP_EV_DEST_DROPPED,
             [&p](const romp::event& e) { p.info("dropped ", e.value, " of ", e.destination); });
  p.on_event(ROMP_EV_SERVER_READY,
             [](const romp::event&) { throw std::runtime_error("not ready"); });
  const auto once =
      p.subscribe("/topic/once", [&p](romp::delivery& d) { p.info("got ", d.body()); });
  p.subscribe(
      "/queue/jobs",
      [&p, once](romp::delivery& d) {
        p.info("job ", d.body(), d.body() == "bad" ? d.nack() : d.ack());
        if (d.body() == "last") once.stop();
      },
      ROMP_ACK_CLIENT_INDIVIDUAL);
}

void add_tasks(romp::plugin& p) {
  const auto tick = p.every(p.config<std::chrono::milliseconds>("every"), [&p] { p.info("tick"); });
  p.after(std::chrono::milliseconds(25), [&p, tick] {
    p.info("enough");
    tick.stop();
  });
  p.on_frame(romp::send, "/p/post", [&p](romp::frame& f) {
    p.post([&p, body = std::string(f.body())] { p.publish("/topic/posted", body); });
    p.post_worker([] { throw std::runtime_error("thrown in a task"); });
    return romp::handled;
  });
  p.on_stop([&p] { p.info("stopping"); });
}

}  // namespace

ROMP_PLUGIN_CPP_WITH("layer", "1.0.0", about, [](romp::plugin& p) {
  add_settings(p);
  add_verdicts(p);
  add_sessions(p);
  add_messages(p);
  p.on_reconfigure([&p] { p.info("now ", p.config<std::string>("name")); });
  add_tasks(p);
});
