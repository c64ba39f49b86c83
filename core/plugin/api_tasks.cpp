// SPDX-License-Identifier: Apache-2.0
#include "plugin/host_api.hpp"

namespace romp::plugin {
namespace {

constexpr Rule anywhere{once_created};
constexpr std::int64_t shortest_period_ns = 1'000'000;

romp_status post(const romp_host* host, romp_task task, void* arg) {
  return entered(host, anywhere, [&](Instance& self) -> romp_status {
    return task == nullptr ? ROMP_E_INVAL : self.tasks().post({task, arg});
  });
}

romp_status post_worker(const romp_host* host, romp_task task, void* arg) {
  return entered(host, anywhere, [&](Instance& self) -> romp_status {
    return task == nullptr ? ROMP_E_INVAL : self.tasks().post_worker({task, arg});
  });
}

romp_status timer_start(const romp_host* host, std::int64_t after_ns, std::int64_t every_ns,
                        romp_task task, void* arg, romp_timer_id* out) {
  return entered(host, anywhere, [&](Instance& self) -> romp_status {
    if (task == nullptr || out == nullptr || after_ns < 0 || every_ns < 0) return ROMP_E_INVAL;
    if (every_ns != 0 && every_ns < shortest_period_ns) {
      return refuse(self, "timer_start", ROMP_E_INVAL, "every_ns is below a millisecond");
    }
    return self.tasks().start_timer(base::Duration(after_ns), base::Duration(every_ns), {task, arg},
                                    *out);
  });
}

romp_status timer_stop(const romp_host* host, romp_timer_id timer) {
  return entered(host, anywhere,
                 [&](Instance& self) -> romp_status { return self.tasks().stop_timer(timer); });
}

}  // namespace

void set_task_functions(romp_host& table) noexcept {
  table.post = post;
  table.post_worker = post_worker;
  table.timer_start = timer_start;
  table.timer_stop = timer_stop;
}

}  // namespace romp::plugin
