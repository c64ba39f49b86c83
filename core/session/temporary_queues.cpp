// SPDX-License-Identifier: Apache-2.0
#include "session/temporary_queues.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace romp::session {
namespace {

constexpr std::string_view prefix = "/temp-queue/";
constexpr std::size_t token_length = 32;

std::string draw_token() {
  std::array<unsigned char, token_length / 2> random{};
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    throw std::runtime_error("getrandom failed");
  }
  std::string token;
  for (const unsigned char octet : random) {
    token += "0123456789abcdef"[octet >> 4];
    token += "0123456789abcdef"[octet & 15];
  }
  return token;
}

}  // namespace

bool TemporaryQueues::is_temporary(std::string_view name) noexcept {
  return name.starts_with(prefix);
}

bool TemporaryQueues::has_token(std::string_view name) noexcept {
  const auto own = name.substr(prefix.size());
  return own.size() > token_length && own[token_length] == '-' &&
         own.substr(0, token_length).find_first_not_of("0123456789abcdef") == own.npos;
}

std::string TemporaryQueues::broker_name(std::string_view name) {
  if (token_.empty()) token_ = draw_token();
  const auto own = name.substr(prefix.size());
  if (own.starts_with(token_)) return std::string(name);
  return std::string(prefix) + token_ + "-" + std::string(own);
}

bool TemporaryQueues::note(const std::string& broker_name) {
  if (std::ranges::find(made_, broker_name) != made_.end()) return false;
  made_.push_back(broker_name);
  return true;
}

}  // namespace romp::session
