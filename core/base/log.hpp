// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The log. The only file that knows glog is log.cpp.
namespace romp::base::log {

enum class Level { trace, debug, info, warning, error };

/// The level of that name; info where there is none.
Level level_named(std::string_view name) noexcept;

/// How lines are written: glog's way, or each an object of JSON with time, level, thread and text.
enum class Format { text, json };

/// Starts logging to stderr. Call once, from main(), before threads start.
void start(const char* program, Level least, Format format = Format::text);
void flush();

/// The least level that is written. Any thread.
void set_least(Level least) noexcept;
bool enabled(Level level) noexcept;

/// Writes one line. Any thread. Control characters come out as \x0a and the like, so that nothing
/// a client sends can forge a line or move a terminal's cursor.
void write(Level level, std::string_view text);

inline void info(std::string_view text) { write(Level::info, text); }
inline void warning(std::string_view text) { write(Level::warning, text); }
inline void error(std::string_view text) { write(Level::error, text); }
inline void debug(std::string_view text) {
  if (enabled(Level::debug)) write(Level::debug, text);
}

/// The line in JSON, in UTF-8 whatever `text` is. `time_ms` since 1970.
std::string json_line(Level level, std::string_view text, std::int64_t time_ms);

/// `text` with control characters and DEL as \xNN.
std::string printable(std::string_view text);

}  // namespace romp::base::log
