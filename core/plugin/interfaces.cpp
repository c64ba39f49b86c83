// SPDX-License-Identifier: Apache-2.0
#include "plugin/interfaces.hpp"

#include <array>

#include "romp/admin.h"
#include "romp/client.h"
#include "romp/destinations.h"
#include "romp/http.h"
#include "romp/sessions.h"

namespace romp::plugin {
namespace {

struct Interface {
  std::string_view id;
  const void* (*table)() noexcept;
};

constexpr std::array interfaces{
    Interface{ROMP_ADMIN_ID, admin_interface},
    Interface{ROMP_CLIENT_ID, client_interface},
    Interface{ROMP_DESTINATIONS_ID, destinations_interface},
    Interface{ROMP_HTTP_ID, http_interface},
    Interface{ROMP_SESSIONS_ID, sessions_interface},
};

constexpr Rule anywhere{always};

const void* get_interface(const romp_host* host, const char* id) {
  const void* table = nullptr;
  entered(host, anywhere, [&](Instance&) {
    if (id != nullptr) table = find_interface(id);
    return ROMP_OK;
  });
  return table;
}

}  // namespace

const void* find_interface(std::string_view id) noexcept {
  const auto it = std::ranges::find(interfaces, id, &Interface::id);
  return it == interfaces.end() ? nullptr : it->table();
}

std::string names_of_interfaces() {
  std::string names;
  for (const auto& one : interfaces) {
    if (!names.empty()) names += ", ";
    names += one.id;
  }
  return names;
}

void set_interface_functions(romp_host& table) noexcept { table.get_interface = get_interface; }

}  // namespace romp::plugin
