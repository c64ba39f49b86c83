// SPDX-License-Identifier: Apache-2.0
#include "plugin/host_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t all_capabilities = (ROMP_CAP_HTTP << 1U) - 1;

romp_verdict nothing(void*, const romp_ctx*, romp_frame*) { return ROMP_CONTINUE; }

romp_filter a_filter(const char* name = "f") {
  romp_filter f{};
  f.size = sizeof f;
  f.stage = ROMP_STAGE_FRAME;
  f.commands = ROMP_MASK(ROMP_CMD_SEND);
  f.name = name;
  f.on_frame = nothing;
  return f;
}

class HostApiTest : public PluginTest {
 protected:
  /// Runs the body in create and returns what create() says.
  std::string in_create(const std::function<void(const romp_host*)>& body,
                        std::uint64_t capabilities = ROMP_CAP_FRAMES) {
    plugin = std::make_unique<ScriptedPlugin>("p", capabilities);
    plugin->create = [&](const romp_config*) { return body(plugin->host), ROMP_OK; };
    return plugin->load(environment());
  }
  romp_status add(const romp_filter& f, std::uint64_t capabilities = ROMP_CAP_FRAMES) {
    romp_status status = ROMP_OK;
    in_create([&](const romp_host* h) { status = h->add_filter(h, &f); }, capabilities);
    return status;
  }

  std::unique_ptr<ScriptedPlugin> plugin;
};

TEST_F(HostApiTest, TheTableIsWholeAndSaysWhoItIs) {
  in_create([](const romp_host* h) {
    EXPECT_EQ(h->size, sizeof(romp_host));
    EXPECT_EQ(h->abi, ROMP_ABI(1, 0));
    EXPECT_THAT(h->version, testing::StartsWith("romp/"));
    EXPECT_STREQ(h->instance, "p");
    const auto* bytes = reinterpret_cast<const char*>(h);
    for (std::size_t at = offsetof(romp_host, get_interface); at < sizeof *h; at += sizeof(void*)) {
      void* function = nullptr;
      std::memcpy(&function, bytes + at, sizeof function);
      EXPECT_NE(function, nullptr) << "at " << at;
    }
  });
}

TEST_F(HostApiTest, FiltersThatMakeNoSenseAreRefused) {
  const auto with = [](auto&& change) {
    auto f = a_filter();
    change(f);
    return f;
  };
  EXPECT_EQ(add(a_filter()), ROMP_OK);
  EXPECT_EQ(add(with([](romp_filter& f) { f.name = nullptr; })), ROMP_E_INVAL);
  EXPECT_EQ(add(with([](romp_filter& f) { f.name = "two words"; })), ROMP_E_INVAL);
  EXPECT_EQ(add(with([](romp_filter& f) { f.on_frame = nullptr; })), ROMP_E_INVAL);
  EXPECT_EQ(add(with([](romp_filter& f) { f.commands = 0; })), ROMP_E_INVAL);
  EXPECT_EQ(add(with([](romp_filter& f) { f.stage = 7; })), ROMP_E_INVAL);
  EXPECT_EQ(add(with([](romp_filter& f) { f.flags = 0x10; })), ROMP_E_INVAL);
  EXPECT_EQ(add(with([](romp_filter& f) { f.header = ""; })), ROMP_E_INVAL);
  EXPECT_EQ(add(with([](romp_filter& f) { f.size = 8; })), ROMP_E_INVAL);
  const auto defers = [&](std::uint32_t stage) {
    return with([stage](romp_filter& f) { f.stage = stage, f.flags = ROMP_FILTER_MAY_DEFER; });
  };
  EXPECT_EQ(add(defers(ROMP_STAGE_OUTBOUND)), ROMP_E_INVAL);
  EXPECT_EQ(add(defers(ROMP_STAGE_POST_ROUTE)), ROMP_E_INVAL);
  EXPECT_EQ(add(defers(ROMP_STAGE_ACCEPT)), ROMP_OK);
  const auto mutates = [&](std::uint32_t stage) {
    return with([stage](romp_filter& f) { f.stage = stage, f.flags = ROMP_FILTER_MUTATES; });
  };
  EXPECT_EQ(add(mutates(ROMP_STAGE_POST_ROUTE), all_capabilities), ROMP_E_INVAL);
  EXPECT_EQ(add(mutates(ROMP_STAGE_OUTBOUND), all_capabilities), ROMP_OK);
}

TEST_F(HostApiTest, FiltersWantTheirCapabilities) {
  auto f = a_filter();
  EXPECT_EQ(add(f, 0), ROMP_E_DENIED);
  f.flags = ROMP_FILTER_MUTATES;
  EXPECT_EQ(add(f), ROMP_E_DENIED);
  EXPECT_EQ(add(f, ROMP_CAP_FRAMES | ROMP_CAP_MUTATE), ROMP_OK);
  f = a_filter();
  f.stage = ROMP_STAGE_AUTH;
  EXPECT_EQ(add(f), ROMP_E_DENIED);
  EXPECT_EQ(add(f, ROMP_CAP_FRAMES | ROMP_CAP_AUTH), ROMP_OK);
  f = a_filter();
  f.header = "passcode";
  EXPECT_EQ(add(f), ROMP_E_DENIED);
}

