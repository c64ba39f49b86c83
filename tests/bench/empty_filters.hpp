// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugin/chain.hpp"
#include "plugin/instance.hpp"
#include "plugin/null_gateway.hpp"

namespace romp::plugin::bench {

inline romp_verdict do_nothing(void*, const romp_ctx*, romp_frame*) { return ROMP_CONTINUE; }

/// So many filters, in one instance each, and a frame on its way.
class Filters {
 public:
  Filters(int count, const char* destination, std::uint32_t flags) {
    descriptor_.size = sizeof descriptor_;
    descriptor_.abi = ROMP_ABI(1, 0);
    descriptor_.id = "bench";
    descriptor_.version = "1.0.0";
    descriptor_.capabilities = ROMP_CAP_FRAMES;
    descriptor_.flags = flags;
    descriptor_.create = [](const romp_host*, const romp_config*, void**) -> romp_status {
      return ROMP_OK;
    };
    std::vector<Filter> filters;
    for (int i = 0; i < count; ++i) {
      auto& instance = instances_.emplace_back(
          std::make_unique<Instance>(descriptor_,
                                     Instance::Setup{"bench" + std::to_string(i),
                                                     static_cast<std::size_t>(i),
                                                     ROMP_CAP_FRAMES,
                                                     std::chrono::hours(1),
                                                     {}},
                                     Environment{gateway_, deferrals_}));
      instance->create();
      Filter filter;
      filter.name = "nothing";
      filter.any_destination = destination == nullptr;
      if (destination != nullptr) filter.destination = destination + std::to_string(i);
      filter.stage = ROMP_STAGE_FRAME;
      filter.commands = ROMP_MASK(ROMP_CMD_SEND);
      filter.on_frame = do_nothing;
      instance->add(std::move(filter));
      instance->start();
      filters.push_back(instance->filters()[0]);
    }
    chain_ = Chain(std::move(filters));
    frame_.command = stomp::Command::send;
    frame_.word = "SEND";
    for (const auto* name : {"destination", "content-type", "receipt", "a", "b", "c"}) {
      frame_.append(name, name);
    }
    call_.emplace(peer_, frame_, 1);
  }

  const Chain& chain() const noexcept { return chain_; }
  const stomp::Frame& frame() const noexcept { return frame_; }
  Call& call() noexcept { return *call_; }

 private:
  romp_plugin descriptor_{};
  NullGateway gateway_;
  Deferrals deferrals_;
  std::deque<std::unique_ptr<Instance>> instances_;
  Chain chain_;
  Peer peer_;
  stomp::Frame frame_;
  std::optional<Call> call_;
};

/// As pass_filters does it before it needs a Call.
inline bool is_for_somebody(const Filters& filters) {
  return filters.chain().first_for(ROMP_STAGE_FRAME, filters.frame()) != Chain::none;
}

}  // namespace romp::plugin::bench
