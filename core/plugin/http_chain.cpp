// SPDX-License-Identifier: Apache-2.0
#include "plugin/http_chain.hpp"

#include <algorithm>
#include <tuple>

#include "plugin/deferrals.hpp"
#include "plugin/instance.hpp"

namespace romp::plugin {
namespace {

constexpr std::uint64_t timed_calls = 64;

/// The request that a filter has in hand on this thread.
thread_local const std::shared_ptr<HttpCall>* running = nullptr;

struct InHand {
  explicit InHand(const std::shared_ptr<HttpCall>& call) noexcept : before(running) {
    running = &call;
  }
  ~InHand() { running = before; }
  InHand(const InHand&) = delete;
  InHand& operator=(const InHand&) = delete;
  const std::shared_ptr<HttpCall>* before;
};

/// What a filter said; with `fault`, that it failed and how.
struct Answer {
  romp_verdict verdict = ROMP_CONTINUE;
  std::string fault;
};

Answer ask(const HttpFilter& filter, const std::shared_ptr<HttpCall>& call) {
  Instance::Visit visit(*filter.instance, Mark::session, nullptr, filter.doing,
                        call->request().now_ns);
  if (!visit) return {ROMP_E_CANCELLED, "it takes no more calls"};
  const InHand in_hand(call);
  const bool is_timed = filter.counters->calls.add(visit.thread()) % timed_calls == 0;
  const auto begin = is_timed ? base::Clock::now() : base::Time();
  try {
    const auto verdict = filter.on_request(filter.user, &call->view());
    if (is_timed) {
      filter.instance->look_at_time(*filter.counters, filter.name, base::Clock::now() - begin);
    }
    if (verdict >= 0) return {verdict, {}};
    std::string why = visit.why();
    if (!why.empty()) why.insert(0, ": ");
    return {verdict, "failed (" + std::to_string(verdict) + ")" + why};
  } catch (const std::exception& e) {
    return {ROMP_E_FAULT, std::string("threw an exception: ") + e.what()};
  } catch (...) {
    return {ROMP_E_FAULT, "threw an exception"};
  }
}

/// Verdicts that are none, or that do not fit what was called before.
std::string fault_of(romp_verdict verdict, const HttpCall& call) {
  switch (verdict) {
    case ROMP_CONTINUE:
    case ROMP_REJECT:
      return {};
    case ROMP_HANDLED:
      return call.reply ? "" : "returned HANDLED without http_reply()";
    case ROMP_DEFER:
      return call.deferred != 0 ? "" : "returned DEFER without romp_http_later.defer()";
    default:
      return "returned " + std::to_string(verdict) + ", which is no verdict";
  }
}

void count(romp_verdict verdict, Counters& counters) noexcept {
  if (verdict == ROMP_HANDLED) Counters::count(counters.handled);
  if (verdict == ROMP_REJECT) Counters::count(counters.rejected);
  if (verdict == ROMP_DEFER) Counters::count(counters.deferred);
}

/// A request that was deferred and resumed belongs to somebody else by now: it is not touched.
romp_verdict verdict_of(const HttpFilter& filter, const std::shared_ptr<HttpCall>& call) {
  if (filter.instance->breaker().is_open()) {
    Counters::count(filter.counters->blocked);
    return filter.instance->lets_through() ? ROMP_CONTINUE : ROMP_REJECT;
  }
  call->filter = filter.original;
  call->deferred = 0;
  call->reply.reset();
  auto answer = ask(filter, call);
  if (answer.verdict == ROMP_DEFER && call->deferred != 0) {
    count(ROMP_DEFER, *filter.counters);
    return ROMP_DEFER;
  }
  if (answer.fault.empty()) answer.fault = fault_of(answer.verdict, *call);
  if (call->deferred != 0) filter.instance->environment().deferrals.http().cancel(call->deferred);
  if (!answer.fault.empty()) {
    filter.instance->fault(*filter.counters, filter.name, answer.fault);
    call->reply.reset();
    return ROMP_REJECT;
  }
  if (answer.verdict != ROMP_HANDLED) call->reply.reset();
  count(answer.verdict, *filter.counters);
  if (answer.verdict == ROMP_REJECT) {
    filter.instance->log(ROMP_LOG_WARN, "filter " + filter.name + " refused " +
                                            call->request().method + " " + call->request().path);
  }
  return answer.verdict;
}

HttpStanding standing_of(const HttpFilter& filter) {
  const auto& own = filter.instance->http_filters();
  const auto at = std::ranges::find(own, filter.name, &HttpFilter::name);
  return {filter.priority, std::string(filter.instance->id()), filter.instance->name(),
          static_cast<std::size_t>(at - own.begin())};
}

}  // namespace

HttpChain::HttpChain(std::vector<HttpFilter> filters,
                     std::vector<std::shared_ptr<Instance>> instances)
    : instances_(std::move(instances)), filters_(std::move(filters)) {
  std::ranges::stable_sort(filters_, {}, [](const HttpFilter& f) {
    return std::tuple(f.priority, std::string_view(f.instance->id()),
                      std::string_view(f.instance->name()));
  });
}

std::size_t HttpChain::behind(const HttpStanding& last) const {
  const auto key = [](const HttpStanding& s) {
    return std::tie(s.priority, s.plugin, s.instance, s.order);
  };
  std::size_t at = 0;
  while (at < filters_.size() && key(standing_of(filters_[at])) <= key(last)) ++at;
  return at;
}

HttpChain::Outcome HttpChain::run(const std::shared_ptr<HttpCall>& call, std::size_t from) const {
  call->reveal_views();
  const auto outcome = walk_along(call, from);
  if (outcome.verdict != ROMP_DEFER) call->hide_views();
  return outcome;
}

HttpChain::Outcome HttpChain::walk_along(const std::shared_ptr<HttpCall>& call,
                                         std::size_t from) const {
  const auto& request = call->request();
  for (std::size_t at = from; at < filters_.size(); ++at) {
    const HttpFilter& filter = filters_[at];
    if ((filter.methods & request.method_bit) == 0 || !filter.matches_path(request.path)) continue;
    const auto verdict = verdict_of(filter, call);
    if (verdict == ROMP_DEFER) call->standing = standing_of(filter);
    if (verdict != ROMP_CONTINUE) return {verdict, at};
  }
  return {};
}

std::uint32_t HttpChain::methods_at(std::string_view path) const noexcept {
  std::uint32_t methods = 0;
  for (const HttpFilter& filter : filters_) {
    if (filter.matches_path(path)) methods |= filter.methods;
  }
  return methods;
}

std::shared_ptr<HttpCall> running_http_call(const Instance& self,
                                            const romp_http* request) noexcept {
  if (current.instance != &self || running == nullptr) return nullptr;
  return request == &(*running)->view() ? *running : nullptr;
}

}  // namespace romp::plugin
