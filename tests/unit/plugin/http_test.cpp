// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <deque>
#include <thread>

#include "plugin/http_chain.hpp"
#include "romp/http.h"
#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const romp_http_later& later_of(const romp_host* host) {
  return *static_cast<const romp_http_later*>(host->get_interface(host, ROMP_HTTP_ID));
}

/// Writes down how its request goes on.
class Waiting final : public HttpClient {
 public:
  void resume_http(romp_defer_id id, romp_verdict verdict) noexcept override {
    resumed.emplace_back(id, verdict);
  }
  std::vector<std::pair<romp_defer_id, romp_verdict>> resumed;
};

/// Plugins with HTTP filters that do what a test says.
class HttpTest : public PluginTest {
 protected:
  using OnRequest = std::function<romp_verdict(const romp_host*, const romp_http*)>;

  HttpTest() : plugin("web", ROMP_CAP_HTTP) {
    plugin.create = [this](const romp_config*) {
      for (auto& f : filters) {
        if (const auto s = plugin.host->add_http(plugin.host, &f); s != ROMP_OK) return s;
      }
      return ROMP_OK;
    };
  }

  void filter(const char* path, OnRequest on_request, std::uint32_t methods = ROMP_HTTP_GET,
              std::int32_t priority = 0) {
    romp_http_filter f{};
    f.size = sizeof f;
    f.methods = methods;
    f.priority = priority;
    f.name = names.emplace_back("f" + std::to_string(names.size())).c_str();
    f.path = path;
    f.on_request = [](void* user, const romp_http* request) {
      auto& self = *static_cast<std::pair<HttpTest*, OnRequest>*>(user);
      return self.second(self.first->plugin.host, request);
    };
    f.user = &functions.emplace_back(this, std::move(on_request));
    filters.push_back(f);
  }
  void start() {
    run(plugin);
    const auto& added = plugin.instance->http_filters();
    chain = HttpChain({added.begin(), added.end()});
  }
  romp_verdict get(const char* path) {
    HttpRequest request;
    request.method_bit = ROMP_HTTP_GET;
    request.method = "GET";
    request.path = path;
    call = std::make_shared<HttpCall>(std::move(request), client);
    return chain.run(call).verdict;
  }
  static romp_message text(const char* body) {
    romp_message m{};
    m.size = sizeof m;
    m.body = romp_str_z(body);
    return m;
  }
  const Counters& counters(std::size_t number = 0) {
    return *plugin.instance->http_filters()[number].counters;
  }

  ScriptedPlugin plugin;
  std::deque<std::string> names;
  std::deque<std::pair<HttpTest*, OnRequest>> functions;
  std::vector<romp_http_filter> filters;
  HttpChain chain;
  base::Ptr<Waiting> client{new Waiting};
  std::shared_ptr<HttpCall> call;
};

romp_verdict say_hello(const romp_host* host, const romp_http* request) {
  romp_message m{};
  m.size = sizeof m;
  m.body = romp_str_z("hello");
  return host->http_reply(host, request, 200, &m);
}

TEST_F(HttpTest, AFilterAnswersWhatItAskedFor) {
  filter("/hello", say_hello);
  start();
  EXPECT_EQ(get("/hello"), ROMP_HANDLED);
  EXPECT_EQ(call->reply->body, "hello");
  EXPECT_EQ(call->reply->status, 200U);
  EXPECT_EQ(get("/hello/x"), ROMP_CONTINUE);
  EXPECT_EQ(counters().calls, 1U);
  EXPECT_EQ(counters().handled, 1U);
}

TEST_F(HttpTest, ARequestThatIsReadAfterTheCallIsFoundByTheAddressSanitizer) {
#ifdef __SANITIZE_ADDRESS__
  const romp_http* kept = nullptr;
  filter("/", [&](const romp_host*, const romp_http* request) {
    kept = request;
    return ROMP_CONTINUE;
  });
  start();
  EXPECT_EQ(get("/"), ROMP_CONTINUE);
  const volatile std::int64_t* const late = &kept->now_ns;
  EXPECT_DEATH((void)*late, "use-after-poison");
  EXPECT_EQ(chain.run(call).verdict, ROMP_CONTINUE) << "it is shown again to who is asked again";
#else
  GTEST_SKIP() << "NOT CHECKED: only a build with the address sanitizer finds it";
#endif
}

TEST_F(HttpTest, PrefixesEndInAStarAndTheChainIsOrderedByPriority) {
  std::string order;
  filter("/a*", [&](auto*, auto*) { return order += 'p', ROMP_CONTINUE; });
  filter(
      "/a/b", [&](auto*, auto*) { return order += 'q', ROMP_CONTINUE; }, ROMP_HTTP_GET, -1);
  filter(
      "/a/b", [&](auto*, auto*) { return order += 'r', ROMP_CONTINUE; }, ROMP_HTTP_POST);
  start();
  EXPECT_EQ(get("/a/b"), ROMP_CONTINUE);
  EXPECT_EQ(order, "qp");
  EXPECT_EQ(chain.methods_at("/a/b"), ROMP_HTTP_GET | ROMP_HTTP_POST);
  EXPECT_EQ(chain.methods_at("/b"), 0U);
}

