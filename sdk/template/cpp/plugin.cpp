// SPDX-License-Identifier: Apache-2.0
#include <romp/plugin.hpp>

// A SEND to /virt/@name@ is answered with "pong".
ROMP_PLUGIN_CPP("@name@", "1.0.0", [](romp::plugin& p) {
  p.on_frame(romp::send, "/virt/@name@", [](romp::frame& f) {
    f.reply("pong");
    return romp::handled;
  });
});
