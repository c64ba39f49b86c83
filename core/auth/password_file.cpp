// SPDX-License-Identifier: Apache-2.0
#include "auth/password_file.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "auth/password_hash.hpp"
#include "config/read_file.hpp"
#include "config/units.hpp"

namespace romp::auth {
namespace {

constexpr std::size_t longest_name = 128;
constexpr std::size_t longest_line = 4096;
constexpr std::size_t most_roles = 32;

/// What stands up to the next colon; the rest goes on behind it.
std::string_view take_field(std::string_view& line) {
  const auto end = std::min(line.find(':'), line.size());
  const auto field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

/// How a problem speaks of a user: who forgets the name of a line has its hash in the name's place.
std::string spoken(std::string_view name) {
  constexpr std::size_t longest_spoken = 40;  // shorter than every hash
  return name.size() > longest_spoken ? "a user with a long name" : std::string(name);
}

class Reader {
 public:
  Reader(const std::string& path, std::vector<config::Problem>& problems,
         std::vector<config::Problem>& warnings)
      : path_(path), problems_(problems), warnings_(warnings) {}

  void read(std::string_view line) {
    ++line_;
    line = config::trim(line);
    if (line.empty() || line.starts_with('#')) return;
    if (line.size() > longest_line) return wrong("is longer than 4096 octets");
    const auto name = take_field(line);
    if (const auto why = why_bad_user(name); !why.empty()) {
      return wrong("the name " + std::string(why));
    }
    const auto hash = take_field(line);
    if (!check_hash(name, hash)) return;
    const auto roles = roles_in(name, line);
    if (!roles) return;
    const auto [first, is_new] = users_.try_emplace(std::string(name));
    if (!is_new) {
      return wrong(spoken(name) + " has a line already, number " +
                   std::to_string(first->second.line));
    }
    first->second = {std::string(hash), *roles, line_};
  }

  Users take() { return std::move(users_); }

 private:
  bool check_hash(std::string_view name, std::string_view hash) {
    const HashKind kind = kind_of_hash(hash);
    if (kind == HashKind::unknown) {
      wrong(spoken(name) +
            " has no hash that can be used: expected $y$, $2b$, $6$ or 64 hexadecimal digits");
    } else if (kind == HashKind::romp_sha256) {
      warnings_.push_back({path_, line_,
                           std::string(name) +
                               " has an old hash without salt, easily guessed; replace it: rompctl "
                               "passwd add " +
                               std::string(name)});
    }
    return kind != HashKind::unknown;
  }

  std::optional<std::vector<std::string>> roles_in(std::string_view name, std::string_view text) {
    std::vector<std::string> roles;
    for (std::string& word : config::parse_list(text)) {
      if (word == "false") continue;  // as romp's third field may say
      if (word == "true") word = admin_role;
      if (!is_role(word) || roles.size() == most_roles) {
        wrong(spoken(name) +
              " has a role that cannot be one: expected at most 32 words of letters, digits, '-', "
              "'_' and '.'");
        return std::nullopt;
      }
      roles.push_back(std::move(word));
    }
    return roles;
  }

  void wrong(std::string text) { problems_.push_back({path_, line_, std::move(text)}); }

  const std::string& path_;
  std::vector<config::Problem>& problems_;
  std::vector<config::Problem>& warnings_;
  Users users_;
  int line_ = 0;
};

/// What its mode lets strangers do.
void check_mode(const std::string& path, std::vector<config::Problem>& problems,
                std::vector<config::Problem>& warnings) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return;
  if ((about.st_mode & S_IWOTH) != 0) problems.push_back({path, 0, "everybody may write it"});
  if ((about.st_mode & S_IROTH) != 0) warnings.push_back({path, 0, "everybody may read it"});
}

}  // namespace

Users parse_password_file(std::string_view text, const std::string& path,
                          std::vector<config::Problem>& problems,
                          std::vector<config::Problem>& warnings) {
  Reader reader(path, problems, warnings);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    reader.read(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.take();
}

Users load_password_file(const std::string& path, std::vector<config::Problem>& problems,
                         std::vector<config::Problem>& warnings) {
  std::string why;
  const auto text = config::read_file(path, why);
  if (!text) {
    problems.push_back({path, 0, "the password file " + why});
    return {};
  }
  check_mode(path, problems, warnings);
  return parse_password_file(*text, path, problems, warnings);
}

std::string_view why_bad_user(std::string_view name) noexcept {
  if (name.empty()) return "is empty";
  if (name.size() > longest_name) return "is longer than 128 octets";
  if (name.starts_with('#')) return "begins with #";
  const bool plain = std::ranges::none_of(
      name, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == ':'; });
  return plain ? "" : "holds a blank, a colon or a control character";
}

bool is_role(std::string_view word) noexcept {
  return !word.empty() && word.size() <= 64 && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

}  // namespace romp::auth
