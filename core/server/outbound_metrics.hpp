// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/host.hpp"
#include "server/exposition.hpp"

namespace romp::server {

/// The connections that plugins have made to other servers, by plugin and number. Any thread.
void add_outbound(Exposition& out, const plugin::Host& plugins);

}  // namespace romp::server
