// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <new>

#include "plugin/current.hpp"
#include "plugin/door.hpp"
#include "plugin/extent.hpp"
#include "plugin/instance.hpp"
#include "romp/plugin.h"

/// The functions behind romp_host, one file a subject. All of them go through entered().
namespace romp::plugin {

/// The table, but for what belongs to one instance.
romp_host make_host_table();

// Each sets the functions of its subject.
void set_log_functions(romp_host& table) noexcept;
void set_config_functions(romp_host& table) noexcept;
void set_registration_functions(romp_host& table) noexcept;
void set_frame_functions(romp_host& table) noexcept;
void set_verdict_functions(romp_host& table) noexcept;
void set_session_functions(romp_host& table) noexcept;
void set_task_functions(romp_host& table) noexcept;
void set_metric_functions(romp_host& table) noexcept;
void set_subscription_functions(romp_host& table) noexcept;
void set_interface_functions(romp_host& table) noexcept;
void set_http_functions(romp_host& table) noexcept;

/// resume() of a deferred HTTP request.
romp_status resume_http(Instance& self, romp_defer_id id, romp_verdict verdict);

/// When, from which threads, and with which capability a host function may be called.
struct Rule {
  std::uint8_t states = 0;
  Mark mark = Mark::any;
  std::uint64_t capability = 0;
};

inline constexpr std::uint8_t while_creating = Instance::creating;
inline constexpr std::uint8_t once_created =
    Instance::created | Instance::running | Instance::stopping | Instance::drained;
inline constexpr std::uint8_t always = while_creating | once_created;

/// ROMP_E_STATE, ROMP_E_THREAD, ROMP_E_DENIED, or ROMP_OK.
romp_status check(const Instance& self, const Rule& rule) noexcept;

/// Runs a host function for its instance. Nothing is thrown into the plugin, and an instance that
/// has gone says so.
template <class Body>
romp_status entered(const romp_host* host, const Rule& rule, Body&& body) noexcept {
  try {
    const Door::Visit visit(host);
    if (!visit) return ROMP_E_GONE;
    if (const auto refusal = check(*visit, rule); refusal != ROMP_OK) return refusal;
    return body(*visit);
  } catch (const std::bad_alloc&) {
    return ROMP_E_NOMEM;
  } catch (...) {
    return ROMP_E_FAULT;
  }
}

/// Logs "add_filter: 8 bytes beyond ABI 1.0 are not zero (ROMP_E_TOOBIG)" and returns the status.
romp_status refuse(Instance& self, const char* function, romp_status status,
                   const std::string& problem);

/// The rules "size first" and "unknown is an error" for a struct with flags.
template <class T>
romp_status check_struct(Instance& self, const char* function, const T* given,
                         std::uint32_t known_flags) {
  const auto extent = extent_of(given, sizeof(T));
  if (extent.status != ROMP_OK) return refuse(self, function, extent.status, extent.problem);
  if ((given->flags & ~known_flags) != 0) {
    return refuse(self, function, ROMP_E_INVAL, "unknown flags");
  }
  return ROMP_OK;
}

/// The call whose ctx that is, if its filter of this instance is running on this thread.
Call* call_of(const Instance& self, const romp_ctx* ctx) noexcept;

}  // namespace romp::plugin
