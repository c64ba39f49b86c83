// SPDX-License-Identifier: Apache-2.0
#include <romp/plugin.hpp>

#include "bridge.hpp"

namespace {

constexpr const char* needs[] = {ROMP_CLIENT_ID, nullptr};

constexpr auto about =
    romp::about("Serves an edge server's clients, and moves messages between brokers")
        .capabilities(ROMP_CAP_FRAMES | ROMP_CAP_MUTATE | ROMP_CAP_PUBLISH | ROMP_CAP_SUBSCRIBE |
                      ROMP_CAP_NETWORK)
        .keys(downstream::keys)
        .needs(needs)
        .concurrent()
        .exclusive();

}  // namespace

ROMP_PLUGIN_CPP_WITH("downstream", "1.0.0", about, [](romp::plugin& p) {
  auto settings = downstream::read_settings(p);
  if (settings.connection.address.empty()) {
    p.info("connects to nothing: its section has no address");
    return;
  }
  if (!settings.is_edge() && settings.out.empty() && settings.in.empty()) {
    throw romp::failure(ROMP_E_INVAL,
                        "nothing is to be done: destinations, out or in have to be given");
  }
  const auto bridge = std::make_shared<downstream::Bridge>(p, std::move(settings));
  p.on_start([bridge] { bridge->start(); });
});
