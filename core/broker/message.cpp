// SPDX-License-Identifier: Apache-2.0
#include "broker/message.hpp"

#include <new>

#include "base/blocks.hpp"

namespace romp::broker {

Message::Message(std::size_t head_size, std::string_view body,
                 base::Ptr<base::Shared> owner) noexcept
    : head_size_(static_cast<std::uint32_t>(head_size)),
      body_(body),
      body_owner_(std::move(owner)) {}

MessagePtr Message::make(std::size_t head_size, std::size_t body_size) {
  void* memory = base::Blocks::take(sizeof(Message) + head_size + body_size + 1);
  char* body = static_cast<char*>(memory) + sizeof(Message) + head_size;
  body[body_size] = '\0';
  return MessagePtr(new (memory) Message(head_size, {body, body_size}, nullptr));
}

MessagePtr Message::make(std::size_t head_size, std::string_view body,
                         base::Ptr<base::Shared> owner) {
  void* memory = base::Blocks::take(sizeof(Message) + head_size);
  return MessagePtr(new (memory) Message(head_size, body, std::move(owner)));
}

void Message::dispose() noexcept {
  const std::size_t behind = body_owner_ ? 0 : body_.size() + 1;
  const std::size_t size = sizeof(Message) + head_size_ + behind;
  this->~Message();
  base::Blocks::give_back(this, size);
}

std::string_view Message::head(Spelling spelling) const noexcept {
  if (respelled) {
    if (spelling == Spelling::v1_0) return respelled->v1_0;
    if (spelling == Spelling::v1_1) return respelled->v1_1;
  }
  return {text(), head_size_};
}

std::string_view Message::in_one_piece(Spelling spelling) const noexcept {
  if (body_owner_ || (respelled && spelling != Spelling::v1_2)) return {};
  return {text(), head_size_ + body_.size() + 1};
}

std::optional<std::string_view> Message::header(std::string_view name) const {
  std::optional<std::string_view> found;
  each_header([&](std::string_view n, std::string_view value) {
    if (!found && n == name) found = value;
  });
  return found;
}

base::Ptr<Body> Body::make(std::size_t size) {
  void* memory = ::operator new(sizeof(Body) + size + 1);
  auto body = base::Ptr<Body>(new (memory) Body(size));
  body->octets()[size] = '\0';
  return body;
}

void Body::dispose() noexcept {
  this->~Body();
  ::operator delete(this);
}

}  // namespace romp::broker
