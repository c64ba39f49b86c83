// SPDX-License-Identifier: Apache-2.0
#include "plugin/showing.hpp"

#include "plugin/instance.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

constexpr std::string_view empty_body = "";

void fill_headers(Call& call) {
  const bool is_secret = call.frame.has(stomp::Name::passcode);
  const bool hides = is_secret && call.filter->sort == Filter::sees_no_passcode;
  call.shown_to = is_secret ? call.filter->sort : Filter::any_sort;
  call.header_views.clear();
  for (const auto& header : call.frame.headers()) {
    if (hides && header.known == stomp::Name::passcode) continue;
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

void fill_context(Call& call) {
  const auto& peer = call.peer;
  call.context = {.size = sizeof(romp_ctx),
                  .stage = call.filter->stage,
                  .session = peer.id,
                  .user = str(peer.user),
                  .remote = str(peer.remote),
                  .transport = peer.transport,
                  .session_flags = peer.flags,
                  .now_ns = call.now,
                  .slot = nullptr,
                  .impl = &call};
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

void show_anew(Call& call, bool resumed) {
  call.reveal_views();
  call.view.flags = resumed ? ROMP_FRAME_RESUMED : 0;
  refresh(call);
  fill_context(call);
}

}  // namespace romp::plugin
