// SPDX-License-Identifier: Apache-2.0
#include <romp/plugin.hpp>

#include <string>

namespace {

constexpr auto about =
    romp::about("Says hello to a browser").capabilities(ROMP_CAP_HTTP).concurrent();

}  // namespace

ROMP_PLUGIN_CPP_WITH("hello", "1.0.0", about, [](romp::plugin& p) {
  p.on_http("/hello", [](romp::request& r) {
    return r.reply(200, "Hello, " + r.param("name").value_or("world") + "\n");
  });
});
