// SPDX-License-Identifier: Apache-2.0
// The fake host offers what a broker offers: a plugin that uses interfaces is tested without one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <romp/fake_host.hpp>

namespace {

using testing::Contains;
using testing::ElementsAre;

class Interfaces : public testing::Test {
 protected:
  Interfaces() {
    romp_destination counts{};
    counts.waiting = 3;
    host.destinations = {{"/topic/b", 0, {}}, {"/queue/a", ROMP_DESTINATION_QUEUE, counts}};
  }
  void SetUp() override { ASSERT_EQ(host.load(), ROMP_OK) << host.why; }

  std::string answer(const std::string& to, const std::string& body = {}) {
    const romp::fake_result result = host.send(to, body);
    EXPECT_EQ(result.verdict, ROMP_HANDLED) << result.log << result.reply;
    return host.sent.empty() ? "" : host.sent.back().body;
  }

  romp::fake_host host{romp_plugin_entry(ROMP_ABI_MAJOR)};
};

TEST(Needs, ThatAreNotMetAreRefusedBeforeCreate) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.absent.insert(ROMP_CLIENT_ID);
  EXPECT_EQ(host.load(), ROMP_E_UNSUPPORTED);
  EXPECT_EQ(host.why, "needs interface romp.client/1");
}

TEST_F(Interfaces, DestinationsAreListedByNameAndPrefix) {
  EXPECT_EQ(answer("/do/list"), "/queue/a=3q /topic/b=0t ");
  EXPECT_EQ(answer("/do/list", "/topic/"), "/topic/b=0t ");
}

TEST_F(Interfaces, APurgeEmptiesTheQueueAndIsSeen) {
  EXPECT_EQ(answer("/do/purge", "/queue/a"), "3");
  EXPECT_EQ(answer("/do/list", "/queue/a"), "/queue/a=0q ");
  EXPECT_THAT(host.purged, ElementsAre("/queue/a"));
  EXPECT_EQ(host.send("/do/purge", "/queue/none").verdict, ROMP_E_NOTFOUND);
}

TEST_F(Interfaces, SessionsAreListedAndClosedByUser) {
  host.session(1).user = "ann";
  host.session(2).user = "bob";
  host.session(2).remote = "192.0.2.2:1";
  EXPECT_EQ(answer("/do/who"), "ann@192.0.2.1:5000 bob@192.0.2.2:1 ");
  EXPECT_EQ(answer("/do/expel", "bob"), "1");
  EXPECT_THAT(host.closed, ElementsAre(2U));
}

TEST_F(Interfaces, AnAdministratorSeesSettingsInstancesAndCountsOfFilters) {
  host.settings = {{"server", "ports", "61613", "where to listen"}};
  host.send("/do/counted", "");
  host.send("/do/counted", "");
  EXPECT_EQ(answer("/do/admin"), "server.ports=61613 interfaces 2/do/count*");
  host.send("/do/reload", "");
  EXPECT_EQ(host.reloads, 1);
}

TEST_F(Interfaces, AnAnswerThatShallFailDoes) {
  host.answers["reload"] = ROMP_E_UNSUPPORTED;
  EXPECT_EQ(host.send("/do/reload", "").verdict, ROMP_E_UNSUPPORTED);
}

TEST_F(Interfaces, TheTestIsTheServerOfAConnection) {
  romp::fake_client& edge = host.client();
  EXPECT_EQ(edge.address, "edge-1:61613");
  EXPECT_EQ(edge.login, "romp");
  EXPECT_EQ(answer("/do/forward", "early"), std::to_string(ROMP_E_STATE) + " 0");
  edge.up();
  ASSERT_EQ(edge.sent.size(), 1U);
  EXPECT_EQ(edge.sent[0].command, static_cast<std::uint32_t>(ROMP_CMD_SUBSCRIBE));
  EXPECT_EQ(answer("/do/forward", "x"), "0 2");
  EXPECT_EQ(edge.sent[1].body, "x");
  edge.frame(romp::fake_frame(ROMP_CMD_MESSAGE, {}, "memory"));
  edge.answer("42", romp::fake_frame(ROMP_CMD_MESSAGE, {}, "pong"));
  EXPECT_THAT(host.log, Contains("edge says memory"));
  EXPECT_THAT(host.log, Contains("42 is told pong"));
}

TEST_F(Interfaces, AConnectionThatIsLostOrRestartedIsTold) {
  romp::fake_client& edge = host.client();
  edge.up();
  edge.down(ROMP_E_DENIED, "no such user");
  EXPECT_THAT(host.log, Contains("down " + std::to_string(ROMP_E_DENIED) + " no such user"));
  EXPECT_EQ(answer("/do/forward", "x"), std::to_string(ROMP_E_STATE) + " 1");
  edge.up();
  edge.frame(romp::fake_frame(ROMP_CMD_MESSAGE, {}, "again"));
  EXPECT_THAT(edge.restarts, ElementsAre("asked to"));
  EXPECT_THAT(host.log, Contains("down " + std::to_string(ROMP_E_GONE) + " asked to"));
}

