// SPDX-License-Identifier: Apache-2.0
#include "stomp/batch.hpp"

namespace romp::stomp {
namespace {

/// Bodies are wanted whole, whatever their size.
Limits without_large_bodies(Limits limits) {
  limits.large_body = SIZE_MAX;
  return limits;
}

void add(Batch& batch, const Frame& frame) {
  const auto headers = frame.headers();
  batch.items.push_back({frame.command, frame.word, frame.body(),
                         static_cast<std::uint32_t>(batch.headers.size()),
                         static_cast<std::uint32_t>(headers.size())});
  batch.headers.insert(batch.headers.end(), headers.begin(), headers.end());
}

}  // namespace

std::string_view Batch::find(const Item& item, std::string_view name) const noexcept {
  for (const auto& header : headers_of(item)) {
    if (header.name == name) return header.value;
  }
  return {};
}

BatchReader::BatchReader(const Limits& limits)
    : limits_(without_large_bodies(limits)), parser_(limits_) {}

std::unique_ptr<Batch> BatchReader::take(std::string_view octets, std::size_t most) {
  auto batch = std::make_unique<Batch>();
  batch->octets = std::move(rest_);
  batch->octets += octets;
  rest_.clear();
  std::span<char> unread(batch->octets);
  bool more = true;
  while (more && batch->items.size() < most) {
    more = parser_.next(unread, frame_) == Parser::Result::frame;
    unread = unread.subspan(parser_.consumed());
    if (more) add(*batch, frame_);
  }
  if (batch->items.empty() && unread.size() == batch->octets.size()) {
    rest_ = std::move(batch->octets);
    return nullptr;
  }
  rest_.assign(unread.data(), unread.size());
  return batch->items.empty() ? nullptr : std::move(batch);
}

void BatchReader::clear() {
  rest_.clear();
  parser_ = Parser(limits_);
}

}  // namespace romp::stomp
