// SPDX-License-Identifier: Apache-2.0
#include "plugin/library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace romp::plugin {
namespace {

using testing::HasSubstr;

romp_status create(const romp_host*, const romp_config*, void**) { return ROMP_OK; }

romp_plugin good() {
  romp_plugin d{};
  d.size = sizeof d;
  d.abi = ROMP_ABI(1, 0);
  d.id = "ping";
  d.version = "1.0.0";
  d.create = create;
  return d;
}

const Note note{1, 0, 0, "ping", "1.0.0"};

std::string refusal(const romp_plugin& d) { return refusal_of_descriptor(&d, note); }

TEST(Descriptor, AGoodOneIsNotRefused) { EXPECT_EQ(refusal(good()), ""); }

TEST(Descriptor, NullServesNotThisAbi) {
  EXPECT_EQ(refusal_of_descriptor(nullptr, note),
            "romp_plugin_entry(1) returned NULL: it does not serve ABI 1");
}

TEST(Descriptor, ShortAndLyingOnesAreRefused) {
  auto d = good();
  d.size = 24;
  EXPECT_EQ(refusal(d), "descriptor is 24 bytes, ABI 1.0 needs at least 120");
  d.size = 0x7fffffff;
  EXPECT_EQ(refusal(d), "descriptor: its size, 2147483647, cannot be true");
}

TEST(Descriptor, BytesBeyondTheAbiMustBeZero) {
  struct Newer {
    romp_plugin plugin;
    std::uint64_t more;
  } newer{good(), 0};
  newer.plugin.size = sizeof newer;
  EXPECT_EQ(refusal(newer.plugin), "");
  newer.more = 1;
  EXPECT_EQ(refusal(newer.plugin), "descriptor: 8 bytes beyond ABI 1.0 are not zero");
}

TEST(Descriptor, AbiIsCheckedAsInTheNote) {
  auto d = good();
  d.abi = ROMP_ABI(2, 0);
  EXPECT_EQ(refusal(d),
            "built for plugin ABI 2, this broker speaks 1 (1.0): rebuild it with SDK 1.x");
  d.abi = ROMP_ABI(1, 1);
  EXPECT_EQ(refusal(d),
            "needs plugin ABI 1.1, this broker offers 1.0: upgrade romp, or rebuild with "
            "ROMP_REQUIRE_MINOR=0");
}

TEST(Descriptor, MustAgreeWithTheNote) {
  auto d = good();
  d.id = "pong";
  EXPECT_EQ(refusal(d), "descriptor and note disagree on the id");
  d.id = nullptr;
  EXPECT_EQ(refusal(d), "descriptor and note disagree on the id");
  d = good();
  d.version = "2.0.0";
  EXPECT_EQ(refusal(d), "descriptor and note disagree on the version");
}

TEST(Descriptor, UnknownFlagsAndCapabilitiesAreRefused) {
  auto d = good();
  d.flags = 0x84;
  EXPECT_EQ(refusal(d), "descriptor has the unknown flags 0x84");
  d = good();
  d.capabilities = std::uint64_t{1} << 40U;
  EXPECT_EQ(refusal(d), "descriptor has the unknown capabilities 0x10000000000");
}

TEST(Descriptor, NeedsCreateAndWholeKeys) {
  auto d = good();
  d.create = nullptr;
  EXPECT_EQ(refusal(d), "descriptor has no create function");
  d = good();
  d.config_key_count = 3;
  EXPECT_EQ(refusal(d), "descriptor has no array of 3 config keys");
}

class LibraryTest : public testing::Test {
 protected:
  static std::string refusal_of(const std::string& name, const std::string& id) {
    return load_library(std::string(ROMP_TEST_PLUGINS) + "/" + name + ".so", {1, 0, 0, id, "1.0.0"})
        .refusal;
  }
};

TEST_F(LibraryTest, LoadsAPlugin) {
  const auto loaded = load_library(std::string(ROMP_TEST_PLUGINS) + "/lifecycle.so",
                                   {1, 0, 0, "lifecycle", "1.0.0"});
  ASSERT_NE(loaded.descriptor, nullptr) << loaded.refusal;
  EXPECT_STREQ(loaded.descriptor->id, "lifecycle");
}

TEST_F(LibraryTest, SaysWhyAFileDoesNotLoad) {
  EXPECT_EQ(refusal_of("no_entry", "no-entry"), "it exports no symbol romp_plugin_entry");
  EXPECT_EQ(refusal_of("null_entry", "null-entry"),
            "romp_plugin_entry(1) returned NULL: it does not serve ABI 1");
  EXPECT_THAT(refusal_of("undefined_symbol", "undefined-symbol"),
              testing::StartsWith("undefined symbol: "));
  EXPECT_THAT(refusal_of("not_there", "x"), HasSubstr("cannot open shared object file"));
}

}  // namespace
}  // namespace romp::plugin
