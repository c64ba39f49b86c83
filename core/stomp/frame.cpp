// SPDX-License-Identifier: Apache-2.0
#include "stomp/frame.hpp"

#include <algorithm>
#include <cstring>

#include "stomp/escape.hpp"

namespace romp::stomp {
namespace {

struct CommandName {
  Command command;
  std::string_view word;
};

constexpr std::array command_names{
    CommandName{Command::send, "SEND"},
    CommandName{Command::ack, "ACK"},
    CommandName{Command::nack, "NACK"},
    CommandName{Command::subscribe, "SUBSCRIBE"},
    CommandName{Command::unsubscribe, "UNSUBSCRIBE"},
    CommandName{Command::begin, "BEGIN"},
    CommandName{Command::commit, "COMMIT"},
    CommandName{Command::abort, "ABORT"},
    CommandName{Command::connect, "CONNECT"},
    CommandName{Command::stomp, "STOMP"},
    CommandName{Command::disconnect, "DISCONNECT"},
    CommandName{Command::message, "MESSAGE"},
    CommandName{Command::receipt, "RECEIPT"},
    CommandName{Command::error, "ERROR"},
    CommandName{Command::connected, "CONNECTED"},
};

/// `name` is known to be as long as `wanted`, so that the comparison is a few instructions.
template <std::size_t N>
Name pick(std::string_view name, const char (&wanted)[N], Name result) noexcept {
  return std::memcmp(name.data(), wanted, N - 1) == 0 ? result : Name::other;
}

void wipe(std::string_view text) noexcept {
  if (!text.empty()) ::explicit_bzero(const_cast<char*>(text.data()), text.size());
}

}  // namespace

std::string_view name_of(Command command) noexcept {
  for (const auto& c : command_names) {
    if (c.command == command) return c.word;
  }
  return {};
}

Command command_of(std::string_view word) noexcept {
  if (word.size() == 4 && std::memcmp(word.data(), "SEND", 4) == 0) return Command::send;
  for (const auto& c : command_names) {
    if (c.word == word) return c.command;
  }
  return Command::unknown;
}

std::string_view name_of(Version version) noexcept {
  switch (version) {
    case Version::v1_0:
      return "1.0";
    case Version::v1_1:
      return "1.1";
    case Version::v1_2:
      break;
  }
  return "1.2";
}

Name classify(std::string_view name) noexcept {
  switch (name.size()) {
    case 2:
      return pick(name, "id", Name::id);
    case 3:
      return pick(name, "ack", Name::ack);
    case 4:
      return pick(name, "host", Name::host);
    case 5:
      return pick(name, "login", Name::login);
    case 7:
      if (name[0] == 'r')
        return name[3] == 'e' ? pick(name, "receipt", Name::receipt)
                              : pick(name, "requeue", Name::requeue);
      if (name[0] == 'e') return pick(name, "expires", Name::expires);
      return pick(name, "durable", Name::durable);
    case 8:
      if (name[0] == 's') return pick(name, "selector", Name::selector);
      if (name[0] == 'r') return pick(name, "reply-to", Name::reply_to);
      return name[1] == 'r' ? pick(name, "priority", Name::priority)
                            : pick(name, "passcode", Name::passcode);
    case 10:
      if (name[0] == 'm') return pick(name, "message-id", Name::message_id);
      if (name[0] == 'p') return pick(name, "persistent", Name::persistent);
      if (name[0] == 'e') return pick(name, "expiration", Name::expiration);
      return pick(name, "heart-beat", Name::heart_beat);
    case 11:
      if (name[0] == 'd') return pick(name, "destination", Name::destination);
      if (name[0] == 't') return pick(name, "transaction", Name::transaction);
      return pick(name, "redelivered", Name::redelivered);
    case 12:
      if (name[0] == 's') return pick(name, "subscription", Name::subscription);
      return pick(name, "content-type", Name::content_type);
    case 14:
      if (name[0] == 'c') return pick(name, "content-length", Name::content_length);
      if (name[0] == 'a') return pick(name, "accept-version", Name::accept_version);
      return pick(name, "prefetch-count", Name::prefetch_count);
    default:
      return Name::other;
  }
}

std::string_view Frame::find(std::string_view name) const noexcept {
  for (const auto& h : headers_) {
    if (h.name == name) return h.value;
  }
  return {};
}

void Frame::clear() noexcept {
  command = Command::unknown;
  word = {};
  plain = true;
  headers_.clear();
  known_ = nowhere();
  body_ = {};
  if (body_owner_) body_owner_.reset();
  if (!kept_.empty()) kept_.clear();
}

void Frame::body_is(std::string_view body, base::Ptr<base::Shared> owner) noexcept {
  body_ = body;
  body_owner_ = std::move(owner);
}

void Frame::set(std::string_view name, std::string_view value) {
  const Header header{keep(name), keep(value)};
  plain = plain && is_plain_name(name) && is_plain_value(value);
  const auto first = std::ranges::find(headers_, header.name, &Header::name);
  if (first == headers_.end()) {
    append(header.name, header.value);
    return;
  }
  *first = header;
  headers_.erase(std::remove_if(first + 1, headers_.end(),
                                [&](const Header& h) { return h.name == header.name; }),
                 headers_.end());
  reindex();
}

bool Frame::remove(std::string_view name) {
  const auto gone = std::erase_if(headers_, [&](const Header& h) { return h.name == name; });
  reindex();
  return gone != 0;
}

void Frame::set_body(std::string_view body) {
  body_ = keep(body);
  body_owner_.reset();
}

std::string_view Frame::keep(std::string_view text) { return kept_.emplace_back(text); }

void Frame::own_everything() {
  word = keep(word);
  for (auto& h : headers_) {
    const Header kept{keep(h.name), keep(h.value)};
    if (h.known == Name::passcode) wipe(h.value);
    h = kept;
  }
  if (!body_owner_) body_ = keep(body_);
}

void Frame::wipe_passcode() noexcept {
  for (const auto& h : headers_) {
    if (h.known == Name::passcode) wipe(h.value);
  }
}

void Frame::reindex() noexcept {
  known_ = nowhere();
  for (std::size_t i = 0; i < headers_.size(); ++i) note_place(headers_[i].known, i);
}

}  // namespace romp::stomp
