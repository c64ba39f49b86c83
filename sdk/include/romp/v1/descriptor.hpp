// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace romp {
inline namespace v1 {

/// What a plugin says of itself besides id and version; a constant:
///
///   constexpr romp_config_key keys[] = {{"rate", "int", "100", "frames a second"}};
///   constexpr auto about = romp::about("Refuses what comes too fast").keys(keys).concurrent();
class about {
 public:
  constexpr explicit about(const char* title = nullptr) noexcept : title_(title) {}

  constexpr about& author(const char* name) noexcept {
    author_ = name;
    return *this;
  }
  /// ROMP_CAP_ bits. Without it: what answering frames needs, FRAMES and PUBLISH.
  constexpr about& capabilities(std::uint64_t bits) noexcept {
    capabilities_ = bits;
    return *this;
  }
  /// The keys of its ini section.
  template <std::size_t N>
  constexpr about& keys(const romp_config_key (&list)[N]) noexcept {
    keys_ = list;
    key_count_ = N;
    return *this;
  }
  /// Interfaces it cannot do without; the list ends with nullptr.
  constexpr about& needs(const char* const* ids) noexcept {
    needs_ = ids;
    return *this;
  }
  /// Its lambdas may run at the same time for different sessions.
  constexpr about& concurrent() noexcept {
    flags_ |= ROMP_PLUGIN_CONCURRENT;
    return *this;
  }
  /// On reload the old instance stops before the new one starts.
  constexpr about& exclusive() noexcept {
    flags_ |= ROMP_PLUGIN_EXCLUSIVE;
    return *this;
  }

  /// It takes new settings while it runs: plugin::on_reconfigure.
  constexpr about& reconfigures() noexcept {
    reconfigures_ = true;
    return *this;
  }
  constexpr bool does_reconfigure() const noexcept { return reconfigures_; }

  /// The descriptor, still without its functions.
  constexpr romp_plugin raw(const char* id, const char* version) const noexcept {
    romp_plugin d{};
    d.size = sizeof d;
    d.abi = ROMP_ABI(ROMP_ABI_MAJOR, ROMP_REQUIRE_MINOR);
    d.id = id;
    d.version = version;
    d.title = title_;
    d.author = author_;
    d.capabilities = capabilities_;
    d.flags = flags_;
    d.config_key_count = key_count_;
    d.config_keys = keys_;
    d.needs = needs_;
    return d;
  }

 private:
  const char* title_;
  const char* author_ = nullptr;
  std::uint64_t capabilities_ = ROMP_CAP_FRAMES | ROMP_CAP_PUBLISH;
  const romp_config_key* keys_ = nullptr;
  const char* const* needs_ = nullptr;
  std::uint32_t key_count_ = 0;
  std::uint32_t flags_ = 0;
  bool reconfigures_ = false;
};

namespace detail {

/// The lifecycle functions of the descriptor.
struct lifecycle {
  template <class Init>
  static romp_status create(const romp_host* host, const romp_config* config, void** self,
                            Init&& init) noexcept {
    try {
      auto p = std::make_unique<plugin>(host, config);
      init(*p);
      add_events(*p);
      *self = p.release();
      return ROMP_OK;
    } catch (const reject& r) {
      return host->fail(host, ROMP_E_INVAL, str(r.reply));
    } catch (...) {
      return fail(host);
    }
  }

  static romp_status start(void* self) noexcept {
    auto& p = *static_cast<plugin*>(self);
    p.started_ = true;
    try {
      for (const auto& f : p.at_start_) f();
      for (const auto& what : p.beginnings_) what->begin();
      p.beginnings_.clear();
      return ROMP_OK;
    } catch (...) {
      return fail(p.host_);
    }
  }

  static void stop(void* self) noexcept {
    auto& p = *static_cast<plugin*>(self);
    for (const auto& f : p.at_stop_) {
      try {
        f();
      } catch (...) {
        log_thrown(p.host_);
      }
    }
  }

  static romp_status reconfigure(void* self, const romp_config* config) noexcept {
    auto& p = *static_cast<plugin*>(self);
    if (p.at_reconfigure_.empty()) return ROMP_E_UNSUPPORTED;
    const romp_config* before = std::exchange(p.config_, config);
    try {
      for (const auto& f : p.at_reconfigure_) f();
      return ROMP_OK;
    } catch (...) {
      p.config_ = before;
      return fail(p.host_);
    }
  }

  static void destroy(void* self) noexcept { delete static_cast<plugin*>(self); }

  static void drop_slot(void*, void* slot) noexcept { delete static_cast<slot_base*>(slot); }

 private:
  static void add_events(plugin& p) {
    std::uint64_t mask = 0;
    for (const auto& f : p.event_filters_) mask |= ROMP_MASK(f.type);
    if (mask != 0) check(p.host_->add_events(p.host_, mask, &on_event, &p), "add_events");
  }

  static void on_event(void* user, const romp_event* raw) noexcept {
    auto& p = *static_cast<plugin*>(user);
    const event e{raw->type,         raw->session, view(raw->user), view(raw->destination),
                  view(raw->reason), raw->value};
    for (const auto& f : p.event_filters_) {
      if (f.type != e.type) continue;
      try {
        f.fn(e);
      } catch (...) {
        log_thrown(p.host_);
      }
    }
  }
};

/// The whole descriptor but for create, which knows the author's lambda.
constexpr romp_plugin describe(const char* id, const char* version, const about& text,
                               romp_status (*create)(const romp_host*, const romp_config*,
                                                     void**)) noexcept {
  romp_plugin d = text.raw(id, version);
  d.create = create;
  d.start = &lifecycle::start;
  if (text.does_reconfigure()) d.reconfigure = &lifecycle::reconfigure;
  d.stop = &lifecycle::stop;
  d.destroy = &lifecycle::destroy;
  d.drop_slot = &lifecycle::drop_slot;
  return d;
}

}  // namespace detail
}  // namespace v1
}  // namespace romp

/// Everything a C++ plugin must export; once a file. The last argument is a lambda or function that
/// takes a romp::plugin& and fills it; it runs once for each instance.
///   ROMP_PLUGIN_CPP("id", "1.0.0", [](romp::plugin& p) { .. });
#define ROMP_PLUGIN_CPP(id_, version_, ...) \
  ROMP_PLUGIN_CPP_WITH(id_, version_, romp::about(), __VA_ARGS__)

/// The same, with title, capabilities, keys and flags.
///   ROMP_PLUGIN_CPP_WITH("id", "1.0.0", romp::about("title").keys(keys), [](romp::plugin& p)
///   {..});
#define ROMP_PLUGIN_CPP_WITH(id_, version_, about_, ...)                                  \
  ROMP_NOTE_(id_, version_);                                                              \
  extern "C" ROMP_EXPORT const romp_plugin* romp_plugin_entry(std::uint32_t host_major) { \
    static constexpr romp_plugin descriptor = romp::detail::describe(                     \
        id_, version_, about_,                                                            \
        [](const romp_host* host, const romp_config* config,                              \
           void** self) noexcept -> romp_status {                                         \
          return romp::detail::lifecycle::create(host, config, self, __VA_ARGS__);        \
        });                                                                               \
    return host_major == ROMP_ABI_MAJOR ? &descriptor : nullptr;                          \
  }                                                                                       \
  static_assert(true, "")
