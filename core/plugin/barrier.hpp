// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace romp::plugin {

/// A pair of fences of which one is nearly free: who comes often takes light_barrier(), who comes
/// seldom heavy_barrier(), and one of the two sees what the other has written before. Without help
/// from the kernel both are full fences.
inline const bool barrier_is_asymmetric =
    ::syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0U, 0) == 0;

inline void light_barrier() noexcept {
  if (barrier_is_asymmetric) {
    std::atomic_signal_fence(std::memory_order_seq_cst);
  } else {
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }
}

inline void heavy_barrier() noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (barrier_is_asymmetric) ::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0U, 0);
}

}  // namespace romp::plugin
