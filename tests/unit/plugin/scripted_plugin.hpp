// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugin/chain.hpp"
#include "plugin/instance.hpp"
#include "plugin/text.hpp"
#include "unit/plugin/fake_gateway.hpp"

namespace romp::plugin::test {

/// A filter as most are: at stage FRAME, on SEND, for any destination.
inline romp_filter usual(std::uint32_t flags = 0) {
  romp_filter f{};
  f.stage = ROMP_STAGE_FRAME;
  f.flags = flags;
  return f;
}

/// A plugin whose C functions do what a test says.
class ScriptedPlugin {
 public:
  using OnFrame = std::function<romp_verdict(const romp_ctx*, romp_frame*)>;

  explicit ScriptedPlugin(const char* id = "scripted", std::uint64_t capabilities = ROMP_CAP_FRAMES,
                          std::uint32_t flags = 0) {
    descriptor.size = sizeof descriptor;
    descriptor.abi = ROMP_ABI(1, 0);
    descriptor.id = id;
    descriptor.version = "1.0.0";
    descriptor.capabilities = capabilities;
    descriptor.flags = flags;
    descriptor.create = create_thunk;
    descriptor.start = [](void* self) { return of(self).run(of(self).start); };
    descriptor.stop = [](void* self) { of(self).run_quietly(of(self).stop); };
    descriptor.destroy = [](void* self) { of(self).run_quietly(of(self).destroy); };
    descriptor.drop_slot = [](void* self, void* slot) { of(self).dropped.push_back(slot); };
  }

  /// Registers in create; the order of calls is the order of add_filter.
  ScriptedPlugin& filter(romp_filter f, OnFrame on_frame) {
    f.size = sizeof f;
    if (f.name == nullptr)
      f.name = names_.emplace_back("f" + std::to_string(names_.size())).c_str();
    if (f.commands == 0) f.commands = ROMP_MASK(ROMP_CMD_SEND);
    f.on_frame = [](void* user, const romp_ctx* ctx, romp_frame* frame) {
      return (*static_cast<OnFrame*>(user))(ctx, frame);
    };
    f.user = &functions_.emplace_back(std::move(on_frame));
    filters_.push_back(f);
    return *this;
  }

  /// Makes and creates the instance; what create() says when it fails.
  std::string load(const Environment& environment, std::size_t number = 0, romp_config config = {},
                   std::string name = {}) {
    if (name.empty()) name = descriptor.id;
    instance = std::make_unique<Instance>(descriptor,
                                          Instance::Setup{name,
                                                          number,
                                                          descriptor.capabilities,
                                                          std::chrono::seconds(10),
                                                          std::move(config),
                                                          config::OnFault::reject,
                                                          {.limit = 0}},
                                          environment);
    next() = this;
    return instance->create();
  }

  romp_plugin descriptor{};
  std::function<romp_status(const romp_config*)> create = [](const romp_config*) {
    return ROMP_OK;
  };
  std::function<romp_status()> start = [] { return ROMP_OK; };
  std::function<void()> stop = [] {};
  std::function<void()> destroy = [] {};
  std::vector<void*> dropped;
  const romp_host* host = nullptr;
  std::unique_ptr<Instance> instance;

 private:
  static ScriptedPlugin& of(void* self) { return *static_cast<ScriptedPlugin*>(self); }
  static ScriptedPlugin*& next() {
    static ScriptedPlugin* plugin = nullptr;
    return plugin;
  }

  static romp_status create_thunk(const romp_host* host, const romp_config* config, void** self) {
    auto& plugin = *next();
    *self = &plugin;
    plugin.host = host;
    for (const auto& f : plugin.filters_) {
      if (const auto status = host->add_filter(host, &f); status != ROMP_OK) return status;
    }
    return plugin.create(config);
  }

  romp_status run(const std::function<romp_status()>& f) { return f(); }
  void run_quietly(const std::function<void()>& f) { f(); }

  std::deque<OnFrame> functions_;
  std::deque<std::string> names_;
  std::vector<romp_filter> filters_;
};

/// A frame of a session, as the session layer keeps one that may be deferred.
struct Shot : std::enable_shared_from_this<Shot> {
  explicit Shot(Peer& peer, stomp::Command command = stomp::Command::send)
      : call(peer, frame, 1'000) {
    frame.command = command;
    frame.word = stomp::name_of(command);
  }

  static std::shared_ptr<Shot> make(Peer& peer, stomp::Command command = stomp::Command::send) {
    auto shot = std::make_shared<Shot>(peer, command);
    shot->call.owner = shot;
    return shot;
  }

  Shot& with(std::string_view name, std::string_view value) {
    frame.set(name, value);
    return *this;
  }

  stomp::Frame frame;
  Call call;
};

/// Gateway, deferrals and a session, for tests of one or several scripted plugins.
class PluginTest : public testing::Test {
 protected:
  PluginTest() {
    peer.id = 7;
    peer.user = "ann";
    peer.remote = "10.0.0.1:4711";
  }

  Environment environment() { return {gateway, deferrals}; }

  void run(ScriptedPlugin& plugin, std::size_t number = 0, romp_config config = {}) {
    ASSERT_EQ(plugin.load(environment(), number, std::move(config)), "");
    ASSERT_EQ(plugin.instance->start(), "");
  }

  static Chain chain_of(std::initializer_list<ScriptedPlugin*> plugins) {
    std::vector<Filter> filters;
    for (const auto* plugin : plugins) {
      const auto& added = plugin->instance->filters();
      filters.insert(filters.end(), added.begin(), added.end());
    }
    return Chain(std::move(filters));
  }

  FakeGateway gateway;
  Deferrals deferrals;
  Peer peer;
};

inline romp_error error_of(const char* reply, const char* log = nullptr, std::uint32_t flags = 0) {
  return {sizeof(romp_error), flags, romp_str_z(reply), romp_str_z(log)};
}

inline romp_message message_of(const char* destination, const char* body) {
  romp_message m{};
  m.size = sizeof m;
  m.destination = romp_str_z(destination);
  m.body = romp_str_z(body);
  return m;
}

}  // namespace romp::plugin::test
