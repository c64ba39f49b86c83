// SPDX-License-Identifier: Apache-2.0
#include "plugin/keys.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "config/secret.hpp"
#include "config/suggest.hpp"
#include "config/units.hpp"
#include "plugin/text.hpp"

const romp_config::Value* romp_config::find(std::string_view key) const noexcept {
  const auto it = std::ranges::find(values, key, &Value::key);
  return it == values.end() ? nullptr : &*it;
}

namespace romp::plugin {
namespace {

using Number = std::optional<std::int64_t>;

template <class T>
std::optional<T> parse_whole(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Number scaled(std::uint64_t count, std::int64_t unit) {
  const auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max() / unit);
  if (count > most) return std::nullopt;
  return static_cast<std::int64_t>(count) * unit;
}

Number parse_short_duration(std::string_view text, std::string_view unit, std::int64_t size) {
  if (!text.ends_with(unit)) return std::nullopt;
  const auto count = config::parse_number(config::trim(text.substr(0, text.size() - unit.size())));
  return count ? scaled(*count, size) : std::nullopt;
}

Number parse_duration(std::string_view text) {
  if (const auto ns = parse_short_duration(text, "ns", 1)) return ns;
  if (const auto us = parse_short_duration(text, "us", 1'000)) return us;
  const auto ms = config::parse_duration(text);
  return ms ? scaled(static_cast<std::uint64_t>(ms->count()), 1'000'000) : std::nullopt;
}

Number parse_size(std::string_view text) {
  const auto octets = config::parse_octets(text);
  return octets ? scaled(*octets, 1) : std::nullopt;
}

Number parse_bool(std::string_view text) {
  const auto flag = config::parse_flag(text);
  return flag ? Number{*flag ? 1 : 0} : std::nullopt;
}

struct Type {
  std::string_view name;
  std::string_view wanted;  ///< for the operator
  Number (*parse)(std::string_view text);
};

constexpr std::array types{
    Type{"int", "a whole number", [](std::string_view t) { return parse_whole<std::int64_t>(t); }},
    Type{"bool", "yes or no", parse_bool},
    Type{"duration", "a duration such as 30s", parse_duration},
    Type{"size", "a size such as 16MiB", parse_size},
};

bool is_known_type(std::string_view type) {
  return type == "string" || type == "secret" || type == "number" ||
         std::ranges::find(types, type, &Type::name) != types.end();
}

std::string suggestion(std::string_view key, std::span<const romp_config_key> declared) {
  if (declared.empty()) return "; this plugin has no keys";
  std::vector<std::string_view> names;
  for (const auto& k : declared) names.emplace_back(k.name);
  const auto best = config::nearest(key, names);
  return best.empty() ? "" : "; did you mean " + in_quotes(best) + "?";
}

/// Sets the value, or says what is wrong with it.
std::string accept(const romp_config_key& key, const std::string& text, const std::string& ini,
                   romp_config::Value& value) {
  const std::string_view type = key.type;
  std::string problem;
  value.key = key.name;
  value.text = text;
  if (type == "secret") {
    value.text = config::resolve_secret(text, ini, problem).value_or("");
    if (problem.empty()) problem = config::exposure_of(text, ini);
  } else if (type == "number") {
    const auto number = parse_whole<double>(text);
    if (!number || !std::isfinite(*number)) problem = in_quotes(text) + " is not a number";
  } else if (const auto it = std::ranges::find(types, type, &Type::name); it != types.end()) {
    value.number = it->parse(text);
    if (!value.number) problem = in_quotes(text) + " is not " + std::string(it->wanted);
  }
  return problem;
}

class Reader {
 public:
  Reader(std::string_view instance, const config::PluginSettings* section,
         std::vector<std::string>& problems)
      : section_(section), problems_(problems), subject_("[plugin.") {
    subject_.append(instance).append("] ");
  }

  romp_config read(std::span<const romp_config_key> declared) {
    refuse_unknown(declared);
    romp_config config;
    for (const auto& key : declared) add(key, config);
    return config;
  }

 private:
  void refuse_unknown(std::span<const romp_config_key> declared) {
    if (section_ == nullptr) return;
    for (const auto& [key, value] : section_->values) {
      const auto same = [&key = key](const romp_config_key& k) { return key == k.name; };
      if (std::ranges::any_of(declared, same)) continue;
      say(place(value), key + ": unknown key" + suggestion(key, declared));
    }
  }

  void add(const romp_config_key& key, romp_config& config) {
    const auto* given = find(key.name);
    if (given == nullptr && key.fallback == nullptr) {
      say(section_ == nullptr ? "" : section_->where, std::string(key.name) + ": missing key");
      return;
    }
    const auto& text = given == nullptr ? std::string(key.fallback) : given->text;
    const auto& ini = given == nullptr ? std::string() : given->file;
    const auto problem = accept(key, text, ini, config.values.emplace_back());
    if (problem.empty()) return;
    say(given == nullptr ? "" : place(*given), std::string(key.name) + ": " + problem);
  }

  const config::PluginSettings::Value* find(const std::string& key) const {
    if (section_ == nullptr) return nullptr;
    const auto it = section_->values.find(key);
    return it == section_->values.end() ? nullptr : &it->second;
  }

  static std::string place(const config::PluginSettings::Value& value) {
    return value.file.empty() ? "" : value.file + ":" + std::to_string(value.line);
  }

  void say(const std::string& where, const std::string& text) {
    problems_.push_back((where.empty() ? "" : where + " ") + subject_ + text);
  }

  const config::PluginSettings* section_;
  std::vector<std::string>& problems_;
  std::string subject_;
};

}  // namespace

romp_config read_keys(std::span<const romp_config_key> declared, std::string_view instance,
                      const config::PluginSettings* section, std::vector<std::string>& problems) {
  return Reader(instance, section, problems).read(declared);
}

std::string problem_of_declaration(std::span<const romp_config_key> declared) {
  for (const auto& key : declared) {
    if (key.name == nullptr || key.type == nullptr) return "a config key lacks its name or type";
    if (!is_known_type(key.type)) {
      return "config key " + in_quotes(key.name) + " has the unknown type " + in_quotes(key.type);
    }
  }
  return {};
}

}  // namespace romp::plugin
