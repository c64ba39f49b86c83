// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <iterator>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace romp {
inline namespace v1 {

inline std::string_view view(romp_str s) noexcept { return {s.data ? s.data : "", s.len}; }
inline romp_str str(std::string_view s) noexcept {
  return romp_str_n(s.data() ? s.data() : "", s.size());
}

/// What a frame filter returns; one that returns nothing means `next`. To reject, throw
/// romp::reject, or return frame::reject() where many are expected.
enum class verdict : romp_verdict {
  next = ROMP_CONTINUE,    ///< not mine: the next filter, then the built-in effect
  handled = ROMP_HANDLED,  ///< done; a receipt is still sent
  rejected = ROMP_REJECT,  ///< only as the result of frame::reject()
  later = ROMP_DEFER       ///< frame::defer() was called; romp::deferred has the last word
};
inline constexpr verdict next = verdict::next;
inline constexpr verdict handled = verdict::handled;
inline constexpr verdict later = verdict::later;

/// A set of commands: `romp::send | romp::subscribe`.
struct commands {
  std::uint64_t mask;
  friend constexpr commands operator|(commands a, commands b) noexcept { return {a.mask | b.mask}; }
};
inline constexpr commands connect{ROMP_MASK(ROMP_CMD_CONNECT) | ROMP_MASK(ROMP_CMD_STOMP)};
inline constexpr commands send{ROMP_MASK(ROMP_CMD_SEND)};
inline constexpr commands subscribe{ROMP_MASK(ROMP_CMD_SUBSCRIBE)};
inline constexpr commands unsubscribe{ROMP_MASK(ROMP_CMD_UNSUBSCRIBE)};
inline constexpr commands ack{ROMP_MASK(ROMP_CMD_ACK)};
inline constexpr commands nack{ROMP_MASK(ROMP_CMD_NACK)};
inline constexpr commands begin{ROMP_MASK(ROMP_CMD_BEGIN)};
inline constexpr commands commit{ROMP_MASK(ROMP_CMD_COMMIT)};
inline constexpr commands abort{ROMP_MASK(ROMP_CMD_ABORT)};
inline constexpr commands disconnect{ROMP_MASK(ROMP_CMD_DISCONNECT)};
inline constexpr commands unknown{ROMP_MASK(ROMP_CMD_UNKNOWN)};
inline constexpr commands connected{ROMP_MASK(ROMP_CMD_CONNECTED)};
inline constexpr commands message{ROMP_MASK(ROMP_CMD_MESSAGE)};
inline constexpr commands receipt{ROMP_MASK(ROMP_CMD_RECEIPT)};
inline constexpr commands error{ROMP_MASK(ROMP_CMD_ERROR)};
inline constexpr commands any{ROMP_MASK_ANY};

/// Where in the life of a frame a filter runs; see ROMP_STAGE_ in plugin.h.
enum class stage : std::uint32_t {
  accept = ROMP_STAGE_ACCEPT,
  auth = ROMP_STAGE_AUTH,
  frame = ROMP_STAGE_FRAME,
  pre_route = ROMP_STAGE_PRE_ROUTE,
  post_route = ROMP_STAGE_POST_ROUTE,
  outbound = ROMP_STAGE_OUTBOUND,
  unhandled = ROMP_STAGE_UNHANDLED
};

enum class scope : std::uint32_t { frame = ROMP_SCOPE_FRAME, session = ROMP_SCOPE_SESSION };
enum class closing : std::uint32_t { drain = ROMP_CLOSE_DRAIN, now = ROMP_CLOSE_NOW };

/// Throw it anywhere in a filter: the client gets an ERROR frame with `reply`, the log gets `log`,
/// and a fatal one closes the session.
struct reject : std::exception {
  explicit reject(std::string reply_text, std::string log_text = {}, bool close_session = false)
      : reply(std::move(reply_text)), log(std::move(log_text)), fatal(close_session) {}
  const char* what() const noexcept override { return reply.c_str(); }

  std::string reply;
  std::string log;  ///< empty: `reply` is logged
  bool fatal;
};

/// A host function said no, or the plugin itself gives up: in create and start it is what the
/// operator reads, in a callback it counts as a fault of the plugin.
class failure : public std::runtime_error {
 public:
  failure(romp_status status, const std::string& text) : runtime_error(text), status_(status) {}
  romp_status status() const noexcept { return status_; }

 private:
  romp_status status_;
};

namespace detail {

inline const char* name_of(romp_status status) noexcept {
  constexpr const char* names[] = {"OK",        "INVAL",  "NOMEM",       "GONE",   "DENIED",
                                   "TOOBIG",    "AGAIN",  "UNSUPPORTED", "EXISTS", "NOTFOUND",
                                   "CANCELLED", "THREAD", "STATE",       "FAULT"};
  const std::size_t index = status <= 0 ? std::size_t(-std::int64_t{status}) : sizeof names;
  return index < sizeof names / sizeof *names ? names[index] : "unknown status";
}

/// Throws failure("what: STATUS") for a negative status.
inline void check(romp_status status, const char* what) {
  if (status < 0) throw failure(status, std::string(what) + ": ROMP_E_" + name_of(status));
}

/// For what may be sent in vain: false when the receiver is gone or slow, throws for mistakes.
inline bool accepted(romp_status status, const char* what) {
  if (status == ROMP_E_GONE || status == ROMP_E_AGAIN || status == ROMP_E_CANCELLED) return false;
  check(status, what);
  return true;
}

inline romp_error error_of(const reject& r) noexcept {
  romp_error e{};
  e.size = sizeof e;
  e.flags = r.fatal ? ROMP_ERR_FATAL : 0u;
  e.reply = str(r.reply);
  if (!r.log.empty()) e.log = str(r.log);
  return e;
}

/// Inside a catch block: tells the host what was thrown and returns a negative status.
inline romp_status fail(const romp_host* host) noexcept {
  try {
    throw;
  } catch (const failure& e) {
    return host->fail(host, e.status() < 0 ? e.status() : ROMP_E_FAULT, str(e.what()));
  } catch (const std::bad_alloc&) {
    return host->fail(host, ROMP_E_NOMEM, ROMP_STR("out of memory"));
  } catch (const std::exception& e) {
    return host->fail(host, ROMP_E_FAULT, str(e.what()));
  } catch (...) {
    return host->fail(host, ROMP_E_FAULT, ROMP_STR("unknown exception"));
  }
}

/// Inside a catch block of a callback that returns nothing: the log is the only place.
inline void log_thrown(const romp_host* host) noexcept {
  try {
    throw;
  } catch (const std::exception& e) {
    host->log(host, ROMP_LOG_ERROR, str(e.what()));
  } catch (...) {
    host->log(host, ROMP_LOG_ERROR, ROMP_STR("unknown exception"));
  }
}

}  // namespace detail

/// One header of a frame, as views into it.
struct header {
  std::string_view name;
  std::string_view value;
};

/// The headers of a frame, for a range-based for loop.
class headers {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = header;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = header;

    explicit iterator(const romp_header* at) noexcept : at_(at) {}
    header operator*() const noexcept { return {view(at_->name), view(at_->value)}; }
    iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    bool operator==(const iterator& other) const noexcept { return at_ == other.at_; }
    bool operator!=(const iterator& other) const noexcept { return at_ != other.at_; }

   private:
    const romp_header* at_;
  };

  headers(const romp_header* first, std::uint32_t count) noexcept : first_(first), count_(count) {}
  iterator begin() const noexcept { return iterator(first_); }
  iterator end() const noexcept { return iterator(first_ + count_); }
  std::size_t size() const noexcept { return count_; }
  bool empty() const noexcept { return count_ == 0; }

 private:
  const romp_header* first_;
  std::uint32_t count_;
};

}  // namespace v1
}  // namespace romp
