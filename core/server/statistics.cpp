// SPDX-License-Identifier: Apache-2.0
#include "server/statistics.hpp"

#include <nlohmann/json.hpp>

#include "session/compose.hpp"

namespace romp::server {

using nlohmann::ordered_json;

Statistics::Statistics(broker::Broker& broker, const std::vector<session::Roster*>& rosters)
    : broker_(broker), rosters_(rosters), started_(base::unix_ms() / 1000) {}

void Statistics::publish() {
  const auto all = broker_.all();
  for (const auto& destination : all) {
    if (destination->settings().stats) send(of_destination(*destination));
  }
  send(of_server());
  published_before_.clear();
  for (const auto& destination : all) {
    published_before_[destination->name()] = destination->counts().published;
  }
}

/// A destination of the same name may have been made anew, and counts from 0 then.
std::uint64_t Statistics::since_report(const broker::Destination& destination) const {
  const auto published = destination.counts().published;
  const auto before = published_before_.find(destination.name());
  const bool is_older = before != published_before_.end() && before->second <= published;
  return is_older ? published - before->second : published;
}

/// sz: connections now, up: when it started, Σ: connections since, Σµ: messages taken in since.
std::string Statistics::of_server() const {
  std::uint64_t now = 0;
  std::uint64_t connections = 0;
  std::uint64_t messages = 0;
  for (auto* roster : rosters_) {
    now += roster->size();
    connections += roster->counters().connections.value();
    messages += roster->counters().messages_in.value();
  }
  const ordered_json cc{
      {"sz", now}, {"up", started_}, {"Σ", connections}, {"Σµ", messages}, {"m", 0}};
  return ordered_json{{"cc", cc}}.dump(2) + "\n";
}

/// sz: subscriptions now, q: messages that wait, Δ: published since the last report, Σ: ever.
std::string Statistics::of_destination(const broker::Destination& destination) const {
  const auto counts = destination.counts();
  const ordered_json dest{{"dest", destination.name()},
                          {"sz", counts.subscriptions},
                          {"q", counts.waiting},
                          {"Δ", since_report(destination)},
                          {"Σ", counts.published}};
  return dest.dump(2) + "\n";
}

void Statistics::send(const std::string& json) {
  const stomp::Header type{"content-type", "application/json"};
  broker_.publish_now(statistics_destination,
                      session::compose({statistics_destination, {&type, 1}, json, nullptr, false}));
}

}  // namespace romp::server
