// SPDX-License-Identifier: Apache-2.0
#include "plugin/interfaces.hpp"
#include "romp/admin.h"

namespace romp::plugin {
namespace {

constexpr Rule with_admin{once_created, Mark::any, ROMP_CAP_ADMIN};

/// An instance as it was when it was listed. The descriptor is never unloaded.
struct PluginRow {
  std::string instance;
  const romp_plugin* descriptor = nullptr;
  romp_admin_plugin shown{};
};

/// A filter as it was when it was listed.
struct FilterRow {
  std::string instance, name, destination, header;
  romp_admin_filter shown{};
};

std::uint64_t read(const Counters::Count& count) { return count.load(std::memory_order_relaxed); }

std::uint32_t state_of(const Instance& instance) {
  if (instance.is_disabled()) return ROMP_ADMIN_DISABLED;
  return instance.is_ending() ? ROMP_ADMIN_ENDING : ROMP_ADMIN_RUNNING;
}

PluginRow row_of(Instance& instance) {
  PluginRow row{instance.name(), &instance.descriptor(), {}};
  row.shown = {.size = sizeof(romp_admin_plugin),
               .state = state_of(instance),
               .instance = {},
               .id = romp_str_z(row.descriptor->id),
               .version = romp_str_z(row.descriptor->version),
               .title = romp_str_z(row.descriptor->title),
               .capabilities = instance.capabilities(),
               .filters = instance.filters().size(),
               .faults = 0,
               .openings = instance.breaker().openings(),
               .events_lost = instance.events() == nullptr ? 0 : instance.events()->lost(),
               .retained = instance.retained().size()};
  for (const auto& f : instance.filters()) row.shown.faults += read(f.counters->faults);
  return row;
}

FilterRow row_of(const Filter& filter) {
  const auto& c = *filter.counters;
  FilterRow row{filter.instance->name(), filter.name, filter.destination, filter.header, {}};
  if (filter.prefix) row.destination += '*';
  row.shown = {.size = sizeof(romp_admin_filter),
               .stage = filter.stage,
               .priority = filter.priority,
               .flags = filter.flags,
               .instance = {},
               .name = {},
               .destination = {},
               .header = {},
               .commands = filter.commands,
               .calls = c.calls.value(),
               .handled = read(c.handled),
               .rejected = read(c.rejected),
               .deferred = read(c.deferred),
               .timeouts = read(c.timeouts),
               .faults = read(c.faults),
               .blocked = read(c.blocked),
               .over_budget = read(c.over_budget),
               .sampled_calls = read(c.sampled_calls),
               .sampled_ns = read(c.sampled_ns)};
  return row;
}

template <class List>
romp_status list(const romp_host* host, romp_list_id* out, std::uint64_t* count, List&& rows) {
  return entered(host, with_admin, [&](Instance& self) -> romp_status {
    if (out == nullptr || count == nullptr) return ROMP_E_INVAL;
    return self.snapshots().add(rows(self), *out, *count);
  });
}

romp_status settings(const romp_host* host, romp_list_id* out, std::uint64_t* count) {
  return list(host, out, count,
              [](Instance& self) { return self.environment().gateway.settings(); });
}

romp_status plugins(const romp_host* host, romp_list_id* out, std::uint64_t* count) {
  return list(host, out, count, [](Instance& self) {
    std::vector<PluginRow> rows;
    for (const auto& instance : self.environment().all()) rows.push_back(row_of(*instance));
    return rows;
  });
}

romp_status filters(const romp_host* host, romp_list_id* out, std::uint64_t* count) {
  return list(host, out, count, [](Instance& self) {
    std::vector<Filter> all;
    for (const auto& instance : self.environment().all()) {
      if (instance->is_ending()) continue;
      all.insert(all.end(), instance->filters().begin(), instance->filters().end());
    }
    std::vector<FilterRow> rows;
    const Chain chain(std::move(all));
    for (const auto& filter : chain.filters()) rows.push_back(row_of(filter));
    return rows;
  });
}

template <class Row, class Out, class Make>
romp_status at(const romp_host* host, romp_list_id list, std::uint64_t index, Out* out,
               Make&& make) {
  return entered(host, with_admin, [&](Instance& self) -> romp_status {
    return fill_at<Row>(self, list, index, out, make);
  });
}

romp_status setting_at(const romp_host* host, romp_list_id list, std::uint64_t index,
                       romp_admin_setting* out) {
  return at<SettingRow>(host, list, index, out, [](const SettingRow& row) -> romp_admin_setting {
    return {.size = sizeof(romp_admin_setting),
            .reserved = 0,
            .section = str(row.section),
            .key = str(row.key),
            .value = str(row.value),
            .help = str(row.help)};
  });
}

romp_status plugin_at(const romp_host* host, romp_list_id list, std::uint64_t index,
                      romp_admin_plugin* out) {
  return at<PluginRow>(host, list, index, out, [](const PluginRow& row) {
    auto shown = row.shown;
    shown.instance = str(row.instance);
    return shown;
  });
}

romp_status filter_at(const romp_host* host, romp_list_id list, std::uint64_t index,
                      romp_admin_filter* out) {
  return at<FilterRow>(host, list, index, out, [](const FilterRow& row) {
    auto shown = row.shown;
    shown.instance = str(row.instance);
    shown.name = str(row.name);
    if (!row.destination.empty()) shown.destination = str(row.destination);
    if (!row.header.empty()) shown.header = str(row.header);
    return shown;
  });
}

romp_status release(const romp_host* host, romp_list_id list) {
  return entered(host, with_admin, [&](Instance& self) { return release_list(self, list); });
}

romp_status reload(const romp_host* host) {
  return entered(host, with_admin,
                 [](Instance& self) { return self.environment().gateway.reload(); });
}

}  // namespace

const void* admin_interface() noexcept {
  static constexpr romp_admin table{sizeof(romp_admin), 0,       settings,  setting_at, plugins,
                                    plugin_at,          filters, filter_at, release,    reload};
  return &table;
}

}  // namespace romp::plugin
