// SPDX-License-Identifier: Apache-2.0
#include "client/greeting.hpp"

#include <algorithm>
#include <charconv>

#include "auth/token.hpp"
#include "base/clock.hpp"
#include "stomp/error.hpp"
#include "stomp/writer.hpp"

namespace romp::client {
namespace {

using std::chrono::milliseconds;
using stomp::ProtocolError;

constexpr std::size_t longest_error = 500;
/// A server may end the session when its token ends, so that is not soon.
constexpr std::int64_t seconds_of_a_token = 3000;

std::string number(milliseconds time) { return std::to_string(time.count()); }

milliseconds number_of(std::string_view text) {
  std::uint64_t ms = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, ms);
  if (error != std::errc() || stop != end || ms > 0xffffffffU) {
    throw ProtocolError("bad heart-beat", "not a number of milliseconds: " + stomp::quoted(text));
  }
  return milliseconds(ms);
}

/// STOMP 1.2, "Heart-beating": each direction beats as the slower side wants it.
milliseconds agreed(milliseconds ours, milliseconds theirs) {
  return ours.count() == 0 || theirs.count() == 0 ? milliseconds(0) : std::max(ours, theirs);
}

stomp::HeartBeat beat_of(const Settings& settings, std::string_view header) {
  stomp::HeartBeat beat;
  if (header.data() == nullptr) return beat;
  const auto comma = header.find(',');
  if (comma == header.npos) {
    throw ProtocolError("bad heart-beat", "not two numbers: " + stomp::quoted(header));
  }
  beat.they_send = agreed(settings.heart_in, number_of(header.substr(0, comma)));
  beat.we_send = agreed(settings.heart_out, number_of(header.substr(comma + 1)));
  return beat;
}

bool is_offered(std::string_view versions, std::string_view one) {
  return ("," + std::string(versions) + ",").find("," + std::string(one) + ",") !=
         std::string::npos;
}

stomp::Version version_of(const Settings& settings, std::string_view header) {
  if (header.data() == nullptr || header == "1.0") return stomp::Version::v1_0;
  if (!is_offered(settings.versions, header)) {
    throw ProtocolError("unsupported version",
                        "the server answers with version " + stomp::quoted(header));
  }
  return header == "1.1" ? stomp::Version::v1_1 : stomp::Version::v1_2;
}

/// Login and passcode as they are, or as a token of this moment.
auth::Token credentials_of(const Settings& settings) {
  const auto now = base::unix_ms() / 1000;
  switch (settings.credential) {
    case Credential::token:
      return auth::make_token(settings.login, settings.passcode, now + seconds_of_a_token);
    case Credential::token_sha1:
      return auth::make_legacy_token(settings.login, settings.passcode, now);
    default:
      return {settings.login, settings.passcode};
  }
}

}  // namespace

std::string connect_frame(const Settings& settings, const Address& address) {
  std::vector<stomp::Header> headers{{"accept-version", settings.versions}};
  const std::string& host = settings.host ? *settings.host : address.host;
  if (!host.empty()) headers.push_back({"host", host});
  const std::string beats = number(settings.heart_out) + "," + number(settings.heart_in);
  headers.push_back({"heart-beat", beats});
  const auto [login, passcode] = credentials_of(settings);
  if (!login.empty()) headers.push_back({"login", login});
  if (!passcode.empty()) headers.push_back({"passcode", passcode});
  for (const auto& [name, value] : settings.headers) headers.push_back({name, value});
  std::string frame;
  stomp::append_frame(frame, stomp::Command::connect, headers, {}, stomp::Version::v1_0);
  return frame;
}

Greeting greeting_of(const Settings& settings, const stomp::Batch& answer) {
  const auto& item = answer.items.front();
  if (item.command == stomp::Command::error) {
    throw ProtocolError("refused",
                        "the server refuses the connection: " + error_text(answer, item));
  }
  if (item.command != stomp::Command::connected) {
    throw ProtocolError("bad answer", "CONNECT is answered with " + stomp::quoted(item.word));
  }
  return {version_of(settings, answer.find(item, "version")),
          beat_of(settings, answer.find(item, "heart-beat"))};
}

std::string error_text(const stomp::Batch& batch, const stomp::Batch::Item& error) {
  std::string text(batch.find(error, "message"));
  const auto line = error.body.substr(0, error.body.find_first_of("\r\n"));
  if (!line.empty() && line != text) text += (text.empty() ? "" : ": ") + std::string(line);
  return text.empty() ? "no reason given" : text.substr(0, longest_error);
}

}  // namespace romp::client
