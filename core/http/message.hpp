// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string_view>

namespace romp::http {

namespace beast = boost::beast;

/// A request as Beast reads it.
using Message = beast::http::request<beast::http::string_body>;
using MessageParser = beast::http::request_parser<beast::http::string_body>;

inline std::string_view view(beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

/// The value of a field; empty where there is none.
inline std::string_view value_of(const Message& message, beast::http::field field) {
  return view(message[field]);
}

}  // namespace romp::http
