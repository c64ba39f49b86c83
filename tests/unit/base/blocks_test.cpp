// SPDX-License-Identifier: Apache-2.0
#include "base/blocks.hpp"

#include <gmock/gmock.h>

#include <cstdint>
#include <cstring>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace romp::base {
namespace {

TEST(Blocks, AreOfAnySizeAndAligned) {
  for (std::size_t size = 1; size <= Blocks::largest + 100; ++size) {
    void* block = Blocks::take(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0U);
    std::memset(block, 0x5a, size);
    Blocks::give_back(block, size);
  }
}

TEST(Blocks, AreNobodyElsesWhileTheyAreInUse) {
  std::vector<std::pair<unsigned char*, std::size_t>> blocks;
  for (std::size_t i = 0; i < 5'000; ++i) {
    const std::size_t size = 1 + i * 7 % Blocks::largest;
    auto* const block = static_cast<unsigned char*>(Blocks::take(size));
    std::memset(block, static_cast<int>(i % 251), size);
    blocks.emplace_back(block, size);
    if (i % 3 == 0) {
      Blocks::give_back(blocks.front().first, blocks.front().second);
      blocks.front() = blocks.back();
      blocks.pop_back();
    }
  }
  std::set<unsigned char*> all;
  for (const auto& [block, size] : blocks) {
    EXPECT_TRUE(all.insert(block).second);
    EXPECT_EQ(block[0], block[size - 1]);
    Blocks::give_back(block, size);
  }
}

/// One makes, another ends, as with messages whose sender and receiver have different workers.
TEST(Blocks, MayBeGivenBackByAnotherThread) {
  std::mutex mutex;
  std::vector<std::pair<char*, std::size_t>> on_the_way;
  std::jthread ends([&](const std::stop_token& stop) {
    std::vector<std::pair<char*, std::size_t>> taken;
    for (bool last = false; !last;) {
      last = stop.stop_requested();
      {
        const std::lock_guard lock(mutex);
        taken.swap(on_the_way);
      }
      for (const auto& [block, size] : taken) {
        EXPECT_EQ(block[0], 'a');
        EXPECT_EQ(block[size - 1], 'a');
        Blocks::give_back(block, size);
      }
      taken.clear();
    }
  });
  std::mt19937 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const std::size_t size = 1 + random() % (Blocks::largest + 200);
    auto* const block = static_cast<char*>(Blocks::take(size));
    block[0] = block[size - 1] = 'a';
    const std::lock_guard lock(mutex);
    on_the_way.emplace_back(block, size);
  }
}

TEST(Blocks, AreNotKeptWithoutBound) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "none are kept under the address sanitizer";
#endif
  constexpr std::size_t size = 3000;
  std::vector<void*> blocks(3 * Blocks::most_kept / size);
  for (auto& block : blocks) block = Blocks::take(size);
  const auto others = Blocks::kept();
  for (auto* block : blocks) Blocks::give_back(block, size);
  EXPECT_LE(Blocks::kept() - others, Blocks::most_kept);
  EXPECT_GT(Blocks::kept() - others, Blocks::most_kept / 2);
  for (auto& block : blocks) block = Blocks::take(size);
  EXPECT_EQ(Blocks::kept(), others) << "they are used before malloc is asked";
  for (auto* block : blocks) Blocks::give_back(block, size);
}

}  // namespace
}  // namespace romp::base
