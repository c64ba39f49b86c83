// SPDX-License-Identifier: Apache-2.0
// Throws through the C++ layer: std::exception on /t/fault, romp::reject on /t/reject, a fatal one
// on /t/fatal, and with `create` in create.
#include <romp/plugin.hpp>

namespace {
constexpr romp_config_key keys[] = {{"create", "bool", "no", "throw in create"}};
}

ROMP_PLUGIN_CPP_WITH("throws-in-layer", "1.0.0", romp::about().keys(keys), [](romp::plugin& p) {
  if (p.config<bool>("create")) throw std::runtime_error("thrown in create");
  p.on_frame(romp::send, "/t/fault", [](romp::frame&) { throw std::runtime_error("thrown"); });
  p.on_frame(romp::send, "/t/open", romp::at(romp::stage::frame).fail_open(),
             [](romp::frame&) { throw std::runtime_error("thrown, but open"); });
  p.on_frame(romp::send, "/t/reject",
             [](romp::frame&) { throw romp::reject("for the client", "for the log"); });
  p.on_frame(romp::send, "/t/fatal",
             [](romp::frame&) { throw romp::reject("for the client", "for the log", true); });
});
