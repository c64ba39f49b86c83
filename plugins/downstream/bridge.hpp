// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.hpp>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "edge.hpp"
#include "in_line.hpp"
#include "link.hpp"
#include "out_line.hpp"
#include "settings.hpp"

namespace downstream {

/// One section of the ini: its connections, what goes over them, and what is told about it. The two
/// directions have connections of their own, so that one that has to wait does not stop the other.
class Bridge {
 public:
  /// In create.
  Bridge(romp::plugin& p, Settings settings);
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  void start();

 private:
  /// Of one line, for who looks on.
  struct Backlog {
    std::string_view direction;
    std::string_view from;
    std::string_view to;
    Lag lag;
  };

  void open_out();
  void open_in();
  void open_edge();
  void take_out(const romp::frame_view& frame);
  void take_in(const romp::frame_view& frame);
  void pump_in();
  void look();
  void publish_statistics() const;
  std::string statistics() const;
  std::vector<const Link*> links() const;
  std::vector<Backlog> backlogs() const;
  std::string connections() const;
  std::string lines() const;

  romp::plugin& plugin_;
  const Settings settings_;
  Counters counters_;
  const romp::counter reconnects_;
  const romp::gauge up_;
  const romp::gauge lag_messages_;
  const romp::gauge lag_seconds_;
  std::unique_ptr<Link> out_link_;
  std::unique_ptr<Link> in_link_;
  std::unique_ptr<Link> edge_link_;
  std::deque<OutLine> out_;
  std::deque<InLine> in_;
  std::unique_ptr<Edge> edge_;
  std::uint64_t failures_ = 0;
  bool pumps_later_ = false;
};

}  // namespace downstream
