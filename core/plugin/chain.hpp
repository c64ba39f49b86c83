// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "plugin/call.hpp"
#include "plugin/counters.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

/// One registered filter: what it asked for, and whom to call.
struct Filter {
  static constexpr std::uint8_t sees_no_passcode = 1;
  static constexpr std::uint8_t sees_passcode = 2;
  static constexpr std::uint8_t any_sort = sees_no_passcode | sees_passcode;

  bool may(std::uint32_t flag) const noexcept { return (flags & flag) != 0; }

  // What each call reads, close together.
  Instance* instance = nullptr;
  romp_verdict (*on_frame)(void* user, const romp_ctx* ctx, romp_frame* frame) = nullptr;
  void* user = nullptr;
  Counters* counters = nullptr;  ///< the instance's
  const char* plugin = nullptr;  ///< the instance's name; lives for ever, as the next
  const char* doing = nullptr;   ///< "filter NAME"
  std::size_t slot = 0;          ///< the instance's number
  std::uint32_t flags = 0;       ///< ROMP_FILTER_*
  /// One bit: of those that see passcodes, or of those that do not.
  std::uint8_t sort = sees_no_passcode;
  bool any_frame = false;  ///< neither destination nor header is asked for; set by the chain
  bool any_destination = true;
  bool prefix = false;

  std::string header;       ///< empty: not asked for
  std::string destination;  ///< exact, or a prefix when `prefix`; empty with any_destination
  std::string name;
  std::uint32_t stage = 0;
  std::int32_t priority = 0;
  std::uint64_t commands = 0;
  const Filter* original = nullptr;  ///< the instance's own, which lives as long as that
};

/// Where a filter stands in its stage, whatever chain it is in: a reload may exchange the chain
/// while a frame is deferred.
struct Standing {
  std::int32_t priority = 0;
  std::string plugin;
  std::string instance;
  std::size_t order = 0;  ///< of registration
};

/// What a walk along the chain came to.
struct Outcome {
  romp_verdict verdict = ROMP_CONTINUE;  ///< CONTINUE, HANDLED, REJECT or DEFER, nothing else
  std::size_t at = 0;  ///< the filter that said so; a resumed walk begins behind it
  const Filter* filter = nullptr;
};

/// All filters, ordered by stage, priority, plugin id, order of registration. Immutable: a reload
/// makes another one. Any thread.
class Chain {
 public:
  static constexpr std::size_t stages = 7;

  Chain() = default;
  /// Keeps those instances in memory for as long as it is used itself.
  explicit Chain(std::vector<Filter> filters,
                 std::vector<std::shared_ptr<Instance>> instances = {});
  /// No copies: the rows point at the filters.
  Chain(Chain&&) = default;
  Chain& operator=(Chain&&) = default;

  /// One AND: is there a filter for this command at this stage?
  bool wants(std::uint32_t stage, stomp::Command command) const noexcept {
    return (wanted_[stage] >> static_cast<unsigned>(command) & 1U) != 0;
  }
  /// May one of them defer? Then the call must live on the heap and own its frame.
  bool may_defer(std::uint32_t stage, stomp::Command command) const noexcept {
    return (deferring_[stage] >> static_cast<unsigned>(command) & 1U) != 0;
  }
  /// The same for any stage.
  bool may_defer(stomp::Command command) const noexcept {
    return (deferring_anywhere_ >> static_cast<unsigned>(command) & 1U) != 0;
  }

  /// The number of the first filter, from number `from` on, that is for this frame; `none` where
  /// there is none. Costs no Call.
  std::size_t first_for(std::uint32_t stage, const stomp::Frame& frame,
                        std::size_t from = 0) const noexcept {
    const auto& guard = guards_[stage][static_cast<std::size_t>(frame.command)];
    if (guard.lengths == 0 || guard.excludes(frame.find(stomp::Name::destination))) return none;
    return search(stage, frame, from);
  }
  /// The same for those that must wait until the body is there: they need it, or may defer.
  std::size_t first_to_wait(std::uint32_t stage, const stomp::Frame& frame) const noexcept;
  static constexpr std::size_t none = ~std::size_t{0};

  /// Calls the filters that match, from number `from` to before `end`, until one has a verdict.
  /// A fault (exception, unknown verdict, undeclared DEFER) is counted, logged, and becomes REJECT
  /// or, with FAIL_OPEN, CONTINUE. With REJECT, `call.reply` and `call.log` say why; `call.log` is
  /// empty where the reason is in the log already. At POST_ROUTE it is always CONTINUE in the end;
  /// at OUTBOUND HANDLED and REJECT both mean that the frame is not written.
  Outcome run(std::uint32_t stage, Call& call, std::size_t from = 0, std::size_t end = none) const;

  static Standing standing_of(const Filter& filter);
  /// Of number `at` for that command.
  Standing standing_at(std::uint32_t stage, stomp::Command command, std::size_t at) const;
  /// The number to go on with behind a filter that may not be in this chain.
  std::size_t behind(std::uint32_t stage, stomp::Command command, const Standing& last) const;

  const std::vector<Filter>& filters() const noexcept { return filters_; }

 private:
  using Rows = std::vector<std::vector<const Filter*>>;

  /// Commands are numbered below this.
  static constexpr std::size_t rows = 64;

  /// Tells most destinations that no filter of a row is for from the others, without a comparison.
  struct Guard {
    std::uint64_t lengths = 0;  ///< of names; all where a filter takes any, or a prefix
    std::uint64_t heads = 0;    ///< by the second octet, as the "q" of "/queue"; all for any

    static std::uint64_t bit(std::size_t number) noexcept {
      return std::uint64_t{1} << (number & 63U);
    }
    void admit(const Filter& filter) noexcept;
    bool excludes(std::string_view destination) const noexcept {
      return !has(lengths, destination.size()) ||
             (destination.size() >= 2 && !has(heads, static_cast<unsigned char>(destination[1])));
    }
    static bool has(std::uint64_t bits, std::size_t number) noexcept {
      return (bits >> (number & 63U) & 1U) != 0;
    }
  };

  std::size_t search(std::uint32_t stage, const stomp::Frame& frame,
                     std::size_t from) const noexcept;

  void add(const Filter& filter);
  Outcome walk_along(std::uint32_t stage, Call& call, std::size_t from, std::size_t end) const;
  std::span<const Filter* const> filters_of(std::uint32_t stage,
                                            stomp::Command command) const noexcept;

  std::vector<std::shared_ptr<Instance>> instances_;
  std::vector<Filter> filters_;
  std::size_t slots_ = 0;           ///< so many a session needs
  std::array<Rows, stages> order_;  ///< [stage][command] -> filters_; no rows for an empty stage
  std::array<std::array<Guard, rows>, stages> guards_{};
  std::array<std::uint64_t, stages> wanted_{};
  std::array<std::uint64_t, stages> deferring_{};
  std::uint64_t deferring_anywhere_ = 0;
};

}  // namespace romp::plugin
