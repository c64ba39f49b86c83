// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using testing::HasSubstr;

struct Block final : base::Shared {};

/// A plugin whose one filter does what the test says, with the frame in hand.
class FrameApiTest : public PluginTest {
 protected:
  using Body = std::function<void(const romp_host*, const romp_ctx*, romp_frame*)>;

  FrameApiTest() : shot(Shot::make(peer)) {
    shot->with("destination", "/queue/a").with("content-length", "3").frame.set_body("abc");
  }

  void in_filter(const Body& body, std::uint32_t flags = ROMP_FILTER_MUTATES,
                 std::uint64_t capabilities = ROMP_CAP_FRAMES | ROMP_CAP_MUTATE) {
    plugin = std::make_unique<ScriptedPlugin>("p", capabilities);
    plugin->filter(usual(flags), [&](const romp_ctx* ctx, romp_frame* frame) {
      body(plugin->host, ctx, frame);
      return ROMP_CONTINUE;
    });
    run(*plugin);
    chain_of({plugin.get()}).run(ROMP_STAGE_FRAME, shot->call);
  }

  std::shared_ptr<Shot> shot;
  std::unique_ptr<ScriptedPlugin> plugin;
};

TEST_F(FrameApiTest, SettingAHeaderChangesTheFrameAndRefreshesTheView) {
  in_filter([](const romp_host* h, const romp_ctx*, romp_frame* f) {
    EXPECT_EQ(h->frame_set_header(h, f, ROMP_STR("x"), ROMP_STR("1")), ROMP_OK);
    EXPECT_EQ(view(romp_frame_header(f, ROMP_STR("x"))), "1");
    EXPECT_EQ(h->frame_set_header(h, f, ROMP_STR("destination"), ROMP_STR("/queue/b")), ROMP_OK);
    EXPECT_EQ(view(f->destination), "/queue/b");
    EXPECT_EQ(h->frame_set_header(h, f, ROMP_STR("empty"), ROMP_STR("")), ROMP_OK);
    EXPECT_NE(romp_frame_header(f, ROMP_STR("empty")).data, nullptr);
  });
  EXPECT_EQ(shot->frame.find("x"), "1");
  EXPECT_EQ(shot->frame.find(stomp::Name::destination), "/queue/b");
}

TEST_F(FrameApiTest, RemovingAHeader) {
  in_filter([](const romp_host* h, const romp_ctx*, romp_frame* f) {
    EXPECT_EQ(h->frame_remove_header(h, f, ROMP_STR("destination")), ROMP_OK);
    EXPECT_EQ(f->destination.data, nullptr);
    EXPECT_EQ(h->frame_remove_header(h, f, ROMP_STR("destination")), ROMP_E_NOTFOUND);
  });
  EXPECT_FALSE(shot->frame.has(stomp::Name::destination));
}

TEST_F(FrameApiTest, SettingTheBodyCorrectsContentLength) {
  in_filter([](const romp_host* h, const romp_ctx*, romp_frame* f) {
    EXPECT_EQ(h->frame_set_body(h, f, ROMP_STR("longer")), ROMP_OK);
    EXPECT_EQ(view(f->body), "longer");
    EXPECT_EQ(f->body_size, 6U);
    EXPECT_EQ(view(romp_frame_header(f, ROMP_STR("content-length"))), "6");
    EXPECT_EQ(h->frame_set_body(h, f, romp_str{}), ROMP_OK);
    EXPECT_EQ(f->body_size, 0U);
  });
  EXPECT_EQ(shot->frame.body(), "");
}

TEST_F(FrameApiTest, APendingBodyCannotBeReplaced) {
  shot->call.body_pending = true;
  in_filter([](const romp_host* h, const romp_ctx*, romp_frame* f) {
    EXPECT_EQ(h->frame_set_body(h, f, ROMP_STR("x")), ROMP_E_STATE);
  });
}

