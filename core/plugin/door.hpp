// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

#include "romp/plugin.h"

namespace romp::plugin {

class Instance;

/// The table of host functions that one instance was given, and the way from it to the instance.
///
/// A door is never freed, so that a thread a plugin has forgotten finds a closed door and not
/// unmapped memory.
class Door {
 public:
  static Door& make(Instance& instance, const std::string& name);

  const romp_host* table() const noexcept { return &table_; }
  const char* name() const noexcept { return name_.c_str(); }
  /// Keeps a text for ever: for what other threads and crash reports may still read.
  const char* keep(std::string text);

  /// From now on the instance is gone; returns when no other thread is in a host function of it.
  void close() noexcept;

  /// A host function at work: keeps the instance alive for its length.
  class Visit {
   public:
    explicit Visit(const romp_host* host) noexcept;
    ~Visit();
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

    explicit operator bool() const noexcept { return instance_ != nullptr; }
    Instance& operator*() const noexcept { return *instance_; }

   private:
    Instance* instance_ = nullptr;
    Door* counted_ = nullptr;
  };

 private:
  Door(Instance& instance, const std::string& name);

  void leave() noexcept;

  const std::string name_;
  std::mutex mutex_;
  std::deque<std::string> texts_;
  romp_host table_;
  std::atomic<Instance*> instance_;
  std::atomic<std::uint32_t> inside_{0};
};

}  // namespace romp::plugin
