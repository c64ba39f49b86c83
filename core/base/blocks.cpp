// SPDX-License-Identifier: Apache-2.0
#include "base/blocks.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <new>
#include <utility>

#include "base/cache.hpp"

namespace romp::base {
namespace {

constexpr std::array<std::size_t, 19> sizes{128, 160, 192,  224,  256,  320,  384,  448,  512, 640,
                                            768, 896, 1024, 1280, 1536, 1792, 2048, 2560, 3072};
static_assert(sizes.back() == Blocks::largest);

constexpr std::size_t grain = 32;
constexpr std::size_t bundle_octets = 32 * 1024;

/// By the number of grains.
constexpr auto size_numbers = [] {
  std::array<std::uint8_t, Blocks::largest / grain + 1> numbers{};
  std::uint8_t number = 0;
  for (std::size_t grains = 0; grains < numbers.size(); ++grains) {
    if (grains * grain > sizes[number]) ++number;
    numbers[grains] = number;
  }
  return numbers;
}();

constexpr std::size_t number_of(std::size_t size) noexcept {
  return size_numbers[(size + grain - 1) / grain];
}

constexpr std::size_t bundle_of(std::size_t number) noexcept {
  return std::min<std::size_t>(bundle_octets / sizes[number], 64);
}

/// What stands in a block while nobody uses it.
struct Free {
  Free* next;
  Free* next_bundle;  ///< in the first one of a bundle
};

struct Bundle {
  Free* first = nullptr;
  std::size_t count = 0;

  void push(void* block) noexcept {
    first = new (block) Free{first, nullptr};
    ++count;
  }
  void* pop() noexcept {
    --count;
    return std::exchange(first, first->next);
  }
};

void free_all(Bundle& bundle) noexcept {
  while (bundle.count != 0) ::operator delete(bundle.pop());
}

/// Full bundles of one size that no thread has.
class Depot {
 public:
  /// False: there are enough.
  bool put(const Bundle& bundle, std::size_t octets) noexcept {
    const std::lock_guard lock(mutex_);
    if (octets_ + octets > Blocks::most_kept) return false;
    octets_ += octets;
    bundle.first->next_bundle = first_;
    first_ = bundle.first;
    return true;
  }
  /// The first block of a bundle; null: there is none.
  Free* take(std::size_t octets) noexcept {
    const std::lock_guard lock(mutex_);
    if (first_ == nullptr) return nullptr;
    octets_ -= octets;
    return std::exchange(first_, first_->next_bundle);
  }

  std::size_t octets() noexcept {
    const std::lock_guard lock(mutex_);
    return octets_;
  }

 private:
  std::mutex mutex_;
  Free* first_ = nullptr;
  std::size_t octets_ = 0;
};

/// Never ended: threads may give blocks back until the very end.
std::array<Depot, sizes.size()>& depots() {
  static auto* const depots = new std::array<Depot, sizes.size()>;
  return *depots;
}

/// One thread's blocks of one size: a second bundle, so that taking and giving back around the end
/// of one does not go to the depot each time.
struct Shelf {
  Bundle open;
  Bundle other;
};

struct Shelves {
  ~Shelves() {
    for (auto& shelf : of) {
      free_all(shelf.open);
      free_all(shelf.other);
    }
    ended = true;
  }
  std::array<Shelf, sizes.size()> of;
  bool ended = false;
};

thread_local constinit Shelves shelves{};

/// The address sanitizer must see every block go.
bool is_kept(std::size_t size) noexcept {
#ifdef __SANITIZE_ADDRESS__
  (void)size;
  return false;
#else
  return size <= Blocks::largest && !shelves.ended;
#endif
}

void* take_from(std::size_t number) {
  auto& [open, other] = shelves.of[number];
  if (open.count == 0) {
    if (other.count != 0) {
      std::swap(open, other);
    } else {
      const auto count = bundle_of(number);
      auto* const first = depots()[number].take(count * sizes[number]);
      if (first == nullptr) return ::operator new(sizes[number]);
      open = {first, count};
    }
  }
  void* const block = open.pop();
  prefetch_to_change(open.first, sizes[number]);
  return block;
}

void give_to(std::size_t number, void* block) noexcept {
  auto& [open, other] = shelves.of[number];
  const auto count = bundle_of(number);
  if (open.count == count) {
    if (other.count == count) {
      if (!depots()[number].put(other, count * sizes[number])) free_all(other);
      other = {};
    }
    std::swap(open, other);
  }
  open.push(block);
}

}  // namespace

void* Blocks::take(std::size_t size) {
  return is_kept(size) ? take_from(number_of(size)) : ::operator new(size);
}

void Blocks::give_back(void* block, std::size_t size) noexcept {
  if (is_kept(size)) {
    give_to(number_of(size), block);
  } else {
    ::operator delete(block);
  }
}

std::size_t Blocks::kept() noexcept {
  std::size_t sum = 0;
  for (auto& depot : depots()) sum += depot.octets();
  return sum;
}

}  // namespace romp::base
