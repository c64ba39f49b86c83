// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace romp {

using fake_headers = std::vector<std::pair<std::string, std::string>>;

inline std::string fake_text(romp_str s) {
  return s.data ? std::string(s.data, s.len) : std::string();
}

inline fake_headers fake_headers_of(const romp_header* list, std::uint32_t count) {
  fake_headers headers;
  for (std::uint32_t i = 0; i < count; ++i) {
    headers.emplace_back(fake_text(list[i].name), fake_text(list[i].value));
  }
  return headers;
}

/// The words of the commands, for romp_frame.verb.
inline const char* fake_verb(std::uint32_t command) {
  switch (command) {
    case ROMP_CMD_CONNECT:
      return "CONNECT";
    case ROMP_CMD_STOMP:
      return "STOMP";
    case ROMP_CMD_SEND:
      return "SEND";
    case ROMP_CMD_SUBSCRIBE:
      return "SUBSCRIBE";
    case ROMP_CMD_UNSUBSCRIBE:
      return "UNSUBSCRIBE";
    case ROMP_CMD_ACK:
      return "ACK";
    case ROMP_CMD_NACK:
      return "NACK";
    case ROMP_CMD_BEGIN:
      return "BEGIN";
    case ROMP_CMD_COMMIT:
      return "COMMIT";
    case ROMP_CMD_ABORT:
      return "ABORT";
    case ROMP_CMD_DISCONNECT:
      return "DISCONNECT";
    case ROMP_CMD_CONNECTED:
      return "CONNECTED";
    case ROMP_CMD_MESSAGE:
      return "MESSAGE";
    case ROMP_CMD_RECEIPT:
      return "RECEIPT";
    case ROMP_CMD_ERROR:
      return "ERROR";
    default:
      return "NOSUCH";
  }
}

/// A frame that a test makes, and looks at after the filters have run.
class fake_frame {
 public:
  fake_frame() = default;
  fake_frame(std::uint32_t cmd, fake_headers list, std::string bytes = {})
      : command(cmd), headers(std::move(list)), body(std::move(bytes)) {}
  fake_frame(const fake_frame& other)
      : command(other.command),
        flags(other.flags),
        headers(other.headers),
        body(other.body),
        body_size(other.body_size) {}
  fake_frame& operator=(const fake_frame&) = delete;

  std::uint32_t command = ROMP_CMD_SEND;
  std::uint32_t flags = 0;  ///< ROMP_FRAME_BODY_PENDING: the body is not shown, only its size
  fake_headers headers;
  std::string body;
  std::uint64_t body_size = 0;  ///< counts only while the body is pending

  /// The value of the first header of that name; "" when there is none.
  std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
  bool has(std::string_view name) const {
    for (const auto& entry : headers) {
      if (entry.first == name) return true;
    }
    return false;
  }

  void set(std::string_view name, std::string_view value) {
    bool found = false;
    for (auto at = headers.begin(); at != headers.end();) {
      if (at->first != name) {
        ++at;
      } else if (!found) {
        at->second = value;
        found = true;
        ++at;
      } else {
        at = headers.erase(at);
      }
    }
    if (!found) headers.emplace_back(name, value);
  }
  bool remove(std::string_view name) {
    const std::size_t before = headers.size();
    for (auto at = headers.begin(); at != headers.end();) {
      at = at->first == name ? headers.erase(at) : at + 1;
    }
    return headers.size() != before;
  }

  /// The C form, made anew from what is above; `passcode` only when it may be seen.
  romp_frame* refresh(bool credentials) {
    const bool pending = (flags & ROMP_FRAME_BODY_PENDING) != 0;
    list_.clear();
    raw_ = romp_frame{};
    for (const auto& [name, value] : headers) {
      if (name == "passcode" && !credentials) continue;
      list_.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
      if (name == "destination" && !raw_.destination.data) raw_.destination = list_.back().value;
    }
    raw_.size = sizeof raw_;
    raw_.command = command;
    raw_.flags = flags;
    raw_.header_count = static_cast<std::uint32_t>(list_.size());
    raw_.headers = list_.data();
    raw_.verb = romp_str_z(fake_verb(command));
    if (!pending) raw_.body = {body.data(), body.size()};
    raw_.body_size = pending ? body_size : body.size();
    raw_.impl = this;
    return &raw_;
  }
  romp_frame* raw() { return &raw_; }

  static fake_frame* of(const romp_frame* raw) { return static_cast<fake_frame*>(raw->impl); }

  std::atomic<int> references{0};  ///< of a retained frame

 private:
  romp_frame raw_{};
  std::vector<romp_header> list_;
};

/// A message that the plugin sent or published.
struct fake_message {
  romp_session_id session = 0;  ///< 0: published
  std::uint32_t command = 0;
  std::string destination;
  std::string content_type;
  std::string body;
  fake_headers headers;

  fake_message() = default;
  fake_message(romp_session_id to, const romp_message& m)
      : session(to),
        command(m.command),
        destination(fake_text(m.destination)),
        content_type(fake_text(m.content_type)),
        body(fake_text(m.share ? m.share->body : m.body)),
        headers(fake_headers_of(m.headers, m.header_count)) {}
  std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

}  // namespace romp
