// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/cache.hpp"
#include "base/shared.hpp"
#include "broker/selector.hpp"

namespace romp::broker {

/// In which spelling a header block is written: the versions of STOMP escape differently.
enum class Spelling : std::uint8_t { v1_0, v1_1, v1_2 };

class Message;
using MessagePtr = base::Ptr<Message>;

/// What the broker routes. Immutable once it is published, shared by all who get it; any thread.
///
/// Holds the header block ready for the wire and the body behind it, so that a delivery adds only
/// its own head. Whoever makes one fills `head()` and `body()`, then publishes it.
class Message final : public base::Shared, public HeaderLookup {
 public:
  /// Headers that need another spelling for some version; only then is there one.
  struct Respelled {
    std::string v1_0, v1_1;  ///< whole header blocks, as `head` is for 1.2
    std::string raw;         ///< name NUL value NUL ..., as the sender meant them
  };

  /// Takes memory for a header block and a body of these sizes, in one piece.
  static MessagePtr make(std::size_t head_size, std::size_t body_size);
  /// The same, for a body that lies elsewhere; `body` must end with a NUL behind its last octet.
  static MessagePtr make(std::size_t head_size, std::string_view body,
                         base::Ptr<base::Shared> owner);

  // Until it is published:
  char* mutable_head() noexcept { return text(); }
  char* mutable_body() noexcept { return text() + head_size_; }
  std::unique_ptr<Respelled> respelled;
  std::uint64_t sender = 0;    ///< the session that sent it; 0: none
  std::int64_t expires = 0;    ///< ms since 1970; 0: never
  std::uint64_t sequence = 0;  ///< given by the destination: unique and rising there
  std::uint32_t place = 0;  ///< the destination's number; with the sequence, unique in the broker

  /// The header lines from `destination` on and the empty line.
  std::string_view head(Spelling spelling) const noexcept;
  /// Without the NUL that always stands behind it.
  std::string_view body() const noexcept { return body_; }
  const base::Ptr<base::Shared>& body_owner() const noexcept { return body_owner_; }

  /// Head, body and NUL where they lie in one piece, else empty.
  std::string_view in_one_piece(Spelling spelling) const noexcept;

  /// A header by name, as its sender meant it.
  std::optional<std::string_view> header(std::string_view name) const override;

  /// Calls `use(name, value)` for every header, in order.
  template <class F>
  void each_header(F use) const;

  bool expired(std::int64_t now_ms) const noexcept { return expires != 0 && expires <= now_ms; }

  /// Whoever is about to deliver it, and perhaps to end it, on another processor than its maker's
  /// asks for it a little earlier.
  void prefetch() const noexcept { base::prefetch_to_change(this, sizeof(Message)); }

  /// Octets of memory it takes.
  std::size_t footprint() const noexcept { return sizeof(Message) + head_size_ + body_.size(); }

 private:
  Message(std::size_t head_size, std::string_view body, base::Ptr<base::Shared> owner) noexcept;
  ~Message() override = default;
  void dispose() noexcept override;

  char* text() noexcept { return reinterpret_cast<char*>(this + 1); }
  const char* text() const noexcept { return reinterpret_cast<const char*>(this + 1); }

  std::uint32_t head_size_;
  std::string_view body_;
  base::Ptr<base::Shared> body_owner_;
};

/// A body too large to be copied: received in place, then part of a message.
class Body final : public base::Shared {
 public:
  static base::Ptr<Body> make(std::size_t size);

  char* octets() noexcept { return reinterpret_cast<char*>(this + 1); }
  std::size_t size() const noexcept { return size_; }

 private:
  explicit Body(std::size_t size) noexcept : size_(size) {}
  ~Body() override = default;
  void dispose() noexcept override;

  std::size_t size_;
};

template <class F>
void Message::each_header(F use) const {
  const bool raw = respelled != nullptr;
  std::string_view rest = raw ? std::string_view(respelled->raw) : head(Spelling::v1_2);
  const char behind_name = raw ? '\0' : ':';
  const char behind_value = raw ? '\0' : '\n';
  while (rest.size() > 1) {
    const auto colon = rest.find(behind_name);
    const auto end = rest.find(behind_value, colon + 1);
    use(rest.substr(0, colon), rest.substr(colon + 1, end - colon - 1));
    rest.remove_prefix(end + 1);
  }
}

}  // namespace romp::broker
