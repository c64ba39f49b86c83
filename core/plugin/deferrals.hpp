// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "plugin/call.hpp"
#include "plugin/deferral_book.hpp"
#include "plugin/http_deferrals.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

struct Deferral {
  Instance* owner = nullptr;
  romp_session_id session = 0;
  std::uint32_t stage = 0;
  const Filter* filter = nullptr;
  Call* call = nullptr;
  std::shared_ptr<const void> keep;  ///< of the call and its frame
  bool live = true;
};

/// The frames that plugins have deferred. Any thread.
class Deferrals : public DeferralBook<Deferral> {
 public:
  Deferrals() = default;

  /// Those of HTTP requests.
  HttpDeferrals& http() noexcept { return http_; }
  const HttpDeferrals& http() const noexcept { return http_; }

  /// The deferral whose frame this is; it keeps the frame alive.
  std::optional<Deferral> of_frame(const Instance& owner, const romp_frame* frame) const;
  /// Does that instance defer a frame of that session?
  bool holds(const Instance& owner, romp_session_id session) const;
  /// Names the user of a session whose CONNECT is deferred. ROMP_E_GONE: there is none.
  romp_status authenticate(const Instance& owner, romp_session_id session, std::string_view user);

 private:
  void opened(romp_defer_id id, const Deferral& deferral) override;
  void given_up(const Deferral& deferral) noexcept override;
  void closed(const Deferral& deferral) noexcept override;
  const Deferral* live_of(const Instance& owner, romp_session_id session) const;

  HttpDeferrals http_;
  std::unordered_map<const romp_frame*, romp_defer_id> by_frame_;
  std::unordered_map<romp_session_id, romp_defer_id> by_session_;  // a session waits for one only
};

}  // namespace romp::plugin
