// SPDX-License-Identifier: Apache-2.0
#include "session/filters.hpp"

#include "base/log.hpp"
#include "session/roster.hpp"

namespace romp::session {
namespace {

std::int64_t nanoseconds(base::Time time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

plugin::Call& call_of(Connection& connection, Step& step) {
  const bool may_defer = connection.roster().chain().may_defer(step.frame().command);
  if (may_defer && !step.is_held()) step.hold();
  auto& roster = connection.roster();
  return step.call(connection.peer(), nanoseconds(roster.now()), roster.calls());
}

Passed act_on(const plugin::Outcome& outcome, Connection& connection, Step& step,
              std::uint32_t stage, plugin::Call& call) {
  switch (outcome.verdict) {
    case ROMP_HANDLED:
      if (connection.session() != nullptr) connection.send_receipt(step.receipt());
      return Passed::handled;
    case ROMP_REJECT:
      reject(connection, step, call.reply, call.log, call.fatal);
      return Passed::rejected;
    case ROMP_DEFER:
      step.stage = stage;
      step.behind = plugin::Chain::standing_of(*outcome.filter);
      connection.defer(std::move(step), call.deferred);
      return Passed::deferred;
    default:
      return Passed::on;
  }
}

}  // namespace

Passed pass_filters(Connection& connection, Step& step, std::uint32_t stage) {
  const plugin::Chain& chain = connection.roster().chain();
  if (step.stage > stage) return Passed::on;
  const std::size_t begin = step.stage == stage && step.behind
                                ? chain.behind(stage, step.frame().command, *step.behind)
                                : 0;
  const auto from = chain.first_for(stage, step.frame(), begin);
  if (from == plugin::Chain::none) return Passed::on;
  plugin::Call& call = call_of(connection, step);
  return act_on(chain.run(stage, call, from), connection, step, stage, call);
}

Passed pass_early_filters(Connection& connection, Step& step, std::size_t body_size) {
  constexpr std::uint32_t stage = ROMP_STAGE_FRAME;
  const plugin::Chain& chain = connection.roster().chain();
  if (!chain.wants(stage, step.frame().command)) return Passed::on;
  const auto from = chain.first_for(stage, step.frame());
  const auto end = chain.first_to_wait(stage, step.frame());
  if (from == end) return Passed::on;
  plugin::Call& call = call_of(connection, step);
  call.body_pending = true;
  call.pending_size = body_size;
  const auto outcome = chain.run(stage, call, from, end);
  call.body_pending = false;
  step.stage = end == plugin::Chain::none ? stage + 1 : stage;
  if (end != plugin::Chain::none) {
    step.behind = chain.standing_at(stage, step.frame().command, end - 1);
  }
  return act_on(outcome, connection, step, stage, call);
}

void reject(Connection& connection, const Step& step, const std::string& reply,
            const std::string& log, bool fatal) {
  if (!log.empty()) {
    base::log::warning(connection.peer().remote + ": " + std::string(step.frame().word) +
                       " rejected: " + log);
  }
  const std::string text = reply.empty() ? "rejected" : reply;
  connection.send_error(text, step.receipt(), text);
  if (fatal) connection.finish();
}

}  // namespace romp::session
