// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/shared.hpp"

namespace romp::stomp {

/// The commands of STOMP 1.2, numbered as in the plugin ABI (ROMP_CMD_*).
enum class Command : std::uint8_t {
  connect = 0,
  stomp = 1,
  send = 2,
  subscribe = 3,
  unsubscribe = 4,
  ack = 5,
  nack = 6,
  begin = 7,
  commit = 8,
  abort = 9,
  disconnect = 10,
  connected = 16,
  message = 17,
  receipt = 18,
  error = 19,
  unknown = 63,  ///< a well-formed word that is no command; filters may take it (stage UNHANDLED)
};

/// "SEND" for Command::send; "" for unknown.
std::string_view name_of(Command command) noexcept;
Command command_of(std::string_view word) noexcept;

enum class Version : std::uint8_t { v1_0, v1_1, v1_2 };
std::string_view name_of(Version version) noexcept;

/// Header names the broker itself reads; a frame finds these without a search.
enum class Name : std::uint8_t {
  accept_version,
  ack,
  content_length,
  content_type,
  destination,
  durable,
  expiration,
  expires,
  heart_beat,
  host,
  id,
  login,
  message_id,
  passcode,
  persistent,
  prefetch_count,
  priority,
  receipt,
  redelivered,
  reply_to,
  requeue,
  selector,
  subscription,
  transaction,
  count_,
  other = count_,
};
Name classify(std::string_view name) noexcept;

struct Header {
  Header(std::string_view n, std::string_view v) noexcept : name(n), value(v), known(classify(n)) {}

  std::string_view name;
  std::string_view value;
  Name known;  ///< what `name` is to the broker
};

/// One frame: command, headers, body, as views of memory that somebody else keeps.
///
/// The parser fills it in place: headers are unescaped, in wire order, and of a repeated name the
/// first counts. What `set` and `set_body` are given is copied and kept by the frame itself.
/// A frame is used by one thread at a time. One that was moved from is good for `clear` only.
class Frame {
 public:
  Frame() = default;
  Frame(Frame&&) = default;
  Frame& operator=(Frame&&) = default;

  Command command = Command::unknown;
  std::string_view word;  ///< the command as sent
  /// No header needs another spelling in another version of STOMP: see is_plain_value. False may
  /// also mean that nobody knows.
  bool plain = true;

  std::span<const Header> headers() const noexcept { return headers_; }
  std::string_view body() const noexcept { return body_; }

  /// Who keeps the body of a large frame alive; null where the body lies in the read buffer.
  const base::Ptr<base::Shared>& body_owner() const noexcept { return body_owner_; }

  /// The first value of a header; `data()` is null where it is absent.
  std::string_view find(Name name) const noexcept {
    const auto at = known_[static_cast<std::size_t>(name)];
    return at == absent ? std::string_view{} : headers_[at].value;
  }
  std::string_view find(std::string_view name) const noexcept;
  bool has(Name name) const noexcept { return known_[static_cast<std::size_t>(name)] != absent; }

  /// Empties the frame and keeps its memory.
  void clear() noexcept;

  /// Appends a header that outlives the frame's use: no copy.
  void append(std::string_view name, std::string_view value) {
    const Header& added = headers_.emplace_back(name, value);
    note_place(added.known, headers_.size() - 1);
  }
  void body_is(std::string_view body, base::Ptr<base::Shared> owner = {}) noexcept;

  /// Replaces every header of that name by one, or adds it. Copies both.
  void set(std::string_view name, std::string_view value);
  /// True when there was one.
  bool remove(std::string_view name);
  /// Copies the body.
  void set_body(std::string_view body);

  /// Copies text into the frame's own memory, where it stays until `clear`.
  std::string_view keep(std::string_view text);

  /// For the parser, which decodes in place. A change must not make another known name of one.
  std::span<Header> raw_headers() noexcept { return headers_; }

  /// Copies everything that lies in somebody else's memory, so that the frame may outlive it. The
  /// passcode is overwritten there.
  void own_everything();
  /// Overwrites the passcode where it lies, which must be memory that can be written, as a read
  /// buffer is.
  void wipe_passcode() noexcept;

 private:
  using Place = std::uint16_t;
  using Places = std::array<Place, static_cast<std::size_t>(Name::count_)>;
  static constexpr Place absent = 0xffff;

  static constexpr Places nowhere() noexcept {
    Places places{};
    places.fill(absent);
    return places;
  }

  void note_place(Name known, std::size_t at) noexcept {
    if (known == Name::other || at >= absent) return;
    Place& place = known_[static_cast<std::size_t>(known)];
    if (place == absent) place = static_cast<Place>(at);
  }
  void reindex() noexcept;

  std::vector<Header> headers_;
  Places known_ = nowhere();  ///< where in headers_ each known name first stands
  std::string_view body_;
  base::Ptr<base::Shared> body_owner_;
  std::deque<std::string> kept_;
};

}  // namespace romp::stomp
