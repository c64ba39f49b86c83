// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "plugin/host_api.hpp"
#include "plugin/showing.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

// Deferred frames may be changed from any thread, so these have no mark of their own: what counts
// is whether the frame is in hand.
constexpr Rule any_time{once_created};

/// A frame the plugin may use, and what keeps it alive meanwhile.
struct InHand {
  Call* call = nullptr;
  std::shared_ptr<const void> keep;
};

InHand in_hand(Instance& self, const romp_frame* frame) {
  if (frame == nullptr) return {};
  if (current.instance == &self && current.call != nullptr && frame == &current.call->view) {
    return {current.call, {}};
  }
  auto deferral = self.environment().deferrals.of_frame(self, frame);
  if (!deferral) return {};
  return {deferral->call, std::move(deferral->keep)};
}

template <class Change>
romp_status change(const romp_host* host, const romp_frame* frame, Change&& how) {
  return entered(host, any_time, [&](Instance& self) -> romp_status {
    const auto [call, keep] = in_hand(self, frame);
    if (call == nullptr) {
      return self.retained().find(frame) != nullptr ? ROMP_E_INVAL : ROMP_E_THREAD;
    }
    if (!call->filter->may(ROMP_FILTER_MUTATES) || !self.has(ROMP_CAP_MUTATE)) return ROMP_E_DENIED;
    const romp_status status = how(self, *call);
    if (status == ROMP_OK) refresh(*call);
    return status;
  });
}

bool has_nul(std::string_view text) { return text.find('\0') != text.npos; }

/// Names that a plugin may not touch.
romp_status check_name(const Instance& self, romp_str name) {
  if (!sound(name) || name.len == 0 || has_nul(view(name))) return ROMP_E_INVAL;
  if (view(name) == "content-length") return ROMP_E_INVAL;
  const bool hidden = view(name) == "passcode" && !self.has(ROMP_CAP_CREDENTIALS);
  return hidden ? ROMP_E_DENIED : ROMP_OK;
}

romp_status frame_set_header(const romp_host* host, romp_frame* frame, romp_str name,
                             romp_str value) {
  return change(host, frame, [&](Instance& self, Call& call) -> romp_status {
    if (const auto refusal = check_name(self, name); refusal != ROMP_OK) return refusal;
    if (value.data == nullptr || has_nul(view(value))) return ROMP_E_INVAL;
    const auto& limits = self.environment();
    if (name.len > limits.longest_header || value.len > limits.longest_header - name.len) {
      return ROMP_E_TOOBIG;
    }
    const bool is_new = call.frame.find(view(name)).data() == nullptr;
    if (is_new && call.frame.headers().size() >= limits.most_headers) return ROMP_E_TOOBIG;
    call.frame.set(view(name), view(value));
    return ROMP_OK;
  });
}

romp_status frame_remove_header(const romp_host* host, romp_frame* frame, romp_str name) {
  return change(host, frame, [&](Instance& self, Call& call) -> romp_status {
    if (const auto refusal = check_name(self, name); refusal != ROMP_OK) return refusal;
    return call.frame.remove(view(name)) ? ROMP_OK : ROMP_E_NOTFOUND;
  });
}

romp_status frame_set_body(const romp_host* host, romp_frame* frame, romp_str body) {
  return change(host, frame, [&](Instance& self, Call& call) -> romp_status {
    if (!sound(body)) return ROMP_E_INVAL;
    if (call.body_pending) return ROMP_E_STATE;
    if (body.len > self.environment().longest_body) return ROMP_E_TOOBIG;
    call.frame.set_body(view(body));
    if (call.frame.has(stomp::Name::content_length)) {
      call.frame.set("content-length", std::to_string(body.len));
    }
    return ROMP_OK;
  });
}

const romp_frame* frame_retain(const romp_host* host, const romp_frame* frame) {
  const romp_frame* retained = nullptr;
  entered(host, any_time, [&](Instance& self) -> romp_status {
    if (self.retained().again(frame)) {
      retained = frame;
      return ROMP_OK;
    }
    if (const auto* given = current.delivered;
        current.instance == &self && given != nullptr && frame == &given->frame) {
      retained = self.retained().add(given->frame, given->message);
      return ROMP_OK;
    }
    if (current.instance == &self && frame != nullptr && frame == current.received) {
      retained = self.retained().add(*frame, nullptr);
      return ROMP_OK;
    }
    const auto [call, keep] = in_hand(self, frame);
    if (call == nullptr) return ROMP_E_THREAD;
    retained = self.retained().add(call->view, call->frame.body_owner());
    return ROMP_OK;
  });
  return retained;
}

void frame_release(const romp_host* host, const romp_frame* frame) {
  entered(host, any_time, [&](Instance& self) -> romp_status {
    if (frame == nullptr || self.retained().release(frame)) return ROMP_OK;
    return refuse(self, "frame_release", ROMP_E_INVAL, "not a retained frame, or released before");
  });
}

}  // namespace

void set_frame_functions(romp_host& table) noexcept {
  table.frame_set_header = frame_set_header;
  table.frame_remove_header = frame_remove_header;
  table.frame_set_body = frame_set_body;
  table.frame_retain = frame_retain;
  table.frame_release = frame_release;
}

}  // namespace romp::plugin