TEST_F(Interfaces, AClosedConnectionIsGone) {
  host.client().up();
  host.send("/do/hang-up", "");
  host.run_tasks();
  EXPECT_TRUE(host.client().closed);
  EXPECT_EQ(answer("/do/forward", "x"), std::to_string(ROMP_E_GONE) + " 0");
}

TEST_F(Interfaces, WhatIsStillOpenIsClosedAtTheEnd) {
  host.client().up();
  host.unload();
  EXPECT_TRUE(host.client().closed);
}

// ---- the C functions themselves
// ------------------------------------------------------------------

template <class T>
const T& table_of(const romp::fake_host& host, const char* id) {
  return *static_cast<const T*>(host.table()->get_interface(host.table(), id));
}

TEST_F(Interfaces, ListsArePicturesAndAreBounded) {
  const auto& d = table_of<romp_destinations>(host, ROMP_DESTINATIONS_ID);
  romp_list_id list = 0;
  std::uint64_t count = 0;
  ASSERT_EQ(d.list(host.table(), romp_str_n(nullptr, 0), &list, &count), ROMP_OK);
  host.destinations.clear();
  romp_destination row{};
  EXPECT_EQ(d.at(host.table(), list, 0, &row), ROMP_E_INVAL) << "it has no size";
  row.size = sizeof row;
  EXPECT_EQ(d.at(host.table(), list, 1, &row), ROMP_OK);
  EXPECT_EQ(d.at(host.table(), list, 2, &row), ROMP_E_NOTFOUND);
  EXPECT_EQ(d.release(host.table(), list), ROMP_OK);
  EXPECT_EQ(d.release(host.table(), list), ROMP_E_GONE);
  for (int i = 0; i < 16; ++i) d.list(host.table(), romp_str_n(nullptr, 0), &list, &count);
  EXPECT_EQ(d.list(host.table(), romp_str_n(nullptr, 0), &list, &count), ROMP_E_AGAIN);
}

TEST_F(Interfaces, AnOlderPluginGetsTheRowsItKnows) {
  const auto& c = table_of<romp_client>(host, ROMP_CLIENT_ID);
  romp_client_status row{};
  row.size = 8;
  row.times_up = 77;
  host.client().up();
  EXPECT_EQ(c.status(host.table(), 1, &row), ROMP_OK);
  EXPECT_EQ(row.state, static_cast<std::uint32_t>(ROMP_CLIENT_UP));
  EXPECT_EQ(row.times_up, 77U) << "beyond its size";
}

TEST_F(Interfaces, OptionsThatMakeNoSenseAreRefused) {
  const auto& c = table_of<romp_client>(host, ROMP_CLIENT_ID);
  romp_client_options o{};
  romp_conn_id id = 0;
  o.size = sizeof o;
  EXPECT_EQ(c.open(host.table(), &o, &id), ROMP_E_INVAL) << "no address";
  o.address = ROMP_STR("h:1");
  o.flags = 1u << 30;
  EXPECT_EQ(c.open(host.table(), &o, &id), ROMP_E_INVAL) << "unknown flag";
  o.flags = ROMP_CLIENT_TOKEN;
  EXPECT_EQ(c.open(host.table(), &o, &id), ROMP_E_INVAL) << "a token wants a login";
  o.flags = 0;
  o.size = sizeof o + 8;
  EXPECT_EQ(c.open(host.table(), &o, &id), ROMP_E_TOOBIG);
}

TEST(Capabilities, AreWantedByEachInterface) {
  static romp_plugin plain = *romp_plugin_entry(ROMP_ABI_MAJOR);
  plain.capabilities = 0;
  plain.create = [](const romp_host*, const romp_config*, void**) -> romp_status {
    return ROMP_OK;
  };
  plain.start = nullptr;
  plain.stop = plain.destroy = nullptr;
  romp::fake_host host(&plain);
  std::uint64_t count = 0;
  romp_list_id list = 0;
  ASSERT_EQ(host.load(), ROMP_OK);
  const romp_str none = romp_str_n(nullptr, 0);
  const auto& d = table_of<romp_destinations>(host, ROMP_DESTINATIONS_ID);
  EXPECT_EQ(d.list(host.table(), none, &list, &count), ROMP_OK);
  EXPECT_EQ(d.purge(host.table(), none, &count), ROMP_E_DENIED);
  const auto& s = table_of<romp_sessions>(host, ROMP_SESSIONS_ID);
  EXPECT_EQ(s.list(host.table(), none, &list, &count), ROMP_E_DENIED);
  const auto& a = table_of<romp_admin>(host, ROMP_ADMIN_ID);
  EXPECT_EQ(a.reload(host.table()), ROMP_E_DENIED);
  const auto& c = table_of<romp_client>(host, ROMP_CLIENT_ID);
  EXPECT_EQ(c.close(host.table(), 1), ROMP_E_DENIED);
  EXPECT_EQ(host.table()->get_interface(host.table(), "org.example.none/1"), nullptr);
}

}  // namespace
