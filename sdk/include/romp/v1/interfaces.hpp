// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/admin.h>
#include <romp/destinations.h>
#include <romp/sessions.h>
#include <romp/v1/values.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace romp {
inline namespace v1 {

/// A destination, as romp_destination, with its own name.
struct destination {
  std::string name;
  bool queue = false;
  romp_destination counts{};
};

/// A session, as romp_session, with its own texts.
struct session {
  romp_session_id id = 0;
  std::string user;
  std::string remote;
  std::uint32_t transport = 0;
};

namespace detail {

template <class T>
const T& interface_of(const romp_host* host, const char* id) {
  const auto* table = static_cast<const T*>(host->get_interface(host, id));
  if (!table) throw failure(ROMP_E_UNSUPPORTED, std::string("this host has no ") + id);
  return *table;
}

/// All rows of a list that has been taken; gives the list back.
template <class Table, class Row, class Make>
auto rows_of(const romp_host* host, const Table& table, romp_list_id list, std::uint64_t count, Row,
             Make&& make) {
  std::vector<decltype(make(Row{}))> rows;
  rows.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    Row row{};
    row.size = sizeof row;
    if (table.at(host, list, i, &row) != ROMP_OK) break;
    rows.push_back(make(row));
  }
  table.release(host, list);
  return rows;
}

inline destination destination_of(const romp_destination& raw) {
  destination d{std::string(view(raw.name)), (raw.flags & ROMP_DESTINATION_QUEUE) != 0, raw};
  d.counts.name = romp_str_n(nullptr, 0);
  return d;
}

}  // namespace detail

/// The destinations whose name begins with `prefix`, by name. Any thread.
inline std::vector<destination> destinations(const romp_host* host, std::string_view prefix = {}) {
  const auto& table = detail::interface_of<romp_destinations>(host, ROMP_DESTINATIONS_ID);
  romp_list_id list = 0;
  std::uint64_t count = 0;
  detail::check(table.list(host, str(prefix), &list, &count), "destinations");
  return detail::rows_of(host, table, list, count, romp_destination{}, detail::destination_of);
}

/// Empties a queue and returns how many messages are gone; wants ROMP_CAP_ADMIN. Any thread.
inline std::uint64_t purge(const romp_host* host, std::string_view name) {
  const auto& table = detail::interface_of<romp_destinations>(host, ROMP_DESTINATIONS_ID);
  std::uint64_t count = 0;
  detail::check(table.purge(host, str(name), &count), "purge");
  return count;
}

/// Who is connected; wants ROMP_CAP_SESSIONS. Any thread.
inline std::vector<session> sessions(const romp_host* host) {
  const auto& table = detail::interface_of<romp_sessions>(host, ROMP_SESSIONS_ID);
  romp_list_id list = 0;
  std::uint64_t count = 0;
  detail::check(table.list(host, romp_str_n(nullptr, 0), &list, &count), "sessions");
  return detail::rows_of(host, table, list, count, romp_session{}, [](const romp_session& raw) {
    return session{raw.id, std::string(view(raw.user)), std::string(view(raw.remote)),
                   raw.transport};
  });
}

/// Ends all sessions of a user and returns how many; wants ROMP_CAP_SESSIONS. Any thread.
inline std::uint64_t close_user(const romp_host* host, std::string_view user,
                                std::string_view reason, closing how = closing::drain) {
  const auto& table = detail::interface_of<romp_sessions>(host, ROMP_SESSIONS_ID);
  std::uint64_t count = 0;
  detail::check(
      table.close_user(host, str(user), static_cast<std::uint32_t>(how), str(reason), &count),
      "close_user");
  return count;
}

}  // namespace v1
}  // namespace romp
