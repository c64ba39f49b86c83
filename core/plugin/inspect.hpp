// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace romp::plugin {

/// What a plugin file says of itself, read without running any of it.
struct Note {
  std::uint32_t abi_major = 0;
  std::uint32_t least_minor = 0;  ///< the oldest host 1.N it can live with
  std::uint32_t sdk = 0;          ///< ROMP_ABI() of the SDK it was built with
  std::string id;                 ///< [a-z0-9][a-z0-9._-]{0,62}
  std::string version;            ///< printable ASCII
};

/// The result of looking at a file: a note, or one sentence that says why it is refused.
struct Inspection {
  std::optional<Note> note;
  std::string refusal;                ///< empty when there is a note
  std::vector<std::string> warnings;  ///< loadable, but the author should know
  std::filesystem::path path;         ///< absolute, links resolved: what to load

  bool ok() const noexcept { return note.has_value(); }
};

/// Checks what can be checked before anything of the file runs: owners, modes, links, the ELF
/// headers, the romp note, the exported symbols. Trusts no length in the file, and never throws for
/// what is in it. Any thread.
Inspection inspect(const std::filesystem::path& file, const std::filesystem::path& plugin_dir);

/// The part of inspect() that looks at the content, of a file that is in memory.
Inspection inspect_bytes(std::span<const std::byte> content);

/// Why nothing may be loaded from that directory; empty when it may. Files are checked against this
/// by inspect() as well.
std::string refusal_of_directory(const std::filesystem::path& plugin_dir);

/// Directories above it that others could exchange it through, one sentence each.
std::vector<std::string> warnings_of_directory(const std::filesystem::path& plugin_dir);

}  // namespace romp::plugin