TEST_F(HttpTest, AFilterSeesTheWholeRequest) {
  std::string seen;
  filter("/x", [&](auto*, const romp_http* r) {
    seen = std::string(view(r->method)) + " " + std::string(view(r->query)) + " " +
           std::string(view(r->headers[0].name)) + "=" + std::string(view(r->headers[0].value)) +
           " " + std::string(view(r->body));
    return ROMP_CONTINUE;
  });
  start();
  call = std::make_shared<HttpCall>(
      HttpRequest{ROMP_HTTP_GET, "GET", "/x", "a=b", {{"host", "h"}}, "body", "127.0.0.1:1", 0},
      client);
  chain.run(call);
  EXPECT_EQ(seen, "GET a=b host=h body");
}

TEST_F(HttpTest, HandledWithoutAReplyIsAFault) {
  filter("/a", [](auto*, auto*) { return ROMP_HANDLED; });
  filter("/b", [](auto*, auto*) { return romp_verdict{77}; });
  filter("/c", [](auto*, auto*) -> romp_verdict { throw std::runtime_error("oh"); });
  filter("/d", [](auto*, auto*) { return ROMP_DEFER; });
  filter("/e", [](auto*, auto*) { return ROMP_REJECT; });
  start();
  for (const char* path : {"/a", "/b", "/c", "/d", "/e"}) EXPECT_EQ(get(path), ROMP_REJECT) << path;
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(counters(i).faults, 1U) << i;
  EXPECT_EQ(counters(4).rejected, 1U);
}

TEST_F(HttpTest, ARequestIsAnsweredOnce) {
  filter("/a", [](const romp_host* h, const romp_http* r) {
    EXPECT_EQ(say_hello(h, r), ROMP_HANDLED);
    EXPECT_EQ(say_hello(h, r), ROMP_E_STATE);
    return ROMP_HANDLED;
  });
  start();
  EXPECT_EQ(get("/a"), ROMP_HANDLED);
}

TEST_F(HttpTest, TheHostsHeadersAndBrokenOnesAreRefused) {
  filter("/a", [this](const romp_host* h, const romp_http* r) {
    const auto with = [&](const char* name, const char* value) {
      const romp_header header{romp_str_z(name), romp_str_z(value)};
      auto m = text("x");
      m.headers = &header;
      m.header_count = 1;
      return h->http_reply(h, r, 200, &m);
    };
    EXPECT_EQ(with("connection", "close"), ROMP_E_INVAL);
    EXPECT_EQ(with("Content-Length", "7"), ROMP_E_INVAL);
    EXPECT_EQ(with("Transfer-Encoding", "chunked"), ROMP_E_INVAL);
    EXPECT_EQ(with("x", "a\r\nb: c"), ROMP_E_INVAL);
    EXPECT_EQ(with("x\n", "a"), ROMP_E_INVAL);
    EXPECT_EQ(with("x y", "a"), ROMP_E_INVAL);
    EXPECT_EQ(h->http_reply(h, r, 199, nullptr), ROMP_E_INVAL);
    EXPECT_EQ(h->http_reply(h, r, 600, nullptr), ROMP_E_INVAL);
    return with("cache-control", "max-age=60");
  });
  start();
  EXPECT_EQ(get("/a"), ROMP_HANDLED);
  EXPECT_THAT(call->reply->headers, ElementsAre(Pair("cache-control", "max-age=60")));
}

TEST_F(HttpTest, AFilterOfAnotherInstanceOrLaterCannotAnswer) {
  const romp_http* kept = nullptr;
  filter("/a", [&](auto*, const romp_http* r) { return kept = r, ROMP_CONTINUE; });
  start();
  get("/a");
  EXPECT_EQ(say_hello(plugin.host, kept), ROMP_E_GONE);
}

class HttpDeferralTest : public HttpTest {
 protected:
  HttpDeferralTest() {
    filter("/later", [this](const romp_host* h, const romp_http* r) {
      kept = r;
      EXPECT_EQ(later_of(h).defer(h, r, &id), ROMP_OK);
      return after_defer;
    });
    filter("/*", say_hello, ROMP_HTTP_GET, 1);
    start();
  }
  romp_status resume(romp_verdict verdict) {
    return plugin.host->resume(plugin.host, id, verdict, nullptr);
  }

  const romp_http* kept = nullptr;
  romp_defer_id id = 0;
  romp_verdict after_defer = ROMP_DEFER;
};

