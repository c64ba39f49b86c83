// SPDX-License-Identifier: Apache-2.0
#include "session/filters.hpp"

#include "base/log.hpp"
#include "session/roster.hpp"

namespace romp::session {
namespace {

std::int64_t nanoseconds(base::Time time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

bool may_be_deferred(const plugin::Chain& chain, stomp::Command command) {
  for (std::uint32_t stage = 0; stage < plugin::Chain::stages; ++stage) {
    if (chain.may_defer(stage, command)) return true;
  }
  return false;
}

}  // namespace

Passed pass_filters(Connection& connection, Step& step, std::uint32_t stage) {
  Roster& roster = connection.roster();
  const plugin::Chain& chain = roster.chain();
  const auto command = step.frame().command;
  if (step.stage > stage || !chain.wants(stage, command)) return Passed::on;
  const std::size_t from = step.stage == stage ? step.from : 0;
  if (!step.is_held() && may_be_deferred(chain, command)) step.hold();

  plugin::Call& call = step.call(connection.peer(), nanoseconds(roster.now()));
  const plugin::Outcome outcome = chain.run(stage, call, from);
  switch (outcome.verdict) {
    case ROMP_HANDLED:
      if (connection.session() != nullptr) connection.send_receipt(step.receipt());
      return Passed::handled;
    case ROMP_REJECT:
      reject(connection, step, call.reply, call.log, call.fatal);
      return Passed::rejected;
    case ROMP_DEFER:
      step.stage = stage;
      step.from = outcome.at + 1;
      connection.defer(std::move(step), call.deferred);
      return Passed::deferred;
    default:
      return Passed::on;
  }
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
