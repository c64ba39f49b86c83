// SPDX-License-Identifier: Apache-2.0
#include "session/compose.hpp"

#include <charconv>
#include <vector>

#include "session/put.hpp"
#include "stomp/escape.hpp"
#include "stomp/writer.hpp"

namespace romp::session {
namespace {

using stomp::Name;
using stomp::Version;

/// Headers of SEND that concern the hop from the sender, or that the broker writes itself.
bool is_for_one_hop(const stomp::Header& header) noexcept {
  switch (header.known) {
    case Name::destination:
    case Name::content_length:
    case Name::receipt:
    case Name::transaction:
    case Name::subscription:
    case Name::message_id:
    case Name::ack:
    case Name::redelivered:
      return true;
    case Name::other:
      return header.name == "delivery-count";
    default:
      return false;
  }
}

bool is_plain(std::span<const stomp::Header> headers) noexcept {
  for (const auto& h : headers) {
    if (!stomp::is_plain_name(h.name) || !stomp::is_plain_value(h.value)) return false;
  }
  return true;
}

struct LengthText {
  explicit LengthText(std::size_t length)
      : size(static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, length).ptr -
                                      digits)) {}
  std::string_view view() const noexcept { return {digits, size}; }
  char digits[20];
  std::size_t size;
};

constexpr std::string_view destination_is = "destination:";
constexpr std::string_view length_is = "\ncontent-length:";

broker::MessagePtr allocate(std::size_t head_size, const Composition& from) {
  if (from.body_owner) return broker::Message::make(head_size, from.body, from.body_owner);
  auto message = broker::Message::make(head_size, from.body.size());
  put(message->mutable_body(), from.body);
  return message;
}

broker::MessagePtr compose_plain(const Composition& from) {
  const LengthText length(from.body.size());
  std::size_t size =
      destination_is.size() + from.destination.size() + length_is.size() + length.size + 2;
  for (const auto& h : from.headers) {
    if (!is_for_one_hop(h)) size += h.name.size() + h.value.size() + 2;
  }
  auto message = allocate(size, from);
  char* at = put(put(message->mutable_head(), destination_is), from.destination);
  at = put(put(at, length_is), length.view());
  *at++ = '\n';
  for (const auto& h : from.headers) {
    if (is_for_one_hop(h)) continue;
    at = put(at, h.name);
    *at++ = ':';
    at = put(at, h.value);
    *at++ = '\n';
  }
  *at = '\n';
  return message;
}

std::string header_block(const Composition& from, Version version) {
  std::string block;
  stomp::append_header(block, "destination", from.destination, version);
  stomp::append_header(block, "content-length", LengthText(from.body.size()).view(), version);
  for (const auto& h : from.headers) {
    if (!is_for_one_hop(h)) stomp::append_header(block, h.name, h.value, version);
  }
  return block += '\n';
}

std::string raw_headers(const Composition& from) {
  std::string raw;
  const auto add = [&raw](std::string_view name, std::string_view value) {
    raw.append(name).append(1, '\0').append(value).append(1, '\0');
  };
  add("destination", from.destination);
  for (const auto& h : from.headers) {
    if (!is_for_one_hop(h)) add(h.name, h.value);
  }
  return raw;
}

broker::MessagePtr compose_respelled(const Composition& from) {
  const std::string block = header_block(from, Version::v1_2);
  auto message = allocate(block.size(), from);
  put(message->mutable_head(), block);
  message->respelled = std::make_unique<broker::Message::Respelled>(broker::Message::Respelled{
      header_block(from, Version::v1_0), header_block(from, Version::v1_1), raw_headers(from)});
  return message;
}

}  // namespace

broker::MessagePtr compose(const Composition& from) {
  const bool plain =
      from.plain || (is_plain(from.headers) && stomp::is_plain_value(from.destination));
  return plain ? compose_plain(from) : compose_respelled(from);
}

broker::MessagePtr compose_dead_letter(const broker::Message& message, std::string_view destination,
                                       std::string_view from, std::string_view reason) {
  std::vector<stomp::Header> headers{{"dead-letter-from", from}, {"dead-letter-reason", reason}};
  message.each_header([&](std::string_view name, std::string_view value) {
    if (!name.starts_with("dead-letter-")) headers.push_back({name, value});
  });
  base::Ptr<base::Shared> owner = message.body_owner();
  if (!owner) owner = const_cast<broker::Message*>(&message);
  return compose({destination, headers, message.body(), owner, false});
}

}  // namespace romp::session
