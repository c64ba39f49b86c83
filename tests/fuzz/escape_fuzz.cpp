// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "stomp/error.hpp"
#include "stomp/escape.hpp"

namespace {

using romp::stomp::Version;

/// What is spelled for a version and can be spelled there is read again as it was.
void check_there_and_back(const std::string& text, Version version) {
  if (text.find('\0') != text.npos) return;  // left out
  const bool has_cr = text.find('\r') != text.npos;
  if (version == Version::v1_0 || (version == Version::v1_1 && has_cr)) return;
  for (const bool is_name : {false, true}) {
    std::string spelled;
    is_name ? romp::stomp::append_escaped_name(spelled, text, version)
            : romp::stomp::append_escaped(spelled, text, version);
    if (spelled.find('\n') != spelled.npos) std::abort();
    if (is_name && spelled.find(':') != spelled.npos) std::abort();
    spelled.resize(romp::stomp::unescape(spelled.data(), spelled.size(), version));
    if (spelled != text) std::abort();
  }
}

void check_forges_nothing(const std::string& text, Version version) {
  std::string name;
  romp::stomp::append_escaped_name(name, text, version);
  if (name.find('\n') != name.npos || name.find(':') != name.npos) std::abort();
  std::string value;
  romp::stomp::append_escaped(value, text, version);
  if (value.find('\n') != value.npos || value.find('\0') != value.npos) std::abort();
}

}  // namespace

/// A header's name and value as they come in, and as they go out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(octets), size);
  for (const Version version : {Version::v1_0, Version::v1_1, Version::v1_2}) {
    check_there_and_back(text, version);
    check_forges_nothing(text, version);
    std::string decoded = text;
    try {
      const std::size_t length = romp::stomp::unescape(decoded.data(), decoded.size(), version);
      if (length > text.size()) std::abort();
    } catch (const romp::stomp::ProtocolError&) {
    }
  }
  return 0;
}
