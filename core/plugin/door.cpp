// SPDX-License-Identifier: Apache-2.0
#include "plugin/door.hpp"

#include <mutex>
#include <vector>

#include "plugin/current.hpp"
#include "plugin/host_api.hpp"

namespace romp::plugin {

Door::Door(Instance& instance, const std::string& name)
    : name_(name), table_(make_host_table()), instance_(&instance) {
  table_.impl = this;
  table_.instance = name_.c_str();
}

Door& Door::make(Instance& instance, const std::string& name) {
  static std::mutex mutex;
  static auto* const doors = new std::vector<Door*>;
  auto* door = new Door(instance, name);
  const std::lock_guard lock(mutex);
  doors->push_back(door);
  return *door;
}

const char* Door::keep(std::string text) {
  const std::lock_guard lock(mutex_);
  return texts_.emplace_back(std::move(text)).c_str();
}

void Door::close() noexcept {
  instance_.store(nullptr);
  for (auto inside = inside_.load(); inside != 0; inside = inside_.load()) inside_.wait(inside);
}

void Door::leave() noexcept {
  inside_.fetch_sub(1);
  if (instance_.load() == nullptr) inside_.notify_all();
}

Door::Visit::Visit(const romp_host* host) noexcept {
  if (host == nullptr) return;
  auto& door = *static_cast<Door*>(host->impl);
  // Inside a callback the instance cannot go away: no need to count.
  auto* seen = door.instance_.load();
  if (seen != nullptr && seen == current.instance) {
    instance_ = seen;
    return;
  }
  door.inside_.fetch_add(1);
  instance_ = door.instance_.load();
  if (instance_ != nullptr) {
    counted_ = &door;
  } else {
    door.leave();
  }
}

Door::Visit::~Visit() {
  if (counted_ != nullptr) counted_->leave();
}

}  // namespace romp::plugin
