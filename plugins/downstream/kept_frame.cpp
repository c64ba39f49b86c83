// SPDX-License-Identifier: Apache-2.0
#include "kept_frame.hpp"

namespace downstream {
namespace {

constexpr std::size_t large_body = 4096;

std::size_t size_of(const romp_frame& frame) {
  std::size_t size = frame.body.len;
  for (std::uint32_t i = 0; i < frame.header_count; ++i) {
    size += frame.headers[i].name.len + frame.headers[i].value.len;
  }
  return size;
}

}  // namespace

bool KeptFrame::keep(const romp_host* host, const romp_frame* frame) {
  if (frame->body.len >= large_body) {
    const romp_frame* retained = host->frame_retain(host, frame);
    if (retained == nullptr) return false;
    shared_.emplace(host, retained);
    frame_ = *retained;
    return true;
  }
  frame_ = *frame;
  text_.clear();
  text_.reserve(size_of(*frame));  // so that nothing moves
  headers_.resize(frame->header_count);
  for (std::uint32_t i = 0; i < frame->header_count; ++i) {
    headers_[i] = {copy(frame->headers[i].name), copy(frame->headers[i].value)};
  }
  frame_.headers = headers_.data();
  frame_.body = copy(frame->body);
  frame_.destination = romp_frame_header(&frame_, ROMP_STR("destination"));
  frame_.verb = ROMP_STR("MESSAGE");
  return true;
}

romp_str KeptFrame::copy(romp_str text) {
  const std::size_t at = text_.size();
  text_.append(romp::view(text));
  return romp_str_n(text_.data() + at, text.len);
}

void KeptFrame::give_body(romp_message& message) const noexcept {
  if (shared_) {
    message.share = shared_->raw();
  } else {
    message.body = frame_.body;
  }
}

}  // namespace downstream
