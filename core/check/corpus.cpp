// SPDX-License-Identifier: Apache-2.0
#include "check/corpus.hpp"

#include <bit>

#include "stomp/frame.hpp"

namespace romp::check {
namespace {

constexpr std::size_t large = std::size_t{1} << 20;
constexpr std::uint64_t pending = std::uint64_t{64} << 20;

stomp::Command first_command(std::uint64_t mask) {
  const auto wanted = (mask & ROMP_MASK(ROMP_CMD_SEND)) != 0 ? ROMP_MASK(ROMP_CMD_SEND) : mask;
  return static_cast<stomp::Command>(std::countr_zero(wanted));
}

}  // namespace

Corpus::Corpus(const plugin::Filter& filter, std::uint64_t seed) : filter_(filter), random_(seed) {}

std::string Corpus::destination() {
  if (filter_.any_destination) return "/queue/trial";
  return filter_.prefix ? filter_.destination + random_text(20) : filter_.destination;
}

std::string Corpus::random_text(std::size_t longest) {
  std::string text(random_() % (longest + 1), '\0');
  for (auto& c : text) c = static_cast<char>('!' + random_() % 94);
  return text;
}

std::shared_ptr<Trial> Corpus::make(plugin::Peer& peer, unsigned kind) {
  auto trial = std::make_shared<Trial>(peer);
  trial->call.owner = trial;
  auto& frame = trial->frame;
  frame.command = first_command(filter_.commands);
  frame.word = frame.command == stomp::Command::unknown ? "FROBNICATE" : name_of(frame.command);
  const auto name = destination();
  if (!filter_.any_destination || kind != 0) frame.set("destination", name);
  if (!filter_.header.empty()) frame.set(filter_.header, "x");
  fill(*trial, kind);
  return trial;
}

void Corpus::fill(Trial& trial, unsigned kind) {
  auto& frame = trial.frame;
  switch (kind) {
    case 0:
      trial.what = "as few headers as there can be";
      return;
    case 1:
      trial.what = "a body";
      return frame.set_body("hello");
    case 2:
      trial.what = "1000 headers";
      for (std::size_t i = 0; i < Corpus::many_headers; ++i)
        frame.set("h" + std::to_string(i), "v");
      return;
    case 3:
      trial.what = "NUL in the body";
      return frame.set_body(std::string_view("a\0b\0", 4));
    case 4:
      trial.what = "a body of 64 MiB that is still to come";
      trial.call.body_pending = (filter_.flags & ROMP_FILTER_NEED_BODY) == 0;
      trial.call.pending_size = pending;
      return;
    case 5:
      trial.what = "octets that are not UTF-8";
      frame.set("odd", "\xff\xfe\xc0");
      return frame.set_body("\xff\xfe\xc0");
    case 6:
      trial.what = "empty values and a header twice";
      frame.set("empty", "");
      frame.append("empty", "again");
      return;
    case 7:
      trial.what = "a body of 1 MiB";
      return frame.set_body(std::string(large, 'x'));
    case 8:
      trial.what = "percent signs and quotes";
      frame.set("percent", "%n%s%p\"'\\");
      return frame.set_body("%n%n%n%s\"'");
    default:
      trial.what = "random text";
      frame.set("a" + random_text(20), random_text(100));
      return frame.set_body(random_text(1000));
  }
}

}  // namespace romp::check
