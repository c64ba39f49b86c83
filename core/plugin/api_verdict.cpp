// SPDX-License-Identifier: Apache-2.0
#include "plugin/host_api.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

constexpr Rule in_filter{once_created, Mark::session};
constexpr Rule anywhere{once_created};

romp_status check_error(Instance& self, const char* function, const romp_error* error) {
  if (error == nullptr) return ROMP_OK;
  if (const auto s = check_struct(self, function, error, ROMP_ERR_FATAL); s != ROMP_OK) return s;
  return sound(error->reply) && sound(error->log) ? ROMP_OK : ROMP_E_INVAL;
}

std::string log_of(const romp_error& error) {
  return std::string(view(error.log.data == nullptr ? error.reply : error.log));
}

romp_verdict reject(const romp_host* host, const romp_ctx* ctx, const romp_error* error) {
  const auto status = entered(host, in_filter, [&](Instance& self) -> romp_status {
    auto* call = call_of(self, ctx);
    if (call == nullptr) return ROMP_E_INVAL;
    if (const auto s = check_error(self, "reject", error); s != ROMP_OK) return s;
    if (error == nullptr) return ROMP_OK;
    call->has_answer = true;
    call->reply = view(error->reply);
    call->log = log_of(*error);
    call->fatal = (error->flags & ROMP_ERR_FATAL) != 0;
    return ROMP_OK;
  });
  return status == ROMP_OK ? ROMP_REJECT : status;
}

romp_status defer(const romp_host* host, const romp_ctx* ctx, romp_defer_id* out) {
  return entered(host, in_filter, [&](Instance& self) -> romp_status {
    auto* call = call_of(self, ctx);
    if (call == nullptr || out == nullptr) return ROMP_E_INVAL;
    if (!call->filter->may(ROMP_FILTER_MAY_DEFER)) return ROMP_E_DENIED;
    if (call->deferred != 0) return ROMP_E_EXISTS;
    auto keep = call->owner.lock();
    if (!keep) return ROMP_E_STATE;
    const auto status =
        self.environment().deferrals.open({&self, call->peer.id, call->filter->stage,
                                           call->filter->original, call, std::move(keep), true},
                                          call->deferred);
    if (status != ROMP_OK) return status;
    call->has_answer = true;
    *out = call->deferred;
    return ROMP_OK;
  });
}

Resumption resumption_of(romp_verdict verdict, const romp_error* error) {
  Resumption how{verdict, {}, {}, false};
  if (verdict != ROMP_REJECT || error == nullptr) return how;
  how.reply = view(error->reply);
  how.log = log_of(*error);
  how.fatal = (error->flags & ROMP_ERR_FATAL) != 0;
  return how;
}

/// Verdicts that say, or are, a failure of the plugin.
std::string fault_of(romp_verdict verdict, const Deferral& deferral) {
  if (verdict < 0) return "failed (" + std::to_string(verdict) + ") while it deferred";
  const bool nobody = verdict == ROMP_HANDLED && deferral.stage == ROMP_STAGE_AUTH &&
                      !deferral.call->authenticate_called;
  return nobody ? "resumed with HANDLED without authenticate()" : "";
}

void count(romp_verdict verdict, Counters& counters) noexcept {
  if (verdict == ROMP_HANDLED) Counters::count(counters.handled);
  if (verdict == ROMP_REJECT) Counters::count(counters.rejected);
}

romp_status resume(const romp_host* host, romp_defer_id id, romp_verdict verdict,
                   const romp_error* error) {
  return entered(host, anywhere, [&](Instance& self) -> romp_status {
    if (verdict >= ROMP_DEFER) return ROMP_E_INVAL;
    if (const auto s = check_error(self, "resume", error); s != ROMP_OK) return s;
    if (HttpDeferrals::is_one(id)) return resume_http(self, id, verdict);
    const auto deferral = self.environment().deferrals.take(self, id);
    if (!deferral) return ROMP_E_GONE;
    auto how = resumption_of(verdict, error);
    if (const auto fault = fault_of(verdict, *deferral); !fault.empty()) {
      self.fault(*deferral->filter, fault);
      how = self.resumption_after_fault(*deferral->filter);
    } else {
      count(verdict, *deferral->filter->counters);
    }
    if (how.verdict == ROMP_REJECT && how.reply.empty()) {
      how.reply = "plugin " + in_quotes(self.name()) + " refused the frame";
    }
    return self.environment().gateway.resume(deferral->session, id, std::move(how));
  });
}

}  // namespace

void set_verdict_functions(romp_host& table) noexcept {
  table.reject = reject;
  table.defer = defer;
  table.resume = resume;
}

}  // namespace romp::plugin
