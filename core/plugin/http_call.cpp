// SPDX-License-Identifier: Apache-2.0
#include "plugin/http_call.hpp"

#include <string_view>

namespace romp::plugin {
namespace {

romp_str str(std::string_view text) noexcept { return {text.data(), text.size()}; }

}  // namespace

HttpCall::HttpCall(HttpRequest request, base::Ptr<HttpClient> client)
    : request_(std::move(request)), client_(std::move(client)) {
  for (const auto& [name, value] : request_.headers) {
    header_views_.push_back({str(name), str(value)});
  }
  view_.size = sizeof view_;
  view_.header_count = static_cast<std::uint32_t>(header_views_.size());
  view_.headers = header_views_.data();
  view_.method = str(request_.method);
  view_.path = str(request_.path);
  if (request_.query) view_.query = str(*request_.query);
  view_.remote = str(request_.remote);
  view_.body = str(request_.body);
  view_.now_ns = request_.now_ns;
  view_.impl = this;
}

}  // namespace romp::plugin