TEST_F(HttpDeferralTest, IsAnsweredFromAnyThreadAndResumedOnce) {
  EXPECT_EQ(get("/later"), ROMP_DEFER);
  EXPECT_EQ(call->deferred, id);
  std::jthread([this] {
    EXPECT_EQ(say_hello(plugin.host, kept), ROMP_HANDLED);
    EXPECT_EQ(resume(ROMP_HANDLED), ROMP_OK);
    EXPECT_EQ(resume(ROMP_HANDLED), ROMP_E_GONE);
  });
  EXPECT_THAT(client->resumed, ElementsAre(Pair(id, ROMP_HANDLED)));
  EXPECT_EQ(call->reply->body, "hello");
}

TEST_F(HttpDeferralTest, GoesOnBehindItsFilterInWhateverChainThereIs) {
  get("/later");
  EXPECT_EQ(resume(ROMP_CONTINUE), ROMP_OK);
  EXPECT_THAT(client->resumed, ElementsAre(Pair(id, ROMP_CONTINUE)));
  EXPECT_EQ(chain.behind(call->standing), 1U);
  EXPECT_EQ(chain.run(call, 1).verdict, ROMP_HANDLED);
  const HttpChain without_it({plugin.instance->http_filters()[1]});
  EXPECT_EQ(without_it.behind(call->standing), 0U);
}

TEST_F(HttpDeferralTest, WithoutAnAnswerIsAFault) {
  get("/later");
  EXPECT_EQ(resume(ROMP_HANDLED), ROMP_OK);
  EXPECT_THAT(client->resumed, ElementsAre(Pair(id, ROMP_REJECT)));
  EXPECT_EQ(counters().faults, 1U);
}

TEST_F(HttpDeferralTest, ThatTheClientNoLongerWaitsForIsGone) {
  get("/later");
  EXPECT_NE(deferrals.http().give_up(id), nullptr);
  EXPECT_EQ(std::string(view(kept->path)), "/later") << "still readable";
  EXPECT_EQ(say_hello(plugin.host, kept), ROMP_E_GONE);
  EXPECT_EQ(resume(ROMP_HANDLED), ROMP_E_GONE);
  EXPECT_THAT(client->resumed, IsEmpty());
}

TEST_F(HttpDeferralTest, EndsWithTheInstance) {
  get("/later");
  plugin.instance->stop();
  EXPECT_THAT(client->resumed, ElementsAre(Pair(id, ROMP_REJECT)));
}

TEST_F(HttpDeferralTest, ThatTheVerdictTakesBackIsNone) {
  after_defer = ROMP_CONTINUE;
  EXPECT_EQ(get("/later"), ROMP_HANDLED) << "by the next filter";
  EXPECT_EQ(resume(ROMP_HANDLED), ROMP_E_GONE);
}

TEST_F(PluginTest, HttpFiltersAreCheckedWhenTheyAreAdded) {
  ScriptedPlugin plugin("web", ROMP_CAP_HTTP);
  plugin.create = [&](const romp_config*) {
    const auto status_of = [&](auto change) {
      romp_http_filter f{};
      f.size = sizeof f;
      f.methods = ROMP_HTTP_GET;
      f.name = "n";
      f.path = "/";
      f.on_request = [](void*, const romp_http*) { return ROMP_CONTINUE; };
      change(f);
      return plugin.host->add_http(plugin.host, &f);
    };
    EXPECT_EQ(status_of([](auto& f) { f.methods = 0; }), ROMP_E_INVAL);
    EXPECT_EQ(status_of([](auto& f) { f.methods = 0x40; }), ROMP_E_INVAL);
    EXPECT_EQ(status_of([](auto& f) { f.name = nullptr; }), ROMP_E_INVAL);
    EXPECT_EQ(status_of([](auto& f) { f.path = "a"; }), ROMP_E_INVAL);
    EXPECT_EQ(status_of([](auto& f) { f.on_request = nullptr; }), ROMP_E_INVAL);
    EXPECT_EQ(status_of([](auto& f) { f.flags = 1; }), ROMP_E_INVAL);
    EXPECT_EQ(status_of([](auto&) {}), ROMP_OK);
    EXPECT_EQ(status_of([](auto&) {}), ROMP_E_EXISTS);
    return ROMP_OK;
  };
  EXPECT_EQ(plugin.load(environment()), "");
}

TEST_F(PluginTest, HttpFiltersWantTheirCapability) {
  ScriptedPlugin plugin("web", ROMP_CAP_FRAMES);
  plugin.create = [&](const romp_config*) {
    romp_http_filter f{};
    f.size = sizeof f;
    EXPECT_EQ(plugin.host->add_http(plugin.host, &f), ROMP_E_DENIED);
    return ROMP_OK;
  };
  EXPECT_EQ(plugin.load(environment()), "");
}

}  // namespace
}  // namespace romp::plugin::test
