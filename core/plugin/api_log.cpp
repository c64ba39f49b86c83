// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"
#include "plugin/host_api.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

constexpr Rule anywhere{always};

void log(const romp_host* host, std::uint32_t level, romp_str text) {
  entered(host, anywhere, [&](Instance& self) {
    if (sound(text)) self.log(level, view(text));
    return ROMP_OK;
  });
}

std::int32_t log_enabled(const romp_host* host, std::uint32_t level) {
  const auto status = entered(host, anywhere, [&](Instance&) {
    const bool known = level <= ROMP_LOG_ERROR;
    return known && base::log::enabled(static_cast<base::log::Level>(level)) ? ROMP_OK
                                                                             : ROMP_E_NOTFOUND;
  });
  return status == ROMP_OK ? 1 : 0;
}

romp_status fail(const romp_host* host, romp_status why, romp_str text) {
  const auto status = entered(host, anywhere, [&](Instance& self) {
    if (!sound(text)) return ROMP_OK;
    if (current.instance == &self) {
      current.say_why(view(text));
    } else {
      self.log(ROMP_LOG_ERROR, view(text));  // no callback here that it could go with
    }
    return ROMP_OK;
  });
  return status == ROMP_E_GONE ? status : why;
}

}  // namespace

void set_log_functions(romp_host& table) noexcept {
  table.log = log;
  table.log_enabled = log_enabled;
  table.fail = fail;
}

}  // namespace romp::plugin
