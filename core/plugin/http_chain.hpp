// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/counters.hpp"
#include "plugin/http_call.hpp"

namespace romp::plugin {

/// One registered HTTP filter: what it asked for, and whom to call.
struct HttpFilter {
  Instance* instance = nullptr;
  std::string name;
  std::string path;  ///< exact, or a prefix when `prefix`
  bool prefix = false;
  std::uint32_t methods = 0;  ///< ROMP_HTTP_
  std::int32_t priority = 0;
  romp_verdict (*on_request)(void* user, const romp_http* request) = nullptr;
  void* user = nullptr;
  Counters* counters = nullptr;          ///< the instance's
  const char* doing = nullptr;           ///< "HTTP filter NAME"; lives for ever
  const HttpFilter* original = nullptr;  ///< the one that the instance holds

  bool matches_path(std::string_view given) const noexcept {
    return prefix ? given.starts_with(path) : given == path;
  }
};

/// All HTTP filters, ordered by priority, plugin id, order of registration. Immutable. Any thread.
class HttpChain {
 public:
  HttpChain() = default;
  /// Keeps those instances in memory for as long as it is used itself.
  explicit HttpChain(std::vector<HttpFilter> filters,
                     std::vector<std::shared_ptr<Instance>> instances = {});

  struct Outcome {
    /// CONTINUE: nobody answered. HANDLED: there is a reply. REJECT: a filter refused, or failed,
    /// which is counted and logged. DEFER: the client hears of it by resume_http.
    romp_verdict verdict = ROMP_CONTINUE;
    std::size_t at = 0;  ///< the filter that said so
  };

  /// Asks the filters that match, beginning with number `from`.
  Outcome run(const std::shared_ptr<HttpCall>& call, std::size_t from = 0) const;

  /// The number to go on with behind a filter that may not be in this chain.
  std::size_t behind(const HttpStanding& last) const;

  /// The methods, ROMP_HTTP_, that some filter takes at that path.
  std::uint32_t methods_at(std::string_view path) const noexcept;

  const std::vector<HttpFilter>& filters() const noexcept { return filters_; }

 private:
  Outcome walk_along(const std::shared_ptr<HttpCall>& call, std::size_t from) const;

  std::vector<std::shared_ptr<Instance>> instances_;
  std::vector<HttpFilter> filters_;
};

/// The call whose filter of this instance is running on this thread; null: none.
std::shared_ptr<HttpCall> running_http_call(const Instance& self,
                                            const romp_http* request) noexcept;

}  // namespace romp::plugin
