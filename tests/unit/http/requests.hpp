// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <string>
#include <string_view>

#include "http/gate.hpp"
#include "http/message.hpp"

namespace romp::http {

/// The head of a request as the connection reads it.
inline Message parsed(std::string_view text) {
  MessageParser parser;
  parser.eager(true);
  beast::error_code error;
  parser.put(boost::asio::buffer(text.data(), text.size()), error);
  EXPECT_TRUE(parser.is_header_done()) << error.message() << " in:\n" << text;
  return parser.release();
}

/// "400 the path has a dot segment"; empty where the request is taken.
inline std::string refusal_for(std::string_view text) {
  MessageParser parser;
  parser.eager(true);
  beast::error_code error;
  parser.put(boost::asio::buffer(text.data(), text.size()), error);
  std::optional<Refusal> refusal;
  if (error && error != beast::http::error::need_more) {
    refusal = refusal_of(error);
  } else if (parser.is_header_done()) {
    refusal = refusal_of(parser.get());
  } else {
    return "not whole";
  }
  return refusal ? std::to_string(refusal->status) + " " + std::string(refusal->why) : "";
}

}  // namespace romp::http
