// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/shared.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

/// An immutable copy of a frame, as a plugin sees it. A large body is shared, not copied.
class RetainedFrame final : public base::Shared {
 public:
  RetainedFrame(const romp_frame& frame, base::Ptr<base::Shared> body_owner);

  const romp_frame& frame() const noexcept { return frame_; }

 private:
  romp_str keep(romp_str text);

  std::string text_;
  std::vector<romp_header> headers_;
  base::Ptr<base::Shared> body_owner_;
  romp_frame frame_{};
};

/// The frames that one instance has retained, with its references to each. Any thread.
class RetainedFrames {
 public:
  static constexpr std::size_t most = 65'536;

  /// Null when the instance holds too many already.
  const romp_frame* add(const romp_frame& frame, base::Ptr<base::Shared> body_owner);
  /// One more reference to a retained frame; false when it is none.
  bool again(const romp_frame* frame);
  /// False when it is no retained frame of this instance, or no longer.
  bool release(const romp_frame* frame);
  /// Null when it is none.
  base::Ptr<RetainedFrame> find(const romp_frame* frame) const;
  std::size_t size() const;
  void clear();

 private:
  struct Held {
    base::Ptr<RetainedFrame> frame;
    std::size_t references = 1;
  };

  mutable std::mutex mutex_;
  std::unordered_map<const romp_frame*, Held> held_;
};

}  // namespace romp::plugin