TEST_F(FrameApiTest, HeadersThatWouldBreakTheFrameAreRefused) {
  in_filter([](const romp_host* h, const romp_ctx*, romp_frame* f) {
    const auto set = [&](romp_str name, romp_str value) {
      return h->frame_set_header(h, f, name, value);
    };
    EXPECT_EQ(set(ROMP_STR(""), ROMP_STR("x")), ROMP_E_INVAL);
    EXPECT_EQ(set(romp_str{}, ROMP_STR("x")), ROMP_E_INVAL);
    EXPECT_EQ(set(ROMP_STR("x"), romp_str{}), ROMP_E_INVAL);
    EXPECT_EQ(set(ROMP_STR("x"), romp_str{nullptr, 5}), ROMP_E_INVAL);
    EXPECT_EQ(set(ROMP_STR("x"), ROMP_STR("a\0b")), ROMP_E_INVAL);
    EXPECT_EQ(set(ROMP_STR("a\0b"), ROMP_STR("x")), ROMP_E_INVAL);
    EXPECT_EQ(set(ROMP_STR("content-length"), ROMP_STR("9")), ROMP_E_INVAL);
    EXPECT_EQ(set(ROMP_STR("passcode"), ROMP_STR("x")), ROMP_E_DENIED);
    const std::string large(9'000, 'x');
    EXPECT_EQ(set(ROMP_STR("x"), str(large)), ROMP_E_TOOBIG);
    EXPECT_EQ(set(str(large), ROMP_STR("x")), ROMP_E_TOOBIG);
    for (int i = 0; i < 62; ++i)
      EXPECT_EQ(set(str("h" + std::to_string(i)), ROMP_STR("")), ROMP_OK);
    EXPECT_EQ(set(ROMP_STR("one-more"), ROMP_STR("")), ROMP_E_TOOBIG);
    EXPECT_EQ(set(ROMP_STR("h0"), ROMP_STR("replaced")), ROMP_OK);
  });
}

TEST_F(FrameApiTest, ABodyOverTheLimitIsRefused) {
  in_filter([](const romp_host* h, const romp_ctx*, romp_frame* f) {
    const std::string large((std::size_t{16} << 20U) + 1, 'x');
    EXPECT_EQ(h->frame_set_body(h, f, str(large)), ROMP_E_TOOBIG);
    EXPECT_EQ(view(f->body), "abc");
  });
}

TEST_F(FrameApiTest, WithoutMutatesAFrameCannotBeChanged) {
  const auto denied = [](const romp_host* h, const romp_ctx*, romp_frame* f) {
    EXPECT_EQ(h->frame_set_header(h, f, ROMP_STR("x"), ROMP_STR("1")), ROMP_E_DENIED);
    EXPECT_EQ(h->frame_remove_header(h, f, ROMP_STR("destination")), ROMP_E_DENIED);
    EXPECT_EQ(h->frame_set_body(h, f, ROMP_STR("x")), ROMP_E_DENIED);
  };
  in_filter(denied, 0);
}

TEST_F(FrameApiTest, AFrameThatIsNotInHandCannotBeTouched) {
  romp_frame* kept = nullptr;
  in_filter([&](const romp_host* h, const romp_ctx*, romp_frame* f) {
    kept = f;
    std::jthread([&] {
      EXPECT_EQ(h->frame_set_header(h, f, ROMP_STR("x"), ROMP_STR("1")), ROMP_E_THREAD);
      EXPECT_EQ(h->frame_retain(h, f), nullptr);
    }).join();
    romp_frame own = *f;
    EXPECT_EQ(h->frame_set_body(h, &own, ROMP_STR("x")), ROMP_E_THREAD);
    EXPECT_EQ(h->frame_set_body(h, nullptr, ROMP_STR("x")), ROMP_E_THREAD);
  });
  const auto* h = plugin->host;
  EXPECT_EQ(h->frame_set_header(h, kept, ROMP_STR("x"), ROMP_STR("1")), ROMP_E_THREAD);
}

TEST_F(FrameApiTest, ARetainedFrameKeepsItsContentUntilReleased) {
  const romp_frame* kept = nullptr;
  in_filter([&](const romp_host* h, const romp_ctx*, romp_frame* f) {
    kept = h->frame_retain(h, f);
    ASSERT_NE(kept, nullptr);
    EXPECT_NE(kept, f);
    h->frame_set_body(h, f, ROMP_STR("changed"));
    EXPECT_EQ(h->frame_set_body(h, const_cast<romp_frame*>(kept), ROMP_STR("x")), ROMP_E_INVAL);
  });
  shot.reset();
  EXPECT_EQ(view(kept->body), "abc");
  EXPECT_EQ(view(kept->verb), "SEND");
  EXPECT_EQ(view(kept->destination), "/queue/a");
  EXPECT_EQ(view(romp_frame_header(kept, ROMP_STR("content-length"))), "3");
  const auto* h = plugin->host;
  EXPECT_EQ(h->frame_retain(h, kept), kept) << "one more reference";
  h->frame_release(h, kept);
  EXPECT_EQ(view(kept->body), "abc");
  std::jthread([&] { h->frame_release(h, kept); }).join();
  EXPECT_EQ(plugin->instance->retained().size(), 0U);
}

TEST_F(FrameApiTest, ASecondReleaseIsSeenAndLogged) {
  const romp_frame* kept = nullptr;
  in_filter(
      [&](const romp_host* h, const romp_ctx*, romp_frame* f) { kept = h->frame_retain(h, f); });
  const auto* h = plugin->host;
  h->frame_release(h, kept);
  testing::internal::CaptureStderr();
  h->frame_release(h, kept);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("frame_release: not a retained frame, or released before"));
}

