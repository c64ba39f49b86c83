// SPDX-License-Identifier: Apache-2.0
#include "plugin/chain.hpp"

#include <algorithm>
#include <tuple>

#include "plugin/showing.hpp"
#include "plugin/text.hpp"
#include "plugin/walk.hpp"

namespace romp::plugin {
namespace {

constexpr std::uint64_t timed_calls = 64;

bool fits(const Filter& filter, const stomp::Frame& frame) noexcept {
  if (!filter.any_destination) {
    const auto destination = frame.find(stomp::Name::destination);
    if (destination.data() == nullptr) return false;
    if (filter.prefix ? !destination.starts_with(filter.destination)
                      : destination != filter.destination) {
      return false;
    }
  }
  return filter.header.empty() || frame.find(filter.header).data() != nullptr;
}

bool matches(const Filter& filter, const stomp::Frame& frame) noexcept {
  return filter.any_frame || fits(filter, frame);
}

void clear_answer(Call& call) {
  call.has_answer = false;
  call.deferred = 0;
  call.reply.clear();
  call.log.clear();
  call.fatal = false;
  call.authenticated.clear();
  call.authenticate_called = false;
}

romp_verdict ask_timed(const Filter& filter, Call& call) {
  const auto begin = base::Clock::now();
  const auto verdict = filter.on_frame(filter.user, &call.context, &call.view);
  const auto took = base::Clock::now() - begin;
  Counters::count(filter.counters->sampled_calls);
  Counters::count(filter.counters->sampled_ns, static_cast<std::uint64_t>(took.count()));
  if (took > filter.instance->budget()) filter.instance->over_budget(filter, took);
  return verdict;
}

romp_verdict ask(const Filter& filter, Call& call, std::size_t thread) {
  const auto before = filter.counters->calls.add(thread);
  return before % timed_calls == 0 ? ask_timed(filter, call)
                                   : filter.on_frame(filter.user, &call.context, &call.view);
}

std::string failure(romp_verdict status, const std::string& why) {
  const std::string text = "failed (" + std::to_string(status) + ")";
  return why.empty() ? text : text + ": " + why;
}

/// Verdicts that are none, or that the filter may not give.
std::string fault_of(romp_verdict verdict, const Filter& filter, const Call& call,
                     const std::string& why) {
  if (verdict < 0) return failure(verdict, why);
  switch (verdict) {
    case ROMP_CONTINUE:
    case ROMP_REJECT:
      return {};
    case ROMP_HANDLED:
      if (filter.stage != ROMP_STAGE_AUTH || call.authenticate_called) return {};
      return "returned HANDLED without authenticate()";
    case ROMP_DEFER:
      if ((filter.flags & ROMP_FILTER_MAY_DEFER) == 0) {
        return "returned DEFER without ROMP_FILTER_MAY_DEFER";
      }
      return call.deferred == 0 ? "returned DEFER without defer()" : "";
    default:
      return "returned " + std::to_string(verdict) + ", which is no verdict";
  }
}

void count(romp_verdict verdict, Counters& counters) noexcept {
  if (verdict == ROMP_HANDLED) Counters::count(counters.handled);
  if (verdict == ROMP_REJECT) Counters::count(counters.rejected);
  if (verdict == ROMP_DEFER) Counters::count(counters.deferred);
}

romp_verdict verdict_after_fault(const Filter& filter, Call& call) {
  clear_answer(call);
  if (filter.instance->fails_open(filter)) return ROMP_CONTINUE;
  call.has_answer = true;
  call.reply = filter.instance->failure_text();
  return ROMP_REJECT;
}

romp_verdict on_fault(const Filter& filter, Call& call, const std::string& fault) {
  filter.instance->fault(filter, fault);
  return verdict_after_fault(filter, call);
}

/// The instance takes no calls, perhaps since it fails too often.
romp_verdict verdict_unasked(const Filter& filter, Call& call) {
  if (!filter.instance->breaker().seems_open()) {
    return on_fault(filter, call, "it takes no more calls");
  }
  Counters::count(filter.counters->blocked);
  return filter.instance->is_disabled() ? ROMP_CONTINUE : verdict_after_fault(filter, call);
}

/// What a verdict comes to that is not a mere CONTINUE, as few are.
romp_verdict judge(const Filter& filter, Call& call, romp_verdict verdict, const std::string& fault,
                   Instance::Walk& walk) {
  walk.leave();
  if (call.deferred != 0 && (verdict != ROMP_DEFER || !fault.empty())) {
    filter.instance->environment().deferrals.cancel(call.deferred);
    call.deferred = 0;
  }
  if (!fault.empty()) return on_fault(filter, call, fault);
  count(verdict, *filter.counters);
  if (verdict == ROMP_CONTINUE) clear_answer(call);
  if (verdict == ROMP_REJECT && call.reply.empty()) {
    call.has_answer = true;
    call.reply = "plugin " + in_quotes(filter.instance->name()) + " refused the frame";
  }
  return verdict;
}

romp_verdict verdict_of(const Filter& filter, Call& call, bool resumed, Instance::Walk& walk) {
  show(call, filter, resumed);
  if (!walk.enter(filter)) return verdict_unasked(filter, call);
  romp_verdict verdict = ROMP_E_FAULT;
  try {
    verdict = ask(filter, call, walk.thread());
  } catch (const std::exception& e) {
    return judge(filter, call, verdict, std::string("threw an exception: ") + e.what(), walk);
  } catch (...) {
    return judge(filter, call, verdict, "threw an exception", walk);
  }
  if (verdict == ROMP_CONTINUE && !call.has_answer) return verdict;
  return judge(filter, call, verdict, fault_of(verdict, filter, call, walk.why()), walk);
}

}  // namespace

Chain::Chain(std::vector<Filter> filters, std::vector<std::shared_ptr<Instance>> instances)
    : instances_(std::move(instances)), filters_(std::move(filters)) {
  std::ranges::stable_sort(filters_, {}, [](const Filter& f) {
    return std::tuple(f.stage, f.priority, std::string_view(f.instance->id()),
                      std::string_view(f.instance->name()));
  });
  for (auto& filter : filters_) {
    filter.any_frame = filter.any_destination && filter.header.empty();
    slots_ = std::max(slots_, filter.slot + 1);
    add(filter);
  }
}

void Chain::add(const Filter& filter) {
  auto& order = order_[filter.stage];
  order.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    if ((filter.commands & ROMP_MASK(row)) == 0) continue;
    order[row].push_back(&filter);
    guards_[filter.stage][row].admit(filter);
  }
  wanted_[filter.stage] |= filter.commands;
  if (filter.may(ROMP_FILTER_MAY_DEFER)) deferring_[filter.stage] |= filter.commands;
  deferring_anywhere_ |= deferring_[filter.stage];
}

