// SPDX-License-Identifier: Apache-2.0
#include <romp/plugin.hpp>

#include <chrono>
#include <string>

namespace {

/// Names of the headers to write; an empty one is not written.
struct Names {
  std::string time, user, session, remote;
};

/// A client must not be able to forge a stamp: what it sent under that name goes in any case.
void stamp(romp::frame& f, const std::string& name, std::string_view value) {
  if (name.empty()) return;
  if (value.empty()) {
    f.remove(name);
  } else {
    f.set(name, value);
  }
}

std::string milliseconds_since_1970() {
  using namespace std::chrono;
  const auto now = system_clock::now().time_since_epoch();
  return std::to_string(duration_cast<milliseconds>(now).count());
}

constexpr romp_config_key keys[] = {
    {"destination", "string", "*", "only these: a name, or a prefix that ends in *"},
    {"time", "string", "timestamp", "header for the time, in ms since 1970; empty: none"},
    {"user", "string", "sender", "header for the login name; empty: none"},
    {"session", "string", "", "header for the number of the session; empty: none"},
    {"remote", "string", "", "header for the client's address and port; empty: none"}};

constexpr auto about = romp::about("Writes time and sender into every message")
                           .capabilities(ROMP_CAP_FRAMES | ROMP_CAP_MUTATE)
                           .keys(keys)
                           .concurrent();

}  // namespace

ROMP_PLUGIN_CPP_WITH("stamp", "1.0.0", about, [](romp::plugin& p) {
  const Names names{p.config<std::string>("time"), p.config<std::string>("user"),
                    p.config<std::string>("session"), p.config<std::string>("remote")};
  p.on_frame(romp::send, p.config<std::string>("destination").c_str(),
             romp::at(romp::stage::pre_route).mutates().early().name("stamp"),
             [names](romp::frame& f) {
               stamp(f, names.time, names.time.empty() ? "" : milliseconds_since_1970());
               stamp(f, names.user, f.user());
               stamp(f, names.session, std::to_string(f.session()));
               stamp(f, names.remote, f.remote());
             });
});
