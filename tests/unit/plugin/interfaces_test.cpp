// SPDX-License-Identifier: Apache-2.0
#include "plugin/interfaces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "romp/admin.h"
#include "romp/destinations.h"
#include "romp/sessions.h"
#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using testing::ElementsAre;

class InterfacesTest : public PluginTest {
 protected:
  InterfacesTest() { run(plugin); }

  template <class T>
  const T& table(const char* id) {
    const auto* found = static_cast<const T*>(host().get_interface(&host(), id));
    EXPECT_NE(found, nullptr) << id;
    EXPECT_EQ(found->size, sizeof(T));
    return *found;
  }
  const romp_host& host() const { return *plugin.host; }

  ScriptedPlugin plugin{"i", ROMP_CAP_SESSIONS | ROMP_CAP_ADMIN};
  romp_list_id list = 0;
  std::uint64_t count = 0;
};

TEST_F(InterfacesTest, AreFoundByTheirId) {
  EXPECT_EQ(host().get_interface(&host(), "romp.client/2"), nullptr);
  EXPECT_EQ(host().get_interface(&host(), nullptr), nullptr);
  EXPECT_EQ(names_of_interfaces(),
            "romp.admin/1, romp.client/1, romp.destinations/1, romp.http/1, romp.sessions/1");
}

TEST_F(InterfacesTest, DestinationsAreListedByName) {
  for (const auto* name : {"/queue/b", "/queue/a", "/topic/c"}) gateway.broker.find(name);
  const auto& d = table<romp_destinations>(ROMP_DESTINATIONS_ID);
  ASSERT_EQ(d.list(&host(), ROMP_STR("/queue/"), &list, &count), ROMP_OK);
  EXPECT_EQ(count, 2U);
  std::vector<std::string> names;
  romp_destination out{};
  out.size = sizeof out;
  for (std::uint64_t i = 0; d.at(&host(), list, i, &out) == ROMP_OK; ++i) {
    names.emplace_back(view(out.name));
    EXPECT_EQ(out.flags, ROMP_DESTINATION_QUEUE);
  }
  EXPECT_THAT(names, ElementsAre("/queue/a", "/queue/b"));
  EXPECT_EQ(d.at(&host(), list, 2, &out), ROMP_E_NOTFOUND);
  EXPECT_EQ(d.release(&host(), list), ROMP_OK);
  EXPECT_EQ(d.release(&host(), list), ROMP_E_GONE);
  EXPECT_EQ(d.at(&host(), list, 0, &out), ROMP_E_GONE);
}

TEST_F(InterfacesTest, ADestinationIsShownAndPurged) {
  const auto& d = table<romp_destinations>(ROMP_DESTINATIONS_ID);
  romp_destination out{};
  out.size = sizeof out;
  EXPECT_EQ(d.get(&host(), ROMP_STR("/queue/a"), &out), ROMP_E_NOTFOUND);
  gateway.broker.find("/queue/a")->publish(broker::Message::make(1, 0), nullptr);
  ASSERT_EQ(d.get(&host(), ROMP_STR("/queue/a"), &out), ROMP_OK);
  EXPECT_EQ(out.waiting, 1U);
  ASSERT_EQ(d.purge(&host(), ROMP_STR("/queue/a"), &count), ROMP_OK);
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(d.purge(&host(), ROMP_STR("/queue/b"), &count), ROMP_E_NOTFOUND);
}

TEST_F(InterfacesTest, TooManyListsAreRefused) {
  const auto& d = table<romp_destinations>(ROMP_DESTINATIONS_ID);
  for (std::size_t i = 0; i < Snapshots::most; ++i) {
    ASSERT_EQ(d.list(&host(), {}, &list, &count), ROMP_OK);
  }
  EXPECT_EQ(d.list(&host(), {}, &list, &count), ROMP_E_AGAIN);
}

TEST_F(InterfacesTest, AStructThatIsTooSmallIsRefused) {
  gateway.broker.find("/queue/a");
  const auto& d = table<romp_destinations>(ROMP_DESTINATIONS_ID);
  romp_destination out{};
  EXPECT_EQ(d.get(&host(), ROMP_STR("/queue/a"), &out), ROMP_E_INVAL);
}

