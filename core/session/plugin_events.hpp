// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/destination.hpp"
#include "plugin/host.hpp"

namespace romp::session {

/// Tells plugins what becomes of destinations. Any thread.
class PluginEvents final : public broker::Observer {
 public:
  explicit PluginEvents(const plugin::Host& plugins) : plugins_(plugins) {}

  void on_created(const broker::Destination& destination) noexcept override;
  void on_deleted(const broker::Destination& destination) noexcept override;
  void on_first_subscription(const broker::Destination& destination) noexcept override;
  void on_last_subscription_gone(const broker::Destination& destination) noexcept override;
  void on_dropped(const broker::Destination& destination, std::uint64_t messages) noexcept override;

 private:
  void tell(std::uint32_t type, const broker::Destination& destination) noexcept;

  const plugin::Host& plugins_;
};

}  // namespace romp::session