std::span<const Filter* const> Chain::filters_of(std::uint32_t stage,
                                                 stomp::Command command) const noexcept {
  const auto& order = order_[stage];
  return order.empty() ? std::span<const Filter* const>{}
                       : order[static_cast<std::size_t>(command)];
}

void Chain::Guard::admit(const Filter& filter) noexcept {
  const std::string_view name = filter.destination;
  constexpr auto all = ~std::uint64_t{0};
  lengths |= filter.any_destination || filter.prefix ? all : bit(name.size());
  heads |= name.size() < 2 ? all : bit(static_cast<unsigned char>(name[1]));
}

std::size_t Chain::search(std::uint32_t stage, const stomp::Frame& frame,
                          std::size_t from) const noexcept {
  const auto order = filters_of(stage, frame.command);
  for (auto at = from; at < order.size(); ++at) {
    if (matches(*order[at], frame)) return at;
  }
  return none;
}

std::size_t Chain::first_to_wait(std::uint32_t stage, const stomp::Frame& frame) const noexcept {
  constexpr auto waits = ROMP_FILTER_NEED_BODY | ROMP_FILTER_MAY_DEFER;
  const auto order = filters_of(stage, frame.command);
  auto at = first_for(stage, frame);
  while (at != none && (order[at]->flags & waits) == 0) at = search(stage, frame, at + 1);
  return at;
}

Standing Chain::standing_of(const Filter& filter) {
  const auto& own = filter.instance->filters();
  const auto at = std::ranges::find(own, filter.name, &Filter::name);
  return {filter.priority, std::string(filter.instance->id()), filter.instance->name(),
          static_cast<std::size_t>(at - own.begin())};
}

std::size_t Chain::behind(std::uint32_t stage, stomp::Command command, const Standing& last) const {
  const auto key = [](const Standing& s) {
    return std::tie(s.priority, s.plugin, s.instance, s.order);
  };
  const auto order = filters_of(stage, command);
  std::size_t at = 0;
  while (at < order.size() && key(standing_of(*order[at])) <= key(last)) ++at;
  return at;
}

Standing Chain::standing_at(std::uint32_t stage, stomp::Command command, std::size_t at) const {
  return standing_of(*filters_of(stage, command)[at]);
}

/// A frame that a filter has deferred stays readable for it.
Outcome Chain::run(std::uint32_t stage, Call& call, std::size_t from, std::size_t end) const {
  const auto outcome = walk_along(stage, call, from, end);
  if (outcome.verdict != ROMP_DEFER) call.hide_views();
  return outcome;
}

Outcome Chain::walk_along(std::uint32_t stage, Call& call, std::size_t from,
                          std::size_t end) const {
  if (call.has_answer) clear_answer(call);
  call.shown_to = 0;
  if (call.peer.slots.size() < slots_) call.peer.slots.resize(slots_);
  Instance::Walk walk(call);
  const auto order = filters_of(stage, call.frame.command);
  const auto stop = std::min(end, order.size());
  for (auto at = from; at < stop; ++at) {
    const auto& filter = *order[at];
    if (!matches(filter, call.frame)) continue;
    const auto verdict = verdict_of(filter, call, from != 0 && call.resumed, walk);
    if (verdict == ROMP_DEFER) call.resumed = true;
    if (verdict != ROMP_CONTINUE && stage != ROMP_STAGE_POST_ROUTE) return {verdict, at, &filter};
  }
  if (call.has_answer) clear_answer(call);
  return {};
}

}  // namespace romp::plugin
