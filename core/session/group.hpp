// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "broker/message.hpp"
#include "session/outbox.hpp"

namespace romp::session {

/// Subscriptions on one worker whose MESSAGE frames are the same to the octet: same destination,
/// same subscription id, same version, no acknowledgements. Each frame is rendered once for all of
/// them.
class Group final : public base::Shared {
 public:
  explicit Group(std::string key) : key_(std::move(key)) {}

  const std::string& key() const noexcept { return key_; }

  void join() noexcept { ++members_; }
  /// True when nobody is left.
  bool leave() noexcept { return --members_ == 0; }
  /// Alone, a member copies into its own outbox: that costs least.
  bool is_worth_it() const noexcept { return members_ > 1; }

  /// True when `message` is the last that was rendered.
  bool has(const broker::Message& message) const noexcept {
    return sequence_ == message.sequence && place_ == message.place;
  }

  /// Room for the frame of `message`, in one piece; then `rendered`.
  char* begin(std::size_t size);
  void rendered(const broker::Message& message, std::size_t size) noexcept;

  std::string_view frame() const noexcept { return frame_; }
  base::Ptr<base::Shared> owner() const noexcept { return block_; }

 private:
  std::string key_;
  std::uint32_t members_ = 0;
  std::uint32_t place_ = 0;
  std::uint64_t sequence_ = 0;
  std::string_view frame_;
  base::Ptr<Block> block_;
  std::size_t used_ = 0;
  std::size_t next_capacity_ = 1024;
};

}  // namespace romp::session
