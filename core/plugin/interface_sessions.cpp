// SPDX-License-Identifier: Apache-2.0
#include "plugin/interfaces.hpp"
#include "romp/sessions.h"

namespace romp::plugin {
namespace {

constexpr Rule with_sessions{once_created, Mark::any, ROMP_CAP_SESSIONS};

romp_session shown(const SessionRow& row) {
  return {.size = sizeof(romp_session),
          .transport = row.transport,
          .id = row.id,
          .flags = row.flags,
          .reserved = 0,
          .user = str(row.user),
          .remote = str(row.remote),
          .since_ns = row.since_ns};
}

std::vector<SessionRow> sessions_of(Instance& self, romp_str user) {
  auto rows = self.environment().gateway.sessions();
  if (user.data != nullptr) {
    std::erase_if(rows, [&](const SessionRow& row) { return row.user != view(user); });
  }
  std::ranges::sort(rows, {}, &SessionRow::id);
  return rows;
}

romp_status list(const romp_host* host, romp_str user, romp_list_id* out, std::uint64_t* count) {
  return entered(host, with_sessions, [&](Instance& self) -> romp_status {
    if (out == nullptr || count == nullptr || !sound(user)) return ROMP_E_INVAL;
    return self.snapshots().add(sessions_of(self, user), *out, *count);
  });
}

romp_status at(const romp_host* host, romp_list_id list, std::uint64_t index, romp_session* out) {
  return entered(host, with_sessions, [&](Instance& self) -> romp_status {
    return fill_at<SessionRow>(self, list, index, out, shown);
  });
}

romp_status release(const romp_host* host, romp_list_id list) {
  return entered(host, with_sessions, [&](Instance& self) { return release_list(self, list); });
}

romp_status close_user(const romp_host* host, romp_str user, std::uint32_t how, romp_str reason,
                       std::uint64_t* count) {
  return entered(host, with_sessions, [&](Instance& self) -> romp_status {
    if (user.data == nullptr || how > ROMP_CLOSE_NOW || !sound(reason) || count == nullptr) {
      return ROMP_E_INVAL;
    }
    *count = 0;
    auto& gateway = self.environment().gateway;
    for (const auto& row : sessions_of(self, user)) {
      const auto status = gateway.close_session(row.id, how == ROMP_CLOSE_NOW, view(reason));
      if (status == ROMP_OK) ++*count;
    }
    return ROMP_OK;
  });
}

}  // namespace

const void* sessions_interface() noexcept {
  static constexpr romp_sessions table{sizeof(romp_sessions), 0, list, at, release, close_user};
  return &table;
}

}  // namespace romp::plugin
