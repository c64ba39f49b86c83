// SPDX-License-Identifier: Apache-2.0
#include <romp/plugin.hpp>

ROMP_PLUGIN_CPP("ping", "1.0.0", [](romp::plugin& p) {
  p.on_frame(romp::send, "/virt/ping", [](romp::frame& f) {
    f.reply("pong");
    return romp::handled;
  });
});
