// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "romp/plugin.h"

namespace romp::plugin {

/// Lists that an instance has asked for and not given back. Bounded; any thread.
class Snapshots {
 public:
  static constexpr std::size_t most = 16;

  /// ROMP_E_AGAIN: too many are held.
  template <class Row>
  romp_status add(std::vector<Row> rows, romp_list_id& id, std::uint64_t& count) {
    auto list = std::make_shared<const std::vector<Row>>(std::move(rows));
    const std::lock_guard lock(mutex_);
    if (lists_.size() >= most) return ROMP_E_AGAIN;
    count = list->size();
    id = ++last_;
    lists_.emplace(id, std::move(list));
    return ROMP_OK;
  }

  /// Null when there is no such list of that kind. Its texts live until release().
  template <class Row>
  std::shared_ptr<const std::vector<Row>> find(romp_list_id id) const {
    const std::lock_guard lock(mutex_);
    const auto it = lists_.find(id);
    if (it == lists_.end()) return nullptr;
    const auto* list = std::any_cast<std::shared_ptr<const std::vector<Row>>>(&it->second);
    return list == nullptr ? nullptr : *list;
  }

  bool release(romp_list_id id) {
    const std::lock_guard lock(mutex_);
    return lists_.erase(id) != 0;
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    lists_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::map<romp_list_id, std::any> lists_;
  romp_list_id last_ = 0;
};

}  // namespace romp::plugin
