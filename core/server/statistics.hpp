// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "broker/broker.hpp"
#include "session/roster.hpp"

namespace romp::server {

/// The destination that statistics are published on, as with xtomp and romp.
inline constexpr const char* statistics_destination = "/xtomp/stat";

/// Publishes numbers of the server, and of the destinations that have `stats = true`, as JSON with
/// the keys of xtomp: one message each. One thread.
class Statistics {
 public:
  Statistics(broker::Broker& broker, const std::vector<session::Roster*>& rosters);

  void publish();
  /// Messages published there since the last report.
  std::uint64_t since_report(const broker::Destination& destination) const;

 private:
  std::string of_server() const;
  std::string of_destination(const broker::Destination& destination) const;
  void send(const std::string& json);

  broker::Broker& broker_;
  const std::vector<session::Roster*>& rosters_;
  std::int64_t started_;  ///< seconds since 1970
  std::unordered_map<std::string, std::uint64_t> published_before_;
};

}  // namespace romp::server