TEST_F(FrameApiTest, ALargeBodyIsSharedNotCopied) {
  static const std::string large(1'000'000, 'x');
  shot->frame.body_is(large, new Block);
  const romp_frame* kept = nullptr;
  in_filter(
      [&](const romp_host* h, const romp_ctx*, romp_frame* f) { kept = h->frame_retain(h, f); });
  EXPECT_EQ(kept->body.data, large.data());
}

TEST_F(FrameApiTest, ARetainedFrameDoesNotShowAPasscodeEither) {
  shot->with("passcode", "secret");
  const romp_frame* kept = nullptr;
  in_filter(
      [&](const romp_host* h, const romp_ctx*, romp_frame* f) { kept = h->frame_retain(h, f); });
  EXPECT_EQ(romp_frame_header(kept, ROMP_STR("passcode")).data, nullptr);
}

TEST_F(FrameApiTest, ARetainedBodyIsPublishedWithoutACopyAndOutlivesItsRelease) {
  const romp_frame* kept = nullptr;
  in_filter(
      [&](const romp_host* h, const romp_ctx*, romp_frame* f) { kept = h->frame_retain(h, f); }, 0,
      ROMP_CAP_FRAMES | ROMP_CAP_PUBLISH);
  const auto* h = plugin->host;
  auto m = message_of("/queue/b", nullptr);
  m.share = kept;
  EXPECT_EQ(h->publish(h, &m), ROMP_OK);
  EXPECT_EQ(gateway.sent.at(0).body, "abc");
  EXPECT_EQ(gateway.sent[0].body_at, kept->body.data);
  EXPECT_TRUE(gateway.sent[0].shared);
  m.body = ROMP_STR("two bodies");
  EXPECT_EQ(h->publish(h, &m), ROMP_E_INVAL);
  m.body = {};
  h->frame_release(h, kept);
  EXPECT_EQ(h->publish(h, &m), ROMP_E_INVAL) << "no longer a retained frame";
}

TEST_F(FrameApiTest, ContextOfAnotherCallIsRefused) {
  in_filter([](const romp_host* h, const romp_ctx* ctx, romp_frame*) {
    const romp_ctx own = *ctx;
    romp_defer_id id = 0;
    romp_str out{};
    EXPECT_EQ(h->reject(h, &own, nullptr), ROMP_E_INVAL);
    EXPECT_EQ(h->defer(h, &own, &id), ROMP_E_INVAL);
    EXPECT_EQ(h->defer(h, ctx, nullptr), ROMP_E_INVAL);
    EXPECT_EQ(h->defer(h, ctx, &id), ROMP_E_DENIED) << "without ROMP_FILTER_MAY_DEFER";
    EXPECT_EQ(h->attr_get(h, nullptr, ROMP_SCOPE_FRAME, ROMP_STR("x"), &out), ROMP_E_INVAL);
    std::jthread([&] { EXPECT_EQ(h->reject(h, ctx, nullptr), ROMP_E_THREAD); }).join();
  });
}

TEST_F(FrameApiTest, RejectRefusesUnknownFlagsAndLiesAboutLengths) {
  in_filter([](const romp_host* h, const romp_ctx* ctx, romp_frame*) {
    auto error = error_of("no");
    error.flags = 2;
    EXPECT_EQ(h->reject(h, ctx, &error), ROMP_E_INVAL);
    error = error_of("no");
    error.reply = {nullptr, 10};
    EXPECT_EQ(h->reject(h, ctx, &error), ROMP_E_INVAL);
    error.size = 8;
    EXPECT_EQ(h->reject(h, ctx, &error), ROMP_E_INVAL);
  });
}

}  // namespace
}  // namespace romp::plugin::test
