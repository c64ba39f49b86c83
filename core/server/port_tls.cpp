// SPDX-License-Identifier: Apache-2.0
#include "server/port_tls.hpp"

#include <array>
#include <ctime>

#include "base/log.hpp"

namespace romp::server {
namespace {

constexpr auto warn_before = std::chrono::hours(24 * 14);
constexpr auto warn_every = std::chrono::hours(24);

}  // namespace

std::string day_of(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text;
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

std::vector<std::string> problems_of_tls(const config::Settings& settings) {
  std::vector<std::string> problems;
  for (const auto& listener : settings.listeners) {
    if (listener.tls.enabled) PortTls(listener.name, listener.tls).prepare(problems);
  }
  return problems;
}

PortTls::PortTls(std::string listener, config::TlsSettings settings)
    : listener_(std::move(listener)), settings_(std::move(settings)) {}

std::shared_ptr<const net::TlsContext> PortTls::context() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

std::optional<PortTls::Prepared> PortTls::prepare(const config::TlsSettings& settings,
                                                  std::vector<std::string>& problems) const {
  Prepared prepared{settings, net::TlsFiles::look(settings), nullptr};
  std::vector<std::string> found;
  prepared.context = net::TlsContext::make(settings, found);
  for (const auto& problem : found) problems.push_back("[listener " + listener_ + "] " + problem);
  if (!prepared.context) return std::nullopt;
  return prepared;
}

void PortTls::take(Prepared prepared) {
  settings_ = std::move(prepared.settings);
  loaded_ = seen_ = std::move(prepared.files);
  next_warning_ = {};
  ++loads;
  const std::lock_guard lock(mutex_);
  context_ = std::move(prepared.context);
}

void PortTls::tend() {
  warn_of_end(std::chrono::system_clock::now());
  auto files = net::TlsFiles::look(settings_);
  if (files == loaded_) return;
  const bool keeps_still = files == seen_;
  seen_ = files;
  if (!keeps_still || files == failed_) return;
  std::vector<std::string> problems;
  if (auto prepared = prepare(problems)) {
    take(std::move(*prepared));
    base::log::info("listener " + listener_ + ": its files of TLS have changed and are in force");
    return;
  }
  failed_ = std::move(files);
  ++failed_loads;
  for (const auto& problem : problems) base::log::error(problem);
  base::log::error("listener " + listener_ + ": its files of TLS have changed; the old stay");
}

void PortTls::warn_of_end(Time now) {
  const Time end = context()->expires();
  if (end - now > warn_before || now < next_warning_) return;
  next_warning_ = now + warn_every;
  base::log::warning("listener " + listener_ + ": its certificate " +
                     (end <= now ? "has ended on " : "ends on ") + day_of(end));
}

}  // namespace romp::server
