// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace romp {

/// The ini section of a fake host, checked like a real one.
class fake_config {
 public:
  void set(std::string key, std::string value) {
    given_.emplace_back(std::move(key), std::move(value));
  }

  /// Fills in fallbacks. Returns what a host would say against the section, or "".
  std::string resolve(const romp_plugin& plugin) {
    values_.clear();
    keys_ = plugin.config_keys;
    for (const auto& [key, value] : given_) {
      if (!declared(plugin, key)) return key + ": unknown key";
    }
    for (std::uint32_t i = 0; i < plugin.config_key_count; ++i) {
      const romp_config_key& key = plugin.config_keys[i];
      const std::string* value = find(given_, key.name);
      if (!value && !key.fallback) return std::string(key.name) + ": required";
      values_.emplace_back(key.name, value ? *value : key.fallback);
      std::int64_t number = 0;
      if (is_number(key.type) && !parse(key.type, values_.back().second, number)) {
        return std::string(key.name) + ": not a " + key.type + ": " + values_.back().second;
      }
    }
    return {};
  }

  const std::string* text(std::string_view key) const { return find(values_, key); }

  romp_status number(std::string_view key, std::int64_t& out) const {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (values_[i].first != key) continue;
      const bool fits = is_number(keys_[i].type) && parse(keys_[i].type, values_[i].second, out);
      return fits ? ROMP_OK : ROMP_E_INVAL;
    }
    return ROMP_E_NOTFOUND;
  }

  const std::vector<std::pair<std::string, std::string>>& all() const { return values_; }

 private:
  using pairs = std::vector<std::pair<std::string, std::string>>;

  static bool declared(const romp_plugin& plugin, std::string_view key) {
    for (std::uint32_t i = 0; i < plugin.config_key_count; ++i) {
      if (key == plugin.config_keys[i].name) return true;
    }
    return false;
  }
  static const std::string* find(const pairs& list, std::string_view key) {
    for (const auto& entry : list) {
      if (entry.first == key) return &entry.second;
    }
    return nullptr;
  }
  static bool is_number(std::string_view type) {
    return type == "int" || type == "bool" || type == "duration" || type == "size";
  }
  static bool parse(std::string_view type, std::string_view text, std::int64_t& out) {
    if (type == "bool") {
      out = text == "yes" || text == "true" || text == "on" || text == "1";
      return out == 1 || text == "no" || text == "false" || text == "off" || text == "0";
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc()) return false;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    const std::int64_t factor = factor_of(type, unit, out == 0);
    if (factor == 0 || (factor > 1 && out < 0)) return false;
    if (out > std::numeric_limits<std::int64_t>::max() / factor) return false;
    out *= factor;
    return true;
  }
  static std::int64_t factor_of(std::string_view type, std::string_view unit, bool zero) {
    struct row {
      const char* type;
      const char* unit;
      std::int64_t factor;
    };
    constexpr std::int64_t second = 1000000000;
    constexpr row rows[] = {{"int", "", 1},
                            {"size", "", 1},
                            {"size", "B", 1},
                            {"size", "KiB", 1 << 10},
                            {"size", "MiB", 1 << 20},
                            {"size", "GiB", 1 << 30},
                            {"duration", "ns", 1},
                            {"duration", "us", 1000},
                            {"duration", "ms", 1000000},
                            {"duration", "s", second},
                            {"duration", "m", 60 * second},
                            {"duration", "h", 3600 * second},
                            {"duration", "d", 86400 * second}};
    for (const row& r : rows) {
      if (type == r.type && unit == r.unit) return r.factor;
    }
    return zero && unit.empty() ? 1 : 0;
  }

  pairs given_;
  pairs values_;
  const romp_config_key* keys_ = nullptr;
};

}  // namespace romp
