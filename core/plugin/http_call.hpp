// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/shared.hpp"
#include "plugin/poison.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

class Instance;
struct HttpFilter;

/// Where a filter stands in the order of the HTTP chain, whichever chain is in force.
struct HttpStanding {
  std::int32_t priority = 0;
  std::string plugin;
  std::string instance;
  std::size_t order = 0;  ///< of registration
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// A request, checked and whole. Names of headers are in lower case.
struct HttpRequest {
  std::uint32_t method_bit = 0;  ///< ROMP_HTTP_; 0: none of those
  std::string method;
  std::string path;
  std::optional<std::string> query;
  HttpHeaders headers;
  std::string body;
  std::string remote;       ///< "address:port"
  std::int64_t now_ns = 0;  ///< of the steady clock
};

/// What a filter answers.
struct HttpReply {
  std::uint32_t status = 200;
  HttpHeaders headers;
  std::optional<std::string> content_type;
  std::string body;
};

/// Who waits for a deferred request.
class HttpClient : public base::Shared {
 public:
  /// The filter has decided: CONTINUE, HANDLED (then there is a reply) or REJECT. Any thread.
  virtual void resume_http(romp_defer_id id, romp_verdict verdict) noexcept = 0;
};

/// One request on its way through the filters. Held by a shared pointer, because a plugin that has
/// deferred it may go on reading it after its client has gone. Used by one thread at a time.
class HttpCall {
 public:
  HttpCall(HttpRequest request, base::Ptr<HttpClient> client);
  ~HttpCall() { reveal_views(); }
  HttpCall(const HttpCall&) = delete;
  HttpCall& operator=(const HttpCall&) = delete;

  const HttpRequest& request() const noexcept { return request_; }
  const romp_http& view() const noexcept { return view_; }
  HttpClient& client() const noexcept { return *client_; }

  /// What a plugin was shown is not its own any more: who kept a pointer to it is found.
  void hide_views() const noexcept {
    hide(&view_, sizeof view_);
    hide(header_views_.data(), header_views_.capacity() * sizeof(romp_header));
  }
  void reveal_views() const noexcept {
    reveal(&view_, sizeof view_);
    reveal(header_views_.data(), header_views_.capacity() * sizeof(romp_header));
  }

  std::optional<HttpReply> reply;
  romp_defer_id deferred = 0;          ///< by defer() of the running filter
  const HttpFilter* filter = nullptr;  ///< the running one, as its instance holds it
  HttpStanding standing;               ///< of the filter that deferred it

 private:
  HttpRequest request_;
  base::Ptr<HttpClient> client_;
  std::vector<romp_header> header_views_;
  romp_http view_{};
};

}  // namespace romp::plugin
