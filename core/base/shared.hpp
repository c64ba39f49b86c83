// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstdint>

namespace romp::base {

/// Something several owners hold; it counts them itself and ends with the last one.
/// The count may be changed from any thread.
class Shared {
 public:
  Shared() = default;
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

 protected:
  virtual ~Shared() = default;

  /// Called once, when the last owner has gone. Objects with a body behind them free it here.
  virtual void dispose() noexcept { delete this; }

 private:
  friend void intrusive_ptr_add_ref(const Shared* s) noexcept {
    s->owners_.fetch_add(1, std::memory_order_relaxed);
  }
  friend void intrusive_ptr_release(const Shared* s) noexcept {
    if (s->owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      const_cast<Shared*>(s)->dispose();
    }
  }

  mutable std::atomic<std::uint32_t> owners_{0};
};

template <class T>
using Ptr = boost::intrusive_ptr<T>;

}  // namespace romp::base
