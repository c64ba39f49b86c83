// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class SessionApiTest : public PluginTest {
 protected:
  using Body = std::function<void(const romp_host*, const romp_ctx*)>;

  void in_filter(std::uint64_t capabilities, const Body& body,
                 std::uint32_t stage = ROMP_STAGE_FRAME) {
    make(capabilities, stage);
    call(body);
  }
  void make(std::uint64_t capabilities, std::uint32_t stage = ROMP_STAGE_FRAME) {
    romp_filter f{};
    f.stage = stage;
    plugin = std::make_unique<ScriptedPlugin>("p", ROMP_CAP_FRAMES | capabilities);
    plugin->filter(f, [this](const romp_ctx* ctx, romp_frame*) {
      (*body_)(plugin->host, ctx);
      return ROMP_CONTINUE;
    });
    run(*plugin);
    chain_ = chain_of({plugin.get()});
    shot = Shot::make(peer);
  }
  void call(const Body& body) {
    body_ = &body;
    chain_.run(plugin->instance->filters()[0].stage, shot->call);
  }

  std::unique_ptr<ScriptedPlugin> plugin;
  std::shared_ptr<Shot> shot;

 private:
  const Body* body_ = nullptr;
  Chain chain_;
};

TEST_F(SessionApiTest, TheSessionInHandIsAnsweredFreelyOthersWantTheCapability) {
  const auto m = message_of("/reply", "pong");
  in_filter(0, [&](const romp_host* h, const romp_ctx* ctx) {
    EXPECT_EQ(h->session_send(h, ctx->session, &m), ROMP_OK);
    EXPECT_EQ(h->session_send(h, 8, &m), ROMP_E_DENIED);
    EXPECT_EQ(h->session_close(h, ctx->session, ROMP_CLOSE_DRAIN, ROMP_STR("bye")), ROMP_OK);
    EXPECT_EQ(h->session_close(h, 8, ROMP_CLOSE_NOW, ROMP_STR("bye")), ROMP_E_DENIED);
    std::jthread([&] { EXPECT_EQ(h->session_send(h, 7, &m), ROMP_E_DENIED); }).join();
  });
  ASSERT_EQ(gateway.sent.size(), 1U);
  EXPECT_EQ(gateway.sent[0].session, 7U);
  EXPECT_EQ(gateway.sent[0].command, stomp::Command::message);
  EXPECT_EQ(gateway.sent[0].destination, "/reply");
  EXPECT_EQ(gateway.sent[0].body, "pong");
  EXPECT_THAT(gateway.closed, ElementsAre("7 drain: bye"));
}

TEST_F(SessionApiTest, WithTheCapabilityAnySessionIsReachedFromAnyThread) {
  make(ROMP_CAP_SESSIONS);
  const auto* h = plugin->host;
  const auto m = message_of(nullptr, "hi");
  EXPECT_EQ(h->session_send(h, 8, &m), ROMP_OK);
  EXPECT_EQ(h->session_close(h, 8, ROMP_CLOSE_NOW, ROMP_STR("spam")), ROMP_OK);
  EXPECT_THAT(gateway.closed, ElementsAre("8 now: spam"));
  EXPECT_EQ(h->session_send(h, 0, &m), ROMP_E_GONE);
  EXPECT_EQ(h->session_close(h, 8, 2, ROMP_STR("x")), ROMP_E_INVAL);
  gateway.answer = ROMP_E_AGAIN;
  EXPECT_EQ(h->session_send(h, 8, &m), ROMP_E_AGAIN);
}

TEST_F(SessionApiTest, MessagesCarryTheirHeadersAndContentType) {
  make(ROMP_CAP_PUBLISH);
  const auto* h = plugin->host;
  const romp_header headers[] = {{ROMP_STR("x"), ROMP_STR("1")}, {ROMP_STR("y"), ROMP_STR("")}};
  auto m = message_of("/queue/a", "hello");
  m.content_type = ROMP_STR("text/plain");
  m.headers = headers;
  m.header_count = 2;
  EXPECT_EQ(h->publish(h, &m), ROMP_OK);
  ASSERT_EQ(gateway.sent.size(), 1U);
  EXPECT_EQ(gateway.sent[0].destination, "/queue/a");
  EXPECT_EQ(gateway.sent[0].command, stomp::Command::send);
  EXPECT_THAT(gateway.sent[0].headers,
              ElementsAre(Pair("content-type", "text/plain"), Pair("x", "1"), Pair("y", "")));
  EXPECT_FALSE(gateway.sent[0].shared);
}

TEST_F(SessionApiTest, PublishWantsItsCapability) {
  make(0);
  const auto m = message_of("/queue/a", "hello");
  EXPECT_EQ(plugin->host->publish(plugin->host, &m), ROMP_E_DENIED);
}

