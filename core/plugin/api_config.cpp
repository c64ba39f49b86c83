// SPDX-License-Identifier: Apache-2.0
#include "plugin/host_api.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

constexpr Rule in_hand{always, Mark::main};

/// Only create and reconfigure have settings to read, and only those they were given.
romp_status check_config(const Instance& self, const romp_config* config) {
  if (self.config_in_hand() == nullptr) return ROMP_E_STATE;
  return config == self.config_in_hand() ? ROMP_OK : ROMP_E_INVAL;
}

romp_status config_get(const romp_host* host, const romp_config* config, const char* key,
                       romp_str* out) {
  return entered(host, in_hand, [&](Instance& self) -> romp_status {
    if (const auto s = check_config(self, config); s != ROMP_OK) return s;
    if (key == nullptr || out == nullptr) return ROMP_E_INVAL;
    const auto* value = config->find(key);
    if (value == nullptr) return ROMP_E_NOTFOUND;
    *out = str(value->text);
    return ROMP_OK;
  });
}

romp_status config_int(const romp_host* host, const romp_config* config, const char* key,
                       std::int64_t* out) {
  return entered(host, in_hand, [&](Instance& self) -> romp_status {
    if (const auto s = check_config(self, config); s != ROMP_OK) return s;
    if (key == nullptr || out == nullptr) return ROMP_E_INVAL;
    const auto* value = config->find(key);
    if (value == nullptr) return ROMP_E_NOTFOUND;
    if (!value->number) return ROMP_E_INVAL;
    *out = *value->number;
    return ROMP_OK;
  });
}

romp_status config_at(const romp_host* host, const romp_config* config, std::uint32_t index,
                      romp_str* key, romp_str* value) {
  return entered(host, in_hand, [&](Instance& self) -> romp_status {
    if (const auto s = check_config(self, config); s != ROMP_OK) return s;
    if (key == nullptr || value == nullptr) return ROMP_E_INVAL;
    if (index >= config->values.size()) return ROMP_E_NOTFOUND;
    *key = str(config->values[index].key);
    *value = str(config->values[index].text);
    return ROMP_OK;
  });
}

}  // namespace

void set_config_functions(romp_host& table) noexcept {
  table.config_get = config_get;
  table.config_int = config_int;
  table.config_at = config_at;
}

}  // namespace romp::plugin