TEST_F(InterfacesTest, SessionsAreListedAndClosedByUser) {
  gateway.session_rows = {
      {3, "bob", "r3", 0, 1, 5}, {1, "ann", "r1", 0, 1, 5}, {2, "bob", "r2", 0, 1, 5}};
  const auto& s = table<romp_sessions>(ROMP_SESSIONS_ID);
  ASSERT_EQ(s.list(&host(), {}, &list, &count), ROMP_OK);
  EXPECT_EQ(count, 3U);
  romp_session out{};
  out.size = sizeof out;
  ASSERT_EQ(s.at(&host(), list, 0, &out), ROMP_OK);
  EXPECT_EQ(out.id, 1U);
  EXPECT_EQ(view(out.user), "ann");
  ASSERT_EQ(s.close_user(&host(), ROMP_STR("bob"), ROMP_CLOSE_NOW, ROMP_STR("why"), &count),
            ROMP_OK);
  EXPECT_EQ(count, 2U);
  EXPECT_THAT(gateway.closed, ElementsAre("2 now: why", "3 now: why"));
}

TEST_F(InterfacesTest, AnAdministratorSeesSettingsPluginsAndFilters) {
  auto with_all = environment();
  ScriptedPlugin other("other");
  other.filter(usual(ROMP_FILTER_FAIL_OPEN), [](const romp_ctx*, romp_frame*) { return 77; });
  std::vector<std::shared_ptr<Instance>> all;
  with_all.all = [&] { return all; };
  ScriptedPlugin admin("admin", ROMP_CAP_ADMIN);
  ASSERT_EQ(other.load(environment(), 1), "");
  ASSERT_EQ(other.instance->start(), "");
  ASSERT_EQ(admin.load(with_all, 2), "");
  ASSERT_EQ(admin.instance->start(), "");
  all.emplace_back(other.instance.get(), [](Instance*) {});
  const auto chain = chain_of({&other});
  const auto shot = Shot::make(peer);
  chain.run(ROMP_STAGE_FRAME, shot->call);

  const auto* h = admin.host;
  const auto& a = *static_cast<const romp_admin*>(h->get_interface(h, ROMP_ADMIN_ID));
  ASSERT_EQ(a.settings(h, &list, &count), ROMP_OK);
  romp_admin_setting setting{};
  setting.size = sizeof setting;
  ASSERT_EQ(a.setting_at(h, list, 0, &setting), ROMP_OK);
  EXPECT_EQ(view(setting.value), "***");
  romp_admin_plugin shown{};
  shown.size = sizeof shown;
  EXPECT_EQ(a.plugin_at(h, list, 0, &shown), ROMP_E_GONE) << "a list of another kind";
  ASSERT_EQ(a.plugins(h, &list, &count), ROMP_OK);
  ASSERT_EQ(a.plugin_at(h, list, 0, &shown), ROMP_OK);
  EXPECT_EQ(view(shown.instance), "other");
  EXPECT_EQ(shown.faults, 1U);
  romp_admin_filter filter{};
  filter.size = sizeof filter;
  ASSERT_EQ(a.filters(h, &list, &count), ROMP_OK);
  ASSERT_EQ(a.filter_at(h, list, 0, &filter), ROMP_OK);
  EXPECT_EQ(view(filter.name), "f0");
  EXPECT_EQ(filter.calls, 1U);
  EXPECT_EQ(filter.sampled_calls, 1U);
  EXPECT_EQ(a.release(h, list), ROMP_OK);
  EXPECT_EQ(a.reload(h), ROMP_OK);
  EXPECT_EQ(gateway.reloads, 1);
}

TEST_F(InterfacesTest, WantTheirCapabilities) {
  ScriptedPlugin poor("poor");
  run(poor, 1);
  const auto* h = poor.host;
  const auto& a = *static_cast<const romp_admin*>(h->get_interface(h, ROMP_ADMIN_ID));
  const auto& s = *static_cast<const romp_sessions*>(h->get_interface(h, ROMP_SESSIONS_ID));
  const auto& d = *static_cast<const romp_destinations*>(h->get_interface(h, ROMP_DESTINATIONS_ID));
  EXPECT_EQ(a.settings(h, &list, &count), ROMP_E_DENIED);
  EXPECT_EQ(a.reload(h), ROMP_E_DENIED);
  EXPECT_EQ(s.list(h, {}, &list, &count), ROMP_E_DENIED);
  EXPECT_EQ(d.purge(h, ROMP_STR("/queue/a"), &count), ROMP_E_DENIED);
  EXPECT_EQ(d.list(h, {}, &list, &count), ROMP_OK);
}

}  // namespace
}  // namespace romp::plugin::test
