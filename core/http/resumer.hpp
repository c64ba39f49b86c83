// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/connection.hpp"
#include "net/worker.hpp"
#include "plugin/http_call.hpp"

namespace romp::http {

/// Stands for the connection with plugins, and may outlive it.
class Resumer final : public plugin::HttpClient {
 public:
  Resumer(net::Worker& worker, Connection& connection) noexcept
      : worker_(worker), connection_(&connection) {}

  /// The connection has gone. Its worker.
  void forget() noexcept { connection_ = nullptr; }

  void resume_http(romp_defer_id id, romp_verdict verdict) noexcept override {
    worker_.post([self = base::Ptr<Resumer>(this), id, verdict] {
      if (self->connection_ != nullptr) self->connection_->resume(id, verdict);
    });
  }

  /// Any thread.
  void answer(Answer answer) {
    worker_.post([self = base::Ptr<Resumer>(this), answer = std::move(answer)]() mutable {
      if (self->connection_ != nullptr) self->connection_->answered(std::move(answer));
    });
  }

 private:
  net::Worker& worker_;
  Connection* connection_;
};

}  // namespace romp::http
