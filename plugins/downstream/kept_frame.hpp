// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.hpp>

#include <optional>
#include <string>
#include <vector>

namespace downstream {

/// A frame that is kept beyond its callback: a copy, in memory that the next one uses again, but
/// for a large body, which is shared with the host. It must not be moved while it holds one.
class KeptFrame {
 public:
  /// False: there is no memory.
  bool keep(const romp_host* host, const romp_frame* frame);
  romp::frame_view view() const noexcept { return romp::frame_view(&frame_); }
  /// Sets the body of `message`, which is not copied.
  void give_body(romp_message& message) const noexcept;
  /// Holds nothing any more, but for its memory.
  void clear() noexcept { shared_.reset(); }

 private:
  romp_str copy(romp_str text);

  std::string text_;
  std::vector<romp_header> headers_;
  std::optional<romp::retained> shared_;
  romp_frame frame_{};
};

}  // namespace downstream
