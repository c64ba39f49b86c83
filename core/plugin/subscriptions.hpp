// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "plugin/gateway.hpp"
#include "plugin/inbox.hpp"
#include "plugin/tasks.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

/// The subscriptions of one instance. Messages and the end of each come on the strand, in order;
/// the end exactly once. Any thread. Held by a shared_ptr, since turns of the strand refer to it.
class Subscriptions : public std::enable_shared_from_this<Subscriptions> {
 public:
  static constexpr std::size_t most = 1000;

  struct Callbacks {
    void (*on_message)(void*, romp_sub_id, const romp_frame*, std::uint64_t) = nullptr;
    void (*on_closed)(void*, romp_sub_id, romp_status) = nullptr;
    void* user = nullptr;
  };

  Subscriptions(Gateway& gateway, std::shared_ptr<Tasks> tasks)
      : gateway_(gateway), tasks_(std::move(tasks)) {}

  /// ROMP_E_AGAIN: too many; ROMP_E_CANCELLED: stopping; what the gateway says of the destination.
  romp_status open(std::string_view destination, broker::Terms terms, const Callbacks& callbacks,
                   romp_sub_id& id);
  /// ROMP_E_GONE: no such subscription, or it ends already.
  romp_status close(romp_sub_id id);
  /// ROMP_E_GONE, ROMP_E_NOTFOUND, ROMP_E_STATE with automatic acknowledgement.
  romp_status settle(romp_sub_id id, std::uint64_t token, bool positive);

  /// No more are opened.
  void pause();
  /// Ends all with ROMP_E_CANCELLED; `run` calls what it is given as the strand would.
  void finish(const std::function<void(const std::function<void()>&)>& run);

 private:
  struct Entry {
    Callbacks callbacks;
    base::Ptr<Inbox> inbox;
    bool closing = false;    // by the plugin
    bool scheduled = false;  // a turn is asked for
  };

  void wake(romp_sub_id id);
  void turn(romp_sub_id id);
  void give(romp_sub_id id, const Entry& entry, Inbox::Taken taken, Delivered& delivered);
  void end(romp_sub_id id, romp_status why);
  bool is_closing(romp_sub_id id);
  void leave(Inbox& inbox);
  Entry* find(romp_sub_id id);
  static void run_turn(void* arg, romp_status status);

  Gateway& gateway_;
  const std::shared_ptr<Tasks> tasks_;
  std::mutex mutex_;
  std::map<romp_sub_id, Entry> entries_;
  romp_sub_id last_ = 0;
  bool paused_ = false;
};

}  // namespace romp::plugin
