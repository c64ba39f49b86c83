// SPDX-License-Identifier: Apache-2.0
#include "session/plugin_events.hpp"

namespace romp::session {

void PluginEvents::on_created(const broker::Destination& destination) noexcept {
  tell(ROMP_EV_DEST_CREATED, destination);
}

void PluginEvents::on_deleted(const broker::Destination& destination) noexcept {
  tell(ROMP_EV_DEST_DELETED, destination);
}

void PluginEvents::on_first_subscription(const broker::Destination& destination) noexcept {
  tell(ROMP_EV_DEST_FIRST_SUBSCRIBER, destination);
}

void PluginEvents::on_last_subscription_gone(const broker::Destination& destination) noexcept {
  tell(ROMP_EV_DEST_LAST_SUBSCRIBER, destination);
}

void PluginEvents::on_dropped(const broker::Destination& destination,
                              std::uint64_t messages) noexcept {
  if (!plugins_.wants(ROMP_EV_DEST_DROPPED)) return;
  plugins_.tell({.type = ROMP_EV_DEST_DROPPED,
                 .destination = destination.name(),
                 .reason = destination.is_queue() ? "the queue is full" : "a slow consumer",
                 .value = static_cast<std::int64_t>(messages)});
}

void PluginEvents::tell(std::uint32_t type, const broker::Destination& destination) noexcept {
  if (plugins_.wants(type)) plugins_.tell({.type = type, .destination = destination.name()});
}

}  // namespace romp::session
