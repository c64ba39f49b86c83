// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <glog/logging.h>
#include <unistd.h>

#include <atomic>
#include <utility>

namespace romp::base::log {
namespace {

std::atomic<Level> least{Level::info};

bool is_plain(unsigned char c) { return (c >= 0x20 && c < 0x7f) || c >= 0x80; }

/// U+0080 to U+009F, in UTF-8: some terminals obey these too.
bool is_second_of_control(unsigned char before, unsigned char c) {
  return before == 0xc2 && c >= 0x80 && c < 0xa0;
}

}  // namespace

void start(const char* program, Level level) {
  FLAGS_logtostderr = true;
  FLAGS_colorlogtostderr = ::isatty(STDERR_FILENO) != 0;
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
  google::LogMessage("romp", 0, severity).stream() << printable(text);
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
