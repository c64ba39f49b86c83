// SPDX-License-Identifier: Apache-2.0
#include "bridge.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "json.hpp"

namespace downstream {

using namespace std::chrono_literals;

Bridge::Bridge(romp::plugin& p, Settings settings)
    : plugin_(p),
      settings_(std::move(settings)),
      counters_(p),
      reconnects_(p.counter("bridge_reconnects_total", "Connections lost, and tries that failed")),
      up_(p.gauge("bridge_up", "Are all connections of the bridge up?")),
      lag_messages_(p.gauge("bridge_lag_messages", "Messages that the other side does not have")),
      lag_seconds_(p.gauge("bridge_lag_seconds", "For how long the oldest of them has waited")) {
  const auto link = [&](const char* name) {
    return std::make_unique<Link>(plugin_, counters_, settings_.connection, name);
  };
  if (!settings_.out.empty()) out_link_ = link("out");
  if (!settings_.in.empty()) in_link_ = link("in");
  for (const Line& line : settings_.out) {
    out_.emplace_back(plugin_, settings_, line, out_.size(), *out_link_, counters_);
  }
  for (const Line& line : settings_.in) {
    in_.emplace_back(plugin_, settings_, line, in_.size(), *in_link_, counters_);
  }
  if (settings_.is_edge()) {
    auto options = settings_.connection;
    options.flags |= ROMP_CLIENT_AS_SESSION;
    edge_link_ = std::make_unique<Link>(plugin_, counters_, options, "edge");
    edge_ = std::make_unique<Edge>(plugin_, settings_, *edge_link_, counters_);
    add_last_filter(plugin_, settings_, counters_);
  }
  plugin_.every(1s, [this] { look(); });
  if (!settings_.statistics.empty()) {
    plugin_.every(settings_.statistics_interval, [this] { publish_statistics(); });
  }
}

void Bridge::start() {
  if (out_link_) open_out();
  if (in_link_) open_in();
  if (edge_link_) open_edge();
}

void Bridge::open_out() {
  Link::Handlers handlers;
  handlers.up = [this] {
    for (OutLine& line : out_) line.up();
  };
  handlers.frame = [this](const romp::frame_view& frame) { take_out(frame); };
  out_link_->open(std::move(handlers));
  for (OutLine& line : out_) line.begin();
}

void Bridge::take_out(const romp::frame_view& frame) {
  if (frame.command() == ROMP_CMD_RECEIPT) {
    const std::string_view receipt = frame.header("receipt-id");
    const auto is_for = [&](OutLine& line) { return line.confirmed(receipt); };
    std::any_of(out_.begin(), out_.end(), is_for);
  } else if (frame.command() == ROMP_CMD_ERROR) {
    out_link_->note_error(frame);
    const std::string why = text_of_error(frame);
    const std::string_view receipt = frame.header("receipt-id");
    const auto is_for = [&](OutLine& line) { return line.refused(receipt, why); };
    if (!std::any_of(out_.begin(), out_.end(), is_for)) {
      for (OutLine& line : out_) line.blamed(why);
    }
  }
  for (OutLine& line : out_) line.pump();
}

void Bridge::open_in() {
  Link::Handlers handlers;
  handlers.up = [this] {
    for (InLine& line : in_) line.up();
  };
  handlers.down = [this] {
    for (InLine& line : in_) line.down();
  };
  handlers.frame = [this](const romp::frame_view& frame) { take_in(frame); };
  in_link_->open(std::move(handlers));
}

void Bridge::take_in(const romp::frame_view& frame) {
  if (frame.command() == ROMP_CMD_MESSAGE) {
    const auto is_for = [&](InLine& line) { return line.take(frame); };
    std::any_of(in_.begin(), in_.end(), is_for);
    pump_in();
  } else if (frame.command() == ROMP_CMD_ERROR) {
    in_link_->note_error(frame);
    const std::string why = text_of_error(frame);
    const std::string_view receipt = frame.header("receipt-id");
    for (InLine& line : in_) line.refused(receipt, why);
  }
}

/// Nobody tells when there is room in a destination again, so it is tried for.
void Bridge::pump_in() {
  bool waits = false;
  for (InLine& line : in_) waits = line.pump() || waits;
  if (!waits || std::exchange(pumps_later_, true)) return;
  plugin_.after(20ms, [this] {
    pumps_later_ = false;
    pump_in();
  });
}

void Bridge::open_edge() {
  Link::Handlers handlers;
  handlers.up = [this] { edge_->up(); };
  handlers.down = [this] { edge_->down(); };
  handlers.frame = [this](const romp::frame_view& frame) { edge_->take(frame); };
  handlers.answer = [this](std::string_view client, const romp::frame_view& frame) {
    edge_->answer(client, frame);
  };
  edge_link_->open(std::move(handlers));
}

// ---- what is told -----------------------------------------------------------------------------

std::vector<const Link*> Bridge::links() const {
  std::vector<const Link*> all;
  for (const auto* link : {out_link_.get(), in_link_.get(), edge_link_.get()}) {
    if (link != nullptr) all.push_back(link);
  }
  return all;
}

std::vector<Bridge::Backlog> Bridge::backlogs() const {
  std::vector<Backlog> all;
  for (const OutLine& one : out_) all.push_back({"out", one.line().from, one.line().to, one.lag()});
  for (const InLine& one : in_) all.push_back({"in", one.line().from, one.line().to, one.lag()});
  if (edge_) all.push_back({"answers", "", settings_.reply, edge_->lag()});
  return all;
}

void Bridge::look() {
  for (OutLine& line : out_) line.look();
  for (InLine& line : in_) line.look();
  if (edge_) {
    edge_->look();
    edge_->pump();
  }
  const auto all = links();
  up_.set(std::all_of(all.begin(), all.end(), [](const Link* link) { return link->is_up(); }));
  Lag sum;
  for (const Backlog& one : backlogs()) {
    sum.messages += one.lag.messages;
    sum.age = std::max(sum.age, one.lag.age);
  }
  lag_messages_.set(static_cast<double>(sum.messages));
  lag_seconds_.set(sum.age.count());
  std::uint64_t failures = 0;
  for (const Link* link : all) failures += link->status().failures;
  reconnects_.add(static_cast<double>(failures - failures_));
  failures_ = failures;
}

void Bridge::publish_statistics() const {
  const romp::outgoing report =
      romp::outgoing(settings_.statistics).content_type("application/json").body(statistics());
  plugin_.publish(report);
}

std::string Bridge::statistics() const {
  return "{\n  \"bridge\":{\n    \"name\":" + json_text(plugin_.instance()) +
         ",\n    \"address\":" + json_text(settings_.connection.address) +
         ",\n    \"connections\":[" + connections() + "\n    ],\n    \"lines\":[" + lines() +
         "\n    ]\n  }\n}\n";
}

std::string Bridge::connections() const {
  std::string rows;
  for (const Link* link : links()) {
    if (!rows.empty()) rows += ',';
    rows += "\n      {\"name\":" + json_text(link->name()) +
            ",\"up\":" + (link->is_up() ? "true" : "false") +
            ",\"failures\":" + std::to_string(link->status().failures) +
            ",\"error\":" + json_text(link->last_error()) + "}";
  }
  return rows;
}

std::string Bridge::lines() const {
  std::string rows;
  for (const Backlog& one : backlogs()) {
    if (!rows.empty()) rows += ',';
    rows += "\n      {\"direction\":" + json_text(one.direction) +
            ",\"from\":" + json_text(one.from) + ",\"to\":" + json_text(one.to) +
            ",\"lag\":" + std::to_string(one.lag.messages) +
            ",\"lag_seconds\":" + std::to_string(one.lag.age.count()) + "}";
  }
  return rows;
}

}  // namespace downstream