TEST_F(HostApiTest, NamesOfFiltersAreUnique) {
  in_create([](const romp_host* h) {
    const auto f = a_filter("same");
    EXPECT_EQ(h->add_filter(h, &f), ROMP_OK);
    EXPECT_EQ(h->add_filter(h, &f), ROMP_E_EXISTS);
  });
}

TEST_F(HostApiTest, UnknownBytesAtTheEndMustBeZero) {
  struct Newer {
    romp_filter filter;
    std::uint64_t more;
  } newer{a_filter(), 0};
  newer.filter.size = sizeof newer;
  EXPECT_EQ(add(newer.filter), ROMP_OK);
  newer.more = 1;
  testing::internal::CaptureStderr();
  EXPECT_EQ(add(newer.filter), ROMP_E_TOOBIG);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("plugin p: add_filter: 8 bytes beyond ABI 1.0 are not zero "
                        "(ROMP_E_TOOBIG)"));
}

TEST_F(HostApiTest, ARefusedFilterIsTheReasonOfAFailingCreate) {
  auto f = a_filter();
  f.commands = 0;
  ScriptedPlugin p("p");
  p.create = [&](const romp_config*) { return p.host->add_filter(p.host, &f); };
  EXPECT_EQ(p.load(environment()),
            "create failed (-1): add_filter: commands is 0: it would never run (ROMP_E_INVAL)");
}

TEST_F(HostApiTest, ASizeThatCannotBeTrueIsNotRead) {
  auto f = a_filter();
  f.size = 0xffffffff;
  EXPECT_EQ(add(f), ROMP_E_TOOBIG);
}

TEST_F(HostApiTest, InCreateNothingCanBeSent) {
  in_create(
      [](const romp_host* h) {
        const auto m = message_of("/queue/a", "x");
        const auto task = [](void*, romp_status) {};
        romp_timer_id id = 0;
        EXPECT_EQ(h->publish(h, &m), ROMP_E_STATE);
        EXPECT_EQ(h->session_send(h, 1, &m), ROMP_E_STATE);
        EXPECT_EQ(h->session_close(h, 1, 0, ROMP_STR("")), ROMP_E_STATE);
        EXPECT_EQ(h->post(h, task, nullptr), ROMP_E_STATE);
        EXPECT_EQ(h->post_worker(h, task, nullptr), ROMP_E_STATE);
        EXPECT_EQ(h->timer_start(h, 0, 0, task, nullptr, &id), ROMP_E_STATE);
        EXPECT_EQ(h->resume(h, 1, ROMP_CONTINUE, nullptr), ROMP_E_STATE);
      },
      all_capabilities);
}

TEST_F(HostApiTest, InStartEverythingCanBeSentAndNothingAdded) {
  ScriptedPlugin p("p", all_capabilities);
  p.start = [&] {
    const auto* h = p.host;
    const auto m = message_of("/queue/a", "x");
    const auto f = a_filter();
    romp_metric_id id = 0;
    romp_str out{};
    EXPECT_EQ(h->publish(h, &m), ROMP_OK);
    EXPECT_EQ(h->session_send(h, 1, &m), ROMP_OK);
    EXPECT_EQ(h->add_filter(h, &f), ROMP_E_STATE);
    EXPECT_EQ(h->metric_define(h, ROMP_METRIC_GAUGE, "x", "", &id), ROMP_E_STATE);
    EXPECT_EQ(h->config_get(h, nullptr, "x", &out), ROMP_E_STATE);
    return ROMP_OK;
  };
  run(p);
}

TEST_F(HostApiTest, OnceRunningNothingCanBeAdded) {
  ScriptedPlugin p("p", all_capabilities);
  run(p);
  const auto f = a_filter();
  EXPECT_EQ(p.host->add_filter(p.host, &f), ROMP_E_STATE);
  EXPECT_EQ(p.instance->filters().size(), 0U);
}

TEST_F(HostApiTest, RegistrationIsForTheControlThread) {
  in_create([](const romp_host* h) {
    std::jthread([&] {
      const auto f = a_filter();
      romp_metric_id id = 0;
      EXPECT_EQ(h->add_filter(h, &f), ROMP_E_THREAD);
      EXPECT_EQ(h->metric_define(h, ROMP_METRIC_GAUGE, "x", "", &id), ROMP_E_THREAD);
      EXPECT_EQ(h->fail(h, ROMP_E_INVAL, ROMP_STR("from a thread of its own")), ROMP_E_INVAL);
    }).join();
  });
}

TEST_F(HostApiTest, OneInstanceCannotUseTheTableOfAnother) {
  ScriptedPlugin a("a");
  ScriptedPlugin b("b");
  const auto f = a_filter();
  ASSERT_EQ(a.load(environment(), 0), "");
  b.create = [&](const romp_config*) {
    EXPECT_EQ(a.host->add_filter(a.host, &f), ROMP_E_STATE);
    return ROMP_OK;
  };
  ASSERT_EQ(b.load(environment(), 1), "");
}

