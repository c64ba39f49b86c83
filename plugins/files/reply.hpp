// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace files {

/// The media type for a file's name, by its ending; application/octet-stream for what is unknown.
std::string_view type_of(std::string_view name) noexcept;

/// Does If-None-Match name this version? (RFC 9110, 13.1.2)
bool matches(std::string_view if_none_match, std::string_view etag) noexcept;

struct Range {
  std::uint64_t begin = 0;
  std::uint64_t count = 0;
};

/// What a Range header asks of a file of that size. Nothing: all of it, because there is no header,
/// or one that may be ignored (RFC 9110, 14.2). A count of 0: the file has none of it, which is
/// 416.
std::optional<Range> range_of(std::string_view header, std::uint64_t size) noexcept;

}  // namespace files
