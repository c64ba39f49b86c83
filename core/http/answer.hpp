// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/http_call.hpp"

namespace romp::http {

/// What a client gets to read.
struct Answer {
  unsigned status = 200;
  plugin::HttpHeaders headers;  ///< beside those that every answer has
  std::string content_type;     ///< empty: none is sent without a body
  std::string body;
  bool ends_connection = false;
};

/// One line of plain text; for a status of 400 and above the connection stays as it is.
Answer text_answer(unsigned status, std::string_view text);

/// The answer to what cannot be understood, or is not taken: afterwards nobody knows where the next
/// request begins, so the connection ends.
Answer last_answer(unsigned status, std::string_view text);

/// How an answer is put on the wire.
struct Wire {
  unsigned version = 11;         ///< of the request
  bool keep_alive = true;        ///< as the client wants it
  bool without_body = false;     ///< of a HEAD
  std::string_view server;       ///< "romp/1.0.0"
  std::string_view cors_origin;  ///< who may read it; empty: nobody
};

/// Head and body, ready to be sent: one Content-Length, Server, Date, Connection where it must be
/// said, and, unless the answer has its own, headers that keep a browser from doing more with it
/// than showing it.
std::string render(const Answer& answer, const Wire& wire);

}  // namespace romp::http