TEST_F(HostApiTest, SettingsAreReadByKeyNumberAndIndex) {
  ScriptedPlugin p("p");
  romp_config config;
  config.values = {{"name", "x", {}}, {"wait", "2s", 2'000'000'000}};
  p.create = [&](const romp_config* c) {
    const auto* h = p.host;
    romp_str out{};
    romp_str key{};
    std::int64_t number = 0;
    EXPECT_EQ(h->config_get(h, c, "name", &out), ROMP_OK);
    EXPECT_EQ(view(out), "x");
    EXPECT_EQ(h->config_get(h, c, "wait", &out), ROMP_OK);
    EXPECT_EQ(view(out), "2s");
    EXPECT_EQ(h->config_get(h, c, "nope", &out), ROMP_E_NOTFOUND);
    EXPECT_EQ(h->config_int(h, c, "wait", &number), ROMP_OK);
    EXPECT_EQ(number, 2'000'000'000);
    EXPECT_EQ(h->config_int(h, c, "name", &number), ROMP_E_INVAL);
    EXPECT_EQ(h->config_int(h, c, "nope", &number), ROMP_E_NOTFOUND);
    EXPECT_EQ(h->config_at(h, c, 1, &key, &out), ROMP_OK);
    EXPECT_EQ(view(key), "wait");
    EXPECT_EQ(h->config_at(h, c, 2, &key, &out), ROMP_E_NOTFOUND);
    EXPECT_EQ(h->config_get(h, nullptr, "name", &out), ROMP_E_INVAL);
    EXPECT_EQ(h->config_get(h, c, nullptr, &out), ROMP_E_INVAL);
    EXPECT_EQ(h->config_get(h, c, "name", nullptr), ROMP_E_INVAL);
    return ROMP_OK;
  };
  ASSERT_EQ(p.load(environment(), 0, std::move(config)), "");
}

TEST_F(HostApiTest, WhatComesLaterSaysUnsupported) {
  ScriptedPlugin p("p", all_capabilities);
  run(p);
  const auto* h = p.host;
  EXPECT_EQ(h->get_interface(h, "romp.client/2"), nullptr);
}

TEST_F(HostApiTest, FunctionsOfOneThreadRefuseTheOthers) {
  ScriptedPlugin p("p", all_capabilities);
  const romp_config* config = nullptr;
  romp_status from_a_thread = ROMP_OK;
  p.create = [&](const romp_config* given) {
    config = given;
    std::jthread([&] {
      const auto f = a_filter();
      from_a_thread = p.host->add_filter(p.host, &f);
    });
    return ROMP_OK;
  };
  run(p);
  EXPECT_EQ(from_a_thread, ROMP_E_THREAD);
  const auto* h = p.host;
  romp_str out{};
  const romp_error error{sizeof(romp_error), 0, {}, {}};
  EXPECT_EQ(h->config_get(h, config, "x", &out), ROMP_E_THREAD);
  EXPECT_EQ(h->attr_get(h, nullptr, 0, ROMP_STR("k"), &out), ROMP_E_THREAD);
  EXPECT_EQ(h->attr_set(h, nullptr, 0, ROMP_STR("k"), ROMP_STR("v")), ROMP_E_THREAD);
  EXPECT_EQ(h->reject(h, nullptr, &error), ROMP_E_THREAD);
  romp_defer_id id = 0;
  EXPECT_EQ(h->defer(h, nullptr, &id), ROMP_E_THREAD);
  romp_frame frame{};
  EXPECT_EQ(h->frame_set_header(h, &frame, ROMP_STR("k"), ROMP_STR("v")), ROMP_E_THREAD);
  const auto f = a_filter();
  EXPECT_EQ(h->add_filter(h, &f), ROMP_E_STATE);
  EXPECT_EQ(h->add_events(h, 1, nullptr, nullptr), ROMP_E_STATE);
}

TEST_F(HostApiTest, MetricsAreDefinedInCreateAndMovedFromAnywhere) {
  ScriptedPlugin p("p");
  romp_metric_id id = 0;
  p.create = [&](const romp_config*) {
    return p.host->metric_define(p.host, ROMP_METRIC_COUNTER, "seen", "frames seen", &id);
  };
  run(p);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) p.host->metric_add(p.host, id, 1);
      });
    }
  }
  EXPECT_EQ(p.instance->metrics().find("seen")->value, 4000.0);
}

TEST_F(HostApiTest, LogLevelsAreThoseOfTheHost) {
  in_create([](const romp_host* h) {
    EXPECT_EQ(h->log_enabled(h, ROMP_LOG_ERROR), 1);
    EXPECT_EQ(h->log_enabled(h, ROMP_LOG_TRACE), 0);
    EXPECT_EQ(h->log_enabled(h, 99), 0);
    h->log(h, ROMP_LOG_ERROR, romp_str{nullptr, 99});
  });
}

TEST_F(HostApiTest, ANullHostIsAnErrorNotACrash) {
  in_create([](const romp_host* h) { EXPECT_EQ(h->post(nullptr, nullptr, nullptr), ROMP_E_GONE); });
}

}  // namespace
}  // namespace romp::plugin::test
