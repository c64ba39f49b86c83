// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <glog/logging.h>
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/clock.hpp"

namespace romp::base::log {
namespace {

constexpr std::array<const char*, 5> names{"trace", "debug", "info", "warning", "error"};

std::atomic<Level> least{Level::info};
std::atomic<Format> form{Format::text};

/// "2027-01-31T12:00:00.000Z"
std::string utc(std::int64_t time_ms) {
  const std::time_t seconds = time_ms / 1000;
  tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text;
  std::string out(text.data(), std::strftime(text.data(), text.size(), "%FT%T.", &parts));
  const std::string milliseconds = std::to_string(1000 + time_ms % 1000);
  return out + milliseconds.substr(1) + "Z";
}

bool is_plain(unsigned char c) { return (c >= 0x20 && c < 0x7f) || c >= 0x80; }

/// U+0080 to U+009F, in UTF-8: some terminals obey these too.
bool is_second_of_control(unsigned char before, unsigned char c) {
  return before == 0xc2 && c >= 0x80 && c < 0xa0;
}

}  // namespace

Level level_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (name == names[i]) return static_cast<Level>(i);
  }
  return Level::info;
}

void start(const char* program, Level level, Format format) {
  FLAGS_logtostderr = true;
  FLAGS_colorlogtostderr = ::isatty(STDERR_FILENO) != 0;
  FLAGS_log_prefix = format == Format::text;
  form.store(format, std::memory_order_relaxed);
  set_least(level);
  google::InitGoogleLogging(program);
}

void flush() { google::FlushLogFiles(google::GLOG_INFO); }

void set_least(Level level) noexcept { least.store(level, std::memory_order_relaxed); }

bool enabled(Level level) noexcept { return level >= least.load(std::memory_order_relaxed); }

void write(Level level, std::string_view text) {
  if (!enabled(level)) return;
  const auto severity = level == Level::error     ? google::GLOG_ERROR
                        : level == Level::warning ? google::GLOG_WARNING
                                                  : google::GLOG_INFO;
  google::LogMessage("romp", 0, severity).stream()
      << (form.load(std::memory_order_relaxed) == Format::json ? json_line(level, text, unix_ms())
                                                               : printable(text));
}

std::string json_line(Level level, std::string_view text, std::int64_t time_ms) {
  std::array<char, 16> thread{};
  ::pthread_getname_np(::pthread_self(), thread.data(), thread.size());
  const nlohmann::ordered_json line{{"time", utc(time_ms)},
                                    {"level", names[static_cast<std::size_t>(level)]},
                                    {"thread", thread.data()},
                                    {"text", printable(text)}};
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string printable(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(text.size());
  unsigned char before = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain(byte) && !is_second_of_control(std::exchange(before, byte), byte)) {
      out += c;
    } else {
      out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

}  // namespace romp::base::log
