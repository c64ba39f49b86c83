// SPDX-License-Identifier: Apache-2.0
#include "plugin/interfaces.hpp"
#include "romp/destinations.h"

namespace romp::plugin {
namespace {

constexpr Rule anywhere{once_created};
constexpr Rule with_admin{once_created, Mark::any, ROMP_CAP_ADMIN};

/// A destination as it was when it was listed.
struct Row {
  std::string name;
  std::uint32_t flags = 0;
  broker::Counts counts;
};

Row row_of(const broker::Destination& destination) {
  std::uint32_t flags = 0;
  if (destination.is_queue()) flags |= ROMP_DESTINATION_QUEUE;
  if (destination.owner() != 0) flags |= ROMP_DESTINATION_TEMPORARY;
  if (!destination.is_on_demand()) flags |= ROMP_DESTINATION_DECLARED;
  return {destination.name(), flags, destination.counts()};
}

romp_destination shown(const Row& row) {
  const auto& c = row.counts;
  return {.size = sizeof(romp_destination),
          .flags = row.flags,
          .name = str(row.name),
          .subscriptions = c.subscriptions,
          .waiting = c.waiting,
          .in_flight = c.in_flight,
          .published = c.published,
          .delivered = c.delivered,
          .dropped = c.dropped,
          .expired = c.expired,
          .dead_lettered = c.dead_lettered,
          .refused = c.refused};
}

romp_status list(const romp_host* host, romp_str prefix, romp_list_id* out, std::uint64_t* count) {
  return entered(host, anywhere, [&](Instance& self) -> romp_status {
    if (out == nullptr || count == nullptr || !sound(prefix)) return ROMP_E_INVAL;
    std::vector<Row> rows;
    for (const auto& destination : self.environment().gateway.destinations()) {
      if (destination->name().starts_with(view(prefix))) rows.push_back(row_of(*destination));
    }
    std::ranges::sort(rows, {}, &Row::name);
    return self.snapshots().add(std::move(rows), *out, *count);
  });
}

romp_status at(const romp_host* host, romp_list_id list, std::uint64_t index,
               romp_destination* out) {
  return entered(host, anywhere, [&](Instance& self) -> romp_status {
    return fill_at<Row>(self, list, index, out, shown);
  });
}

romp_status release(const romp_host* host, romp_list_id list) {
  return entered(host, anywhere, [&](Instance& self) { return release_list(self, list); });
}

romp_status get(const romp_host* host, romp_str name, romp_destination* out) {
  return entered(host, anywhere, [&](Instance& self) -> romp_status {
    if (!sound(name)) return ROMP_E_INVAL;
    const auto destination = self.environment().gateway.destination(view(name));
    if (!destination) return ROMP_E_NOTFOUND;
    auto made = shown(row_of(*destination));
    made.name = name;
    return fill(out, made);
  });
}

romp_status purge(const romp_host* host, romp_str name, std::uint64_t* count) {
  return entered(host, with_admin, [&](Instance& self) -> romp_status {
    if (!sound(name) || count == nullptr) return ROMP_E_INVAL;
    const auto destination = self.environment().gateway.destination(view(name));
    if (!destination) return ROMP_E_NOTFOUND;
    *count = destination->purge();
    return ROMP_OK;
  });
}

}  // namespace

const void* destinations_interface() noexcept {
  static constexpr romp_destinations table{
      sizeof(romp_destinations), 0, list, at, release, get, purge};
  return &table;
}

}  // namespace romp::plugin
