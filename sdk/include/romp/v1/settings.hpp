// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/v1/values.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <type_traits>

namespace romp {
inline namespace v1 {
namespace detail {

struct lifecycle;

inline std::string key_text(const char* key) { return std::string("key '") + key + "'"; }

inline std::string text_setting(const romp_host* host, const romp_config* config, const char* key) {
  romp_str out{};
  check(host->config_get(host, config, key, &out), key_text(key).c_str());
  return std::string(view(out));
}

inline std::int64_t int_setting(const romp_host* host, const romp_config* config, const char* key) {
  std::int64_t out = 0;
  check(host->config_int(host, config, key, &out), key_text(key).c_str());
  return out;
}

/// How a T is read from the section; the host has checked the text against the declared type.
template <class T, class = void>
struct setting;

template <>
struct setting<std::string> {
  static std::string get(const romp_host* host, const romp_config* config, const char* key) {
    return text_setting(host, config, key);
  }
};

template <>
struct setting<bool> {
  static bool get(const romp_host* host, const romp_config* config, const char* key) {
    return int_setting(host, config, key) != 0;
  }
};

template <class T>
struct setting<T, std::enable_if_t<std::is_integral_v<T>>> {
  static T get(const romp_host* host, const romp_config* config, const char* key) {
    const std::int64_t value = int_setting(host, config, key);
    const T fitted = static_cast<T>(value);
    if (static_cast<std::int64_t>(fitted) != value || (value < 0) != (fitted < T{0})) {
      throw failure(ROMP_E_INVAL, key_text(key) + ": out of range: " + std::to_string(value));
    }
    return fitted;
  }
};

template <class T>
struct setting<T, std::enable_if_t<std::is_floating_point_v<T>>> {
  static T get(const romp_host* host, const romp_config* config, const char* key) {
    const std::string text = text_setting(host, config, key);
    std::istringstream in(text);
    in.imbue(std::locale::classic());
    T value{};
    if (!(in >> value) || in.peek() != std::istringstream::traits_type::eof()) {
      throw failure(ROMP_E_INVAL, key_text(key) + ": not a number: " + text);
    }
    return value;
  }
};

template <class Rep, class Period>
struct setting<std::chrono::duration<Rep, Period>> {
  using type = std::chrono::duration<Rep, Period>;
  static type get(const romp_host* host, const romp_config* config, const char* key) {
    return std::chrono::duration_cast<type>(
        std::chrono::nanoseconds(int_setting(host, config, key)));
  }
};

}  // namespace detail
}  // namespace v1
}  // namespace romp
