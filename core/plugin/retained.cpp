// SPDX-License-Identifier: Apache-2.0
#include "plugin/retained.hpp"

#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

std::size_t length_of(const romp_frame& frame, bool with_body) {
  std::size_t length = frame.verb.len + (with_body ? frame.body.len : 0);
  for (std::uint32_t i = 0; i < frame.header_count; ++i) {
    length += frame.headers[i].name.len + frame.headers[i].value.len;
  }
  return length;
}

}  // namespace

RetainedFrame::RetainedFrame(const romp_frame& frame, base::Ptr<base::Shared> body_owner)
    : body_owner_(std::move(body_owner)), frame_(frame) {
  text_.reserve(length_of(frame, !body_owner_));  // so that no view moves
  headers_.reserve(frame.header_count);
  for (std::uint32_t i = 0; i < frame.header_count; ++i) {
    headers_.push_back({keep(frame.headers[i].name), keep(frame.headers[i].value)});
  }
  frame_.headers = headers_.data();
  frame_.verb = keep(frame.verb);
  frame_.destination = romp_frame_header(&frame_, ROMP_STR("destination"));
  if (!body_owner_) frame_.body = keep(frame.body);
  frame_.impl = nullptr;
}

romp_str RetainedFrame::keep(romp_str text) {
  if (text.data == nullptr) return text;
  const auto at = text_.size();
  text_.append(view(text));
  return {text_.data() + at, text.len};
}

const romp_frame* RetainedFrames::add(const romp_frame& frame, base::Ptr<base::Shared> body_owner) {
  const base::Ptr<RetainedFrame> made(new RetainedFrame(frame, std::move(body_owner)));
  const std::lock_guard lock(mutex_);
  if (held_.size() >= most) return nullptr;
  held_.emplace(&made->frame(), Held{made});
  return &made->frame();
}

bool RetainedFrames::again(const romp_frame* frame) {
  const std::lock_guard lock(mutex_);
  const auto it = held_.find(frame);
  if (it == held_.end()) return false;
  ++it->second.references;
  return true;
}

bool RetainedFrames::release(const romp_frame* frame) {
  const std::lock_guard lock(mutex_);
  const auto it = held_.find(frame);
  if (it == held_.end()) return false;
  if (--it->second.references == 0) held_.erase(it);
  return true;
}

base::Ptr<RetainedFrame> RetainedFrames::find(const romp_frame* frame) const {
  const std::lock_guard lock(mutex_);
  const auto it = held_.find(frame);
  return it == held_.end() ? nullptr : it->second.frame;
}

std::size_t RetainedFrames::size() const {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

void RetainedFrames::clear() {
  const std::lock_guard lock(mutex_);
  held_.clear();
}

}  // namespace romp::plugin
