// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "plugin/host_api.hpp"
#include "plugin/snapshots.hpp"
#include "plugin/text.hpp"

/// The interfaces that get_interface offers.
namespace romp::plugin {

/// Null when there is none of that id.
const void* find_interface(std::string_view id) noexcept;
/// "romp.admin/1, romp.destinations/1".
std::string names_of_interfaces();

// One file each.
const void* destinations_interface() noexcept;
const void* sessions_interface() noexcept;
const void* admin_interface() noexcept;
const void* http_interface() noexcept;
const void* client_interface() noexcept;

/// Fills a struct of the caller's, who says how large it is: a newer plugin's is left alone behind
/// what this host knows.
template <class Out>
romp_status fill(Out* out, const Out& row) {
  if (out == nullptr) return ROMP_E_INVAL;
  const auto size = out->size;
  if (size < sizeof(Out) || size > extent_limit) return ROMP_E_INVAL;
  *out = row;
  out->size = size;
  return ROMP_OK;
}

/// Entry `index` of a list, by a function that makes the caller's struct of a row.
template <class Row, class Out, class Make>
romp_status fill_at(Instance& self, romp_list_id list, std::uint64_t index, Out* out, Make&& make) {
  const auto rows = self.snapshots().find<Row>(list);
  if (rows == nullptr) return ROMP_E_GONE;
  if (index >= rows->size()) return ROMP_E_NOTFOUND;
  return fill(out, make((*rows)[index]));
}

inline romp_status release_list(Instance& self, romp_list_id list) {
  return self.snapshots().release(list) ? ROMP_OK : ROMP_E_GONE;
}

}  // namespace romp::plugin
