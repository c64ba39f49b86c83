// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/v1/fake_client_table.hpp>
#include <romp/v1/fake_http_table.hpp>
#include <romp/v1/fake_lists.hpp>

// Included by romp/fake_host.hpp only: romp.admin/1, and who offers what.

namespace romp {

/// The one instance there is, its filters, and the settings that the test has made up.
struct fake_admin_table : fake_lists {
  /// A filter as it was when it was listed.
  struct filter_row {
    fake_host::filter filter;
    std::string instance;
  };

  template <class Rows>
  static romp_status list(host_ptr h, romp_list_id* out, std::uint64_t* count, Rows&& rows) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.may_use(ROMP_CAP_ADMIN); s != ROMP_OK) return s;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    return add(host, rows(host), out, count);
  }
  static romp_status settings(host_ptr h, romp_list_id* out, std::uint64_t* count) {
    return list(h, out, count, [](fake_host& host) { return host.settings; });
  }
  static romp_status setting_at(host_ptr h, romp_list_id id, std::uint64_t index,
                                romp_admin_setting* out) {
    return at<fake_setting>(h, ROMP_CAP_ADMIN, id, index, out, [](const fake_setting& s) {
      return romp_admin_setting{
          sizeof(romp_admin_setting), 0, str(s.section), str(s.key), str(s.value), str(s.help)};
    });
  }
  static romp_admin_plugin plugin_row(const fake_host& host) {
    romp_admin_plugin row{};
    row.size = sizeof row;
    row.state = ROMP_ADMIN_RUNNING;
    row.instance = romp_str_z(host.table_.instance);
    row.id = romp_str_z(host.plugin_->id);
    row.version = romp_str_z(host.plugin_->version);
    row.title = romp_str_z(host.plugin_->title);
    row.capabilities = host.plugin_->capabilities;
    row.filters = host.filters_.size();
    for (const auto& f : host.filters_) row.faults += f.counts.faults;
    row.retained = static_cast<std::uint64_t>(host.retained);
    return row;
  }
  static romp_status plugins(host_ptr h, romp_list_id* out, std::uint64_t* count) {
    return list(h, out, count,
                [](fake_host& host) { return std::vector<romp_admin_plugin>{plugin_row(host)}; });
  }
  static romp_status plugin_at(host_ptr h, romp_list_id id, std::uint64_t index,
                               romp_admin_plugin* out) {
    return at<romp_admin_plugin>(h, ROMP_CAP_ADMIN, id, index, out,
                                 [](const romp_admin_plugin& row) { return row; });
  }
  static romp_status filters(host_ptr h, romp_list_id* out, std::uint64_t* count) {
    return list(h, out, count, [](fake_host& host) {
      std::vector<filter_row> rows;
      for (const auto& f : host.filters_) rows.push_back({f, host.table_.instance});
      return rows;
    });
  }
  static romp_status filter_at(host_ptr h, romp_list_id id, std::uint64_t index,
                               romp_admin_filter* out) {
    return at<filter_row>(h, ROMP_CAP_ADMIN, id, index, out, [](const filter_row& shown) {
      const fake_host::filter& f = shown.filter;
      romp_admin_filter row = f.counts;
      row.size = sizeof row;
      row.stage = f.raw.stage;
      row.priority = f.raw.priority;
      row.flags = f.raw.flags;
      row.instance = str(shown.instance);
      row.name = str(f.name);
      if (f.raw.destination) row.destination = str(f.destination);
      if (f.raw.header) row.header = str(f.header);
      row.commands = f.raw.commands;
      return row;
    });
  }
  static romp_status reload(host_ptr h) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.may_use(ROMP_CAP_ADMIN); s != ROMP_OK) return s;
    ++host.reloads;
    return host.answer("reload");
  }
  static const void* table() {
    static constexpr romp_admin all{sizeof all, 0,        &settings,  &setting_at, &plugins,
                                    &plugin_at, &filters, &filter_at, &release,    &reload};
    return &all;
  }
};

inline const void* fake_host::interface_of(std::string_view id) const {
  if (absent.count(std::string(id)) != 0) return nullptr;
  if (id == ROMP_ADMIN_ID) return fake_admin_table::table();
  if (id == ROMP_CLIENT_ID) return fake_client_table::table();
  if (id == ROMP_DESTINATIONS_ID) return fake_destinations_table::table();
  if (id == ROMP_HTTP_ID) return fake_http_table::later();
  if (id == ROMP_SESSIONS_ID) return fake_sessions_table::table();
  return nullptr;
}

/// What a broker says before create of a plugin that needs what it has not; "" where it has all.
inline std::string fake_host::missing_interface() const {
  for (const char* const* id = plugin_->needs; id && *id; ++id) {
    if (!interface_of(*id)) return std::string("needs interface ") + *id;
  }
  return {};
}

inline romp_status fake_host::may_use(std::uint64_t capability) const {
  if (state_ == state::creating) return ROMP_E_STATE;
  if (state_ == state::gone) return ROMP_E_GONE;
  return capability == 0 || may(capability) ? ROMP_OK : ROMP_E_DENIED;
}

}  // namespace romp
