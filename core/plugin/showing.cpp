// SPDX-License-Identifier: Apache-2.0
#include "plugin/showing.hpp"

#include "plugin/instance.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

constexpr std::string_view empty_body = "";

void fill_headers(Call& call) {
  call.header_views.clear();
  for (const auto& header : call.frame.headers()) {
    if (call.hides_passcode && header.name == "passcode") continue;
    call.header_views.push_back({str(header.name), str(header.value)});
  }
}

void fill_body(Call& call) {
  auto& view = call.view;
  if (call.body_pending) {
    view.flags |= ROMP_FRAME_BODY_PENDING;
    view.body = {};
    view.body_size = call.pending_size;
    return;
  }
  const auto body = call.frame.body();
  view.body = str(body.data() == nullptr ? empty_body : body);
  view.body_size = body.size();
}

void fill_context(Call& call, const Filter& filter) {
  const auto& peer = call.peer;
  call.context = {.size = sizeof(romp_ctx),
                  .stage = filter.stage,
                  .session = peer.id,
                  .user = str(peer.user),
                  .remote = str(peer.remote),
                  .transport = peer.transport,
                  .session_flags = peer.flags,
                  .now_ns = call.now,
                  .slot = nullptr,
                  .impl = &call};
}

void point_at_slot(Call& call, const Instance& instance) {
  auto& slots = call.peer.slots;
  if (slots.size() <= instance.number()) slots.resize(instance.number() + 1);
  call.context.slot = &slots[instance.number()];
}

}  // namespace

void refresh(Call& call) {
  fill_headers(call);
  auto& view = call.view;
  view.size = sizeof(romp_frame);
  view.command = static_cast<std::uint32_t>(call.frame.command);
  view.flags &= ROMP_FRAME_RESUMED;
  view.header_count = static_cast<std::uint32_t>(call.header_views.size());
  view.headers = call.header_views.data();
  view.verb = str(call.frame.word);
  view.destination = str(call.frame.find(stomp::Name::destination));
  view.impl = &call;
  fill_body(call);
}

void show(Call& call, const Filter& filter, bool resumed) {
  auto& instance = *filter.instance;
  const bool hides_passcode =
      !instance.has(ROMP_CAP_CREDENTIALS) && call.frame.has(stomp::Name::passcode);
  call.instance = &instance;
  call.filter = &filter;
  call.may_defer = (filter.flags & ROMP_FILTER_MAY_DEFER) != 0;
  call.may_mutate = (filter.flags & ROMP_FILTER_MUTATES) != 0;
  if (!call.shown || hides_passcode != call.hides_passcode) {
    call.hides_passcode = hides_passcode;
    call.view.flags = resumed ? ROMP_FRAME_RESUMED : 0;
    refresh(call);
    fill_context(call, filter);
    call.shown = true;
  }
  point_at_slot(call, instance);
}

}  // namespace romp::plugin
