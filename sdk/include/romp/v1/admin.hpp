// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/admin.h>
#include <romp/v1/interfaces.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace romp {
inline namespace v1 {

/// One option of the broker's configuration, as it is in force. A secret is masked.
struct setting {
  std::string section;
  std::string key;
  std::string value;
  std::string help;
};

/// One instance of a plugin, as romp_admin_plugin, with its own texts.
struct instance {
  std::string name;
  std::string id;
  std::string version;
  std::string title;
  romp_admin_plugin counts{};
};

/// One filter in the order of the chain, as romp_admin_filter, with its own texts.
struct chained_filter {
  std::string instance;
  std::string name;
  std::string destination;  ///< empty: any
  std::string header;       ///< empty: not asked for
  romp_admin_filter counts{};
};

namespace detail {

/// The lists of romp.admin/1 share one release().
template <class Row>
struct admin_list {
  romp_status (*at)(const romp_host*, romp_list_id, std::uint64_t, Row*);
  romp_status (*release)(const romp_host*, romp_list_id);
};

inline setting setting_of(const romp_admin_setting& raw) {
  return {std::string(view(raw.section)), std::string(view(raw.key)), std::string(view(raw.value)),
          std::string(view(raw.help))};
}

inline instance instance_of(const romp_admin_plugin& raw) {
  instance i{std::string(view(raw.instance)), std::string(view(raw.id)),
             std::string(view(raw.version)), std::string(view(raw.title)), raw};
  i.counts.instance = i.counts.id = i.counts.version = i.counts.title = romp_str_n(nullptr, 0);
  return i;
}

inline chained_filter chained_filter_of(const romp_admin_filter& raw) {
  chained_filter f{std::string(view(raw.instance)), std::string(view(raw.name)),
                   std::string(view(raw.destination)), std::string(view(raw.header)), raw};
  f.counts.instance = f.counts.name = f.counts.destination = f.counts.header =
      romp_str_n(nullptr, 0);
  return f;
}

/// Takes a list by `take`, and its rows by `at`.
template <class Row, class Make>
auto admin_rows(const romp_host* host, const char* what,
                romp_status (*romp_admin::*take)(const romp_host*, romp_list_id*, std::uint64_t*),
                romp_status (*romp_admin::*at)(const romp_host*, romp_list_id, std::uint64_t, Row*),
                Make&& make) {
  const auto& table = interface_of<romp_admin>(host, ROMP_ADMIN_ID);
  romp_list_id list = 0;
  std::uint64_t count = 0;
  check((table.*take)(host, &list, &count), what);
  return rows_of(host, admin_list<Row>{table.*at, table.release}, list, count, Row{}, make);
}

}  // namespace detail

// All of it wants ROMP_CAP_ADMIN. Any thread.

/// The options of the broker's configuration.
inline std::vector<setting> settings(const romp_host* host) {
  return detail::admin_rows(host, "settings", &romp_admin::settings, &romp_admin::setting_at,
                            detail::setting_of);
}

/// The instances of all plugins, by name.
inline std::vector<instance> instances(const romp_host* host) {
  return detail::admin_rows(host, "instances", &romp_admin::plugins, &romp_admin::plugin_at,
                            detail::instance_of);
}

/// The filters of all running instances.
inline std::vector<chained_filter> filters(const romp_host* host) {
  return detail::admin_rows(host, "filters", &romp_admin::filters, &romp_admin::filter_at,
                            detail::chained_filter_of);
}

/// Asks the broker to read its configuration again, as SIGHUP does. What came of it is in the log.
inline void reload(const romp_host* host) {
  detail::check(detail::interface_of<romp_admin>(host, ROMP_ADMIN_ID).reload(host), "reload");
}

}  // namespace v1
}  // namespace romp
