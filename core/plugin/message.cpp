// SPDX-License-Identifier: Apache-2.0
#include "plugin/message.hpp"

#include <algorithm>

#include "plugin/host_api.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

bool is_clean(romp_str text) {
  return sound(text) && view(text).find('\0') == std::string_view::npos;
}

/// These have fields of their own, or are the host's.
bool is_reserved(std::string_view name) {
  return name == "destination" || name == "content-type" || name == "content-length";
}

bool is_header(const romp_header& header) {
  return header.name.len != 0 && header.value.data != nullptr && is_clean(header.name) &&
         is_clean(header.value) && !is_reserved(view(header.name));
}

}  // namespace

romp_status Message::read(Instance& self, const char* function, const romp_message* given) {
  if (const auto s = check_struct(self, function, given, 0); s != ROMP_OK) return s;
  if (!is_clean(given->destination) || !is_clean(given->content_type)) return ROMP_E_INVAL;
  command_ = given->command;
  destination_ = view(given->destination);
  if (const auto s = read_headers(self, *given); s != ROMP_OK) return s;
  return read_body(self, *given);
}

romp_status Message::read_headers(const Instance& self, const romp_message& given) {
  const auto& limits = self.environment();
  if (given.header_count > limits.most_headers) return ROMP_E_TOOBIG;
  if (given.header_count != 0 && given.headers == nullptr) return ROMP_E_INVAL;
  if (given.content_type.data != nullptr) {
    headers_.push_back({"content-type", view(given.content_type)});
  }
  for (std::uint32_t i = 0; i < given.header_count; ++i) {
    const auto& header = given.headers[i];
    if (!is_header(header)) return ROMP_E_INVAL;
    headers_.push_back({view(header.name), view(header.value)});
  }
  const auto too_long = [&](const stomp::Header& h) {
    return h.name.size() + h.value.size() > limits.longest_header;
  };
  return std::ranges::any_of(headers_, too_long) ? ROMP_E_TOOBIG : ROMP_OK;
}

romp_status Message::read_body(Instance& self, const romp_message& given) {
  if (!sound(given.body)) return ROMP_E_INVAL;
  body_ = view(given.body);
  if (given.share != nullptr) {
    auto retained = self.retained().find(given.share);
    if (retained == nullptr || given.body.data != nullptr) return ROMP_E_INVAL;
    body_ = view(retained->frame().body);
    body_owner_ = std::move(retained);
  }
  return body_.size() > self.environment().longest_body ? ROMP_E_TOOBIG : ROMP_OK;
}

Outgoing Message::outgoing(stomp::Command natural) const {
  const auto command = command_ == 0 ? natural : static_cast<stomp::Command>(command_);
  return {command, destination_, {headers_.data(), headers_.size()}, body_, body_owner_};
}

}  // namespace romp::plugin
