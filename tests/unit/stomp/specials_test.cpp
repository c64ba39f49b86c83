// SPDX-License-Identifier: Apache-2.0
#include "stomp/specials.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace romp::stomp {
namespace {

constexpr std::string_view special("\0\n\r:\\", 5);

/// A copy that a sanitizer sees the end of.
class Exact {
 public:
  explicit Exact(std::string_view text)
      : octets_(std::make_unique<char[]>(text.size())), size_(text.size()) {
    text.copy(octets_.get(), size_);
  }
  const char* begin() const { return octets_.get(); }
  const char* end() const { return octets_.get() + size_; }

 private:
  std::unique_ptr<char[]> octets_;
  std::size_t size_;
};

std::vector<std::size_t> found_in(std::string_view text) {
  const Exact octets(text);
  Specials specials(octets.begin(), octets.end());
  std::vector<std::size_t> found;
  while (const char* at = specials.next()) {
    found.push_back(static_cast<std::size_t>(at - octets.begin()));
  }
  EXPECT_EQ(specials.next(), nullptr);
  return found;
}

std::vector<std::size_t> expected_in(std::string_view text) {
  std::vector<std::size_t> expected;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (special.find(text[i]) != std::string_view::npos) expected.push_back(i);
  }
  return expected;
}

TEST(Specials, AreFiveOctetsAndNoOthers) {
  for (int octet = 0; octet < 256; ++octet) {
    const std::string text(20, static_cast<char>(octet));
    EXPECT_EQ(found_in(text), expected_in(text)) << octet;
  }
}

TEST(Specials, AreNoneInNothing) { EXPECT_TRUE(found_in("").empty()); }

TEST(Specials, AreFoundAtEveryPlaceInEveryLength) {
  for (std::size_t size = 1; size <= 50; ++size) {
    for (std::size_t i = 0; i < size; ++i) {
      std::string text(size, 'x');
      text[i] = special[i % special.size()];
      EXPECT_EQ(found_in(text), std::vector<std::size_t>{i});
    }
  }
}

TEST(Specials, AreFoundInOrderInRandomText) {
  std::minstd_rand random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 100, 'x');
    for (char& c : text) {
      if (random() % 4 == 0) c = special[random() % special.size()];
    }
    ASSERT_EQ(found_in(text), expected_in(text));
  }
}

TEST(Specials, NoticeEveryOctetThatIsNotAsciiBeforeTheOneFound) {
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t i = 0; i < size; ++i) {
      std::string text = std::string(size, 'x') + "\n";
      text[i] = '\x80';
      const Exact octets(text);
      Specials specials(octets.begin(), octets.end());
      ASSERT_NE(specials.next(), nullptr);
      EXPECT_TRUE(specials.saw_high_octet()) << size << " " << i;
    }
  }
}

TEST(Specials, NoticeNothingInAscii) {
  const std::string text = "destination:/queue/a\n\x7f\n";
  Specials specials(text.data(), text.data() + text.size());
  while (specials.next() != nullptr) {
  }
  EXPECT_FALSE(specials.saw_high_octet());
}

}  // namespace
}  // namespace romp::stomp
