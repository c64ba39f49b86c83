// SPDX-License-Identifier: Apache-2.0
#include "plugin/host_api.hpp"

#include <string>
#include <string_view>

#include "base/version.hpp"

namespace romp::plugin {
namespace {

std::string_view name_of_status(romp_status status) {
  switch (status) {
    case ROMP_E_INVAL:
      return "ROMP_E_INVAL";
    case ROMP_E_DENIED:
      return "ROMP_E_DENIED";
    case ROMP_E_TOOBIG:
      return "ROMP_E_TOOBIG";
    case ROMP_E_EXISTS:
      return "ROMP_E_EXISTS";
    default:
      return "refused";
  }
}

}  // namespace

romp_host make_host_table() {
  static const std::string host_version = std::string("romp/") + base::version;
  romp_host table{};
  table.size = sizeof table;
  table.abi = ROMP_ABI(ROMP_ABI_MAJOR, ROMP_ABI_MINOR);
  table.version = host_version.c_str();
  set_log_functions(table);
  set_config_functions(table);
  set_registration_functions(table);
  set_frame_functions(table);
  set_verdict_functions(table);
  set_session_functions(table);
  set_task_functions(table);
  set_metric_functions(table);
  set_subscription_functions(table);
  set_interface_functions(table);
  set_http_functions(table);
  return table;
}

romp_status check(const Instance& self, const Rule& rule) noexcept {
  if ((self.state() & rule.states) == 0) return ROMP_E_STATE;
  if (rule.mark != Mark::any && (current.mark != rule.mark || current.instance != &self)) {
    return ROMP_E_THREAD;
  }
  return self.has(rule.capability) ? ROMP_OK : ROMP_E_DENIED;
}

romp_status refuse(Instance& self, const char* function, romp_status status,
                   const std::string& problem) {
  self.complain(std::string(function) + ": " + problem + " (" +
                std::string(name_of_status(status)) + ")");
  return status;
}

Call* call_of(const Instance& self, const romp_ctx* ctx) noexcept {
  if (current.instance != &self || current.call == nullptr) return nullptr;
  return ctx == &current.call->context ? current.call : nullptr;
}

}  // namespace romp::plugin
