// SPDX-License-Identifier: Apache-2.0
#include "unit/stomp/reader.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "stomp/error.hpp"

namespace romp::tests {
namespace {

using stomp::Parser;

void must(bool promise) {
  if (!promise) std::abort();
}

bool is_inside(std::string_view part, std::string_view whole) {
  const std::less_equal<const char*> not_after;
  return not_after(whole.data(), part.data()) &&
         not_after(part.data() + part.size(), whole.data() + whole.size());
}

std::string_view view(std::span<const char> octets) { return {octets.data(), octets.size()}; }

}  // namespace

Reader::Reader(const stomp::Limits& limits, stomp::Version version)
    : limits_(std::make_unique<stomp::Limits>(limits)), parser_(*limits_) {
  parser_.set_version(version);
}

void Reader::feed(std::string_view piece) {
  if (!error_.empty()) return;
  std::vector<char> grown;
  grown.reserve(block_.size() - start_ + piece.size());
  grown.assign(block_.begin() + static_cast<std::ptrdiff_t>(start_), block_.end());
  grown.insert(grown.end(), piece.begin(), piece.end());
  block_ = std::move(grown);
  start_ = 0;
  try {
    while (step()) {
    }
  } catch (const stomp::ProtocolError& e) {
    error_ = e.what();
    detail_ = e.detail();
    must(!error_.empty() && !detail_.empty());
  }
}

/// True while there may be more to do.
bool Reader::step() {
  if (large_size_ != 0) return finish_large();
  const std::span<char> held = held_octets();
  const auto result = parser_.next(held, frame_);
  const std::size_t consumed = parser_.consumed();
  must(consumed <= held.size() && parser_.skipped() <= consumed);
  start_ += consumed;
  const std::span<char> read = held.first(consumed).subspan(parser_.skipped());
  switch (result) {
    case Parser::Result::need_more:
      must(read.empty());
      must(parser_.in_frame() ? start_ != block_.size() : view(held_octets()).size() <= 1);
      return false;
    case Parser::Result::frame:
      must(!read.empty() && !parser_.in_frame());
      must(is_inside(frame_.body(), view(read)));
      frames_.push_back(copy_of_frame(view(read)));
      return true;
    case Parser::Result::large_body:
      break;
  }
  must(!parser_.in_frame() && parser_.body_length() + 1 > held_octets().size());
  head_ = copy_of_frame(view(read));
  large_size_ = parser_.body_length() + 1;
  return true;
}

bool Reader::finish_large() {
  const std::string_view held = view(held_octets());
  const std::string_view taken = held.substr(0, large_size_ - large_.size());
  large_.append(taken);
  start_ += taken.size();
  if (large_.size() < large_size_) return false;
  if (large_.back() != '\0') throw stomp::ProtocolError("bad body", "no NUL after a large body");
  head_.body = large_.substr(0, large_size_ - 1);
  frames_.push_back(std::move(head_));
  large_.clear();
  large_size_ = 0;
  return true;
}

ReadFrame Reader::copy_of_frame(std::string_view octets) const {
  ReadFrame read{std::string(frame_.word), {}, std::string(frame_.body())};
  must(is_inside(frame_.word, octets));
  for (const auto& h : frame_.headers()) {
    must(is_inside(h.name, octets) && is_inside(h.value, octets));
    must(frame_.find(h.name).data() != nullptr);
    read.headers.emplace_back(h.name, h.value);
  }
  return read;
}

Reader read_cut(std::string_view stream, const std::vector<std::size_t>& cuts,
                const stomp::Limits& limits, stomp::Version version) {
  Reader reader(limits, version);
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    reader.feed(stream.substr(from, cut - from));
    from = cut;
  }
  reader.feed(stream.substr(from));
  return reader;
}

Reader read(std::string_view stream, stomp::Version version) {
  return read_cut(stream, {}, {}, version);
}

Reader read_octetwise(std::string_view stream, const stomp::Limits& limits,
                      stomp::Version version) {
  Reader reader(limits, version);
  for (std::size_t i = 0; i < stream.size(); ++i) reader.feed(stream.substr(i, 1));
  return reader;
}

std::string wire(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const bool nul = text.starts_with("^@");
    out += nul ? '\0' : text.front();
    text.remove_prefix(nul ? 2 : 1);
  }
  return out;
}

}  // namespace romp::tests