TEST_F(SessionApiTest, MessagesThatBreakTheRulesAreRefused) {
  make(ROMP_CAP_PUBLISH | ROMP_CAP_SESSIONS);
  const auto* h = plugin->host;
  const auto refused = [&](auto&& change) {
    auto m = message_of("/queue/a", "hello");
    change(m);
    return h->publish(h, &m);
  };
  EXPECT_EQ(h->publish(h, nullptr), ROMP_E_INVAL);
  EXPECT_EQ(refused([](romp_message& m) { m.size = 16; }), ROMP_E_INVAL);
  EXPECT_EQ(refused([](romp_message& m) { m.size = 0x7fffffff; }), ROMP_E_TOOBIG);
  EXPECT_EQ(refused([](romp_message& m) { m.flags = 1; }), ROMP_E_INVAL);
  EXPECT_EQ(refused([](romp_message& m) { m.destination = {}; }), ROMP_E_INVAL);
  EXPECT_EQ(refused([](romp_message& m) { m.destination = ROMP_STR("a\0b"); }), ROMP_E_INVAL);
  EXPECT_EQ(refused([](romp_message& m) { m.body = {nullptr, 9}; }), ROMP_E_INVAL);
  EXPECT_EQ(refused([](romp_message& m) { m.command = ROMP_CMD_CONNECT + 1; }), ROMP_E_INVAL);
  EXPECT_EQ(refused([](romp_message& m) { m.header_count = 1; }), ROMP_E_INVAL);
  EXPECT_EQ(refused([](romp_message& m) { m.header_count = 5000; }), ROMP_E_TOOBIG);
  static const romp_frame stranger{};
  EXPECT_EQ(refused([](romp_message& m) { m.share = &stranger; }), ROMP_E_INVAL);
  const auto m = message_of("/queue/a", "hello");
  auto as_client = m;
  as_client.command = ROMP_CMD_SEND;
  EXPECT_EQ(h->session_send(h, 8, &as_client), ROMP_E_INVAL);
  EXPECT_THAT(gateway.sent, IsEmpty());
}

TEST_F(SessionApiTest, HeadersWithAFieldOfTheirOwnAreRefused) {
  make(ROMP_CAP_PUBLISH);
  for (const auto* name : {"destination", "content-type", "content-length", ""}) {
    const romp_header header{romp_str_z(name), ROMP_STR("1")};
    auto m = message_of("/queue/a", "hello");
    m.headers = &header;
    m.header_count = 1;
    EXPECT_EQ(plugin->host->publish(plugin->host, &m), ROMP_E_INVAL) << name;
  }
}

TEST_F(SessionApiTest, AttributesOfTheFrameEndWithItThoseOfTheSessionStay) {
  make(0);
  call([](const romp_host* h, const romp_ctx* ctx) {
    EXPECT_EQ(h->attr_set(h, ctx, ROMP_SCOPE_FRAME, ROMP_STR("k"), ROMP_STR("frame")), ROMP_OK);
    EXPECT_EQ(h->attr_set(h, ctx, ROMP_SCOPE_SESSION, ROMP_STR("k"), ROMP_STR("session")), ROMP_OK);
    romp_str out{};
    EXPECT_EQ(h->attr_get(h, ctx, ROMP_SCOPE_FRAME, ROMP_STR("k"), &out), ROMP_OK);
    EXPECT_EQ(view(out), "frame");
  });
  shot = Shot::make(peer);
  call([](const romp_host* h, const romp_ctx* ctx) {
    romp_str out{};
    EXPECT_EQ(h->attr_get(h, ctx, ROMP_SCOPE_FRAME, ROMP_STR("k"), &out), ROMP_E_NOTFOUND);
    EXPECT_EQ(h->attr_get(h, ctx, ROMP_SCOPE_SESSION, ROMP_STR("k"), &out), ROMP_OK);
    EXPECT_EQ(view(out), "session");
    EXPECT_EQ(h->attr_set(h, ctx, ROMP_SCOPE_SESSION, ROMP_STR("k"), romp_str{}), ROMP_OK);
    EXPECT_EQ(h->attr_get(h, ctx, ROMP_SCOPE_SESSION, ROMP_STR("k"), &out), ROMP_E_NOTFOUND);
  });
}

TEST_F(SessionApiTest, AttributesAreBounded) {
  in_filter(0, [](const romp_host* h, const romp_ctx* ctx) {
    const auto set = [&](const std::string& key, const std::string& value) {
      return h->attr_set(h, ctx, ROMP_SCOPE_SESSION, str(key), str(value));
    };
    EXPECT_EQ(set("", "x"), ROMP_E_INVAL);
    EXPECT_EQ(set(std::string(1000, 'k'), "x"), ROMP_E_TOOBIG);
    EXPECT_EQ(set("k", std::string(100'000, 'v')), ROMP_E_TOOBIG);
    for (int i = 0; i < 64; ++i) EXPECT_EQ(set("k" + std::to_string(i), "v"), ROMP_OK);
    EXPECT_EQ(set("one more", "v"), ROMP_E_TOOBIG);
    EXPECT_EQ(set("k0", "replaced"), ROMP_OK);
    EXPECT_EQ(h->attr_set(h, ctx, 2, ROMP_STR("k"), ROMP_STR("v")), ROMP_E_INVAL);
  });
}

TEST_F(SessionApiTest, AuthenticateIsForStageAuthWithTheCapability) {
  in_filter(ROMP_CAP_AUTH, [](const romp_host* h, const romp_ctx* ctx) {
    EXPECT_EQ(h->authenticate(h, ctx->session, ROMP_STR("ann")), ROMP_E_STATE);
  });
  in_filter(0, [](const romp_host* h, const romp_ctx* ctx) {
    EXPECT_EQ(h->authenticate(h, ctx->session, ROMP_STR("ann")), ROMP_E_DENIED);
  });
  in_filter(
      ROMP_CAP_AUTH,
      [](const romp_host* h, const romp_ctx* ctx) {
        EXPECT_EQ(h->authenticate(h, ctx->session, ROMP_STR("")), ROMP_E_INVAL);
        EXPECT_EQ(h->authenticate(h, ctx->session, str(std::string(5000, 'u'))), ROMP_E_TOOBIG);
        EXPECT_EQ(h->authenticate(h, 99, ROMP_STR("ann")), ROMP_E_GONE);
      },
      ROMP_STAGE_AUTH);
}

}  // namespace
}  // namespace romp::plugin::test
