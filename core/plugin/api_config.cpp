// SPDX-License-Identifier: Apache-2.0
#include "plugin/host_api.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

constexpr Rule in_create{while_creating, Mark::main};

romp_status config_get(const romp_host* host, const romp_config* config, const char* key,
                       romp_str* out) {
  return entered(host, in_create, [&](Instance& self) -> romp_status {
    if (config != &self.config() || key == nullptr || out == nullptr) return ROMP_E_INVAL;
    const auto* value = config->find(key);
    if (value == nullptr) return ROMP_E_NOTFOUND;
    *out = str(value->text);
    return ROMP_OK;
  });
}

romp_status config_int(const romp_host* host, const romp_config* config, const char* key,
                       std::int64_t* out) {
  return entered(host, in_create, [&](Instance& self) -> romp_status {
    if (config != &self.config() || key == nullptr || out == nullptr) return ROMP_E_INVAL;
    const auto* value = config->find(key);
    if (value == nullptr) return ROMP_E_NOTFOUND;
    if (!value->number) return ROMP_E_INVAL;
    *out = *value->number;
    return ROMP_OK;
  });
}

romp_status config_at(const romp_host* host, const romp_config* config, std::uint32_t index,
                      romp_str* key, romp_str* value) {
  return entered(host, in_create, [&](Instance& self) -> romp_status {
    if (config != &self.config() || key == nullptr || value == nullptr) return ROMP_E_INVAL;
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
