// SPDX-License-Identifier: Apache-2.0
#include "check/file_check.hpp"

#include <elf.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace romp::check {
namespace {

namespace fs = std::filesystem;

/// Libraries with a state of the whole process, which the broker or another plugin may have too.
constexpr std::array<std::string_view, 5> suspicious{"libglog", "libgflags", "libabsl",
                                                     "libprotobuf", "libboost"};

/// The dynamic section and the symbols of a file that inspect() has found whole.
class Dynamic {
 public:
  explicit Dynamic(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
    const auto header = at<Elf64_Ehdr>(0);
    if (!header) return;
    for (std::size_t i = 0; i < header->e_shnum; ++i) {
      const auto section = at<Elf64_Shdr>(header->e_shoff + i * sizeof(Elf64_Shdr));
      if (section) sections_.push_back(*section);
    }
  }

  std::vector<std::string> needed() const {
    std::vector<std::string> names;
    each<Elf64_Dyn>(SHT_DYNAMIC, [&](const Elf64_Dyn& entry, std::size_t strings) {
      if (entry.d_tag == DT_NEEDED) names.push_back(text(strings, entry.d_un.d_val));
    });
    return names;
  }
  bool relocates_text() const {
    bool found = false;
    each<Elf64_Dyn>(SHT_DYNAMIC, [&](const Elf64_Dyn& entry, std::size_t) {
      found = found || entry.d_tag == DT_TEXTREL ||
              (entry.d_tag == DT_FLAGS && (entry.d_un.d_val & DF_TEXTREL) != 0);
    });
    return found;
  }
  std::vector<std::string> unique_symbols() const {
    std::vector<std::string> names;
    each<Elf64_Sym>(SHT_DYNSYM, [&](const Elf64_Sym& symbol, std::size_t strings) {
      if (ELF64_ST_BIND(symbol.st_info) == STB_GNU_UNIQUE && symbol.st_shndx != SHN_UNDEF) {
        names.push_back(text(strings, symbol.st_name));
      }
    });
    return names;
  }

 private:
  template <class T>
  std::optional<T> at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }

  template <class T, class F>
  void each(std::uint32_t type, F f) const {
    for (const auto& section : sections_) {
      if (section.sh_type != type) continue;
      for (std::uint64_t done = 0; done + sizeof(T) <= section.sh_size; done += sizeof(T)) {
        if (const auto row = at<T>(section.sh_offset + done)) f(*row, section.sh_link);
      }
    }
  }

  std::string text(std::size_t section, std::uint64_t offset) const {
    if (section >= sections_.size()) return {};
    const auto from = sections_[section].sh_offset + offset;
    if (from >= bytes_.size()) return {};
    return {bytes_.data() + from, ::strnlen(bytes_.data() + from, bytes_.size() - from)};
  }

  std::vector<char> bytes_;
  std::vector<Elf64_Shdr> sections_;
};

void look_inside(const fs::path& file, Report& report) {
  const Dynamic dynamic(file);
  for (const auto& library : dynamic.needed()) {
    const auto is_it = [&](std::string_view name) { return library.starts_with(name); };
    if (std::ranges::any_of(suspicious, is_it)) {
      report.add(Severity::warning, "needs " + library +
                                        ", which has a state of the whole process: link it "
                                        "statically and hide it, or do without");
    }
  }
  if (dynamic.relocates_text()) {
    report.add(Severity::error, "has text relocations: compile with -fPIC");
  }
  const auto unique = dynamic.unique_symbols();
  if (!unique.empty()) {
    report.add(Severity::error, "exports the unique symbol " + unique[0] +
                                    ", which all plugins would share: compile with "
                                    "-fno-gnu-unique, link with romp-plugin.map");
  }
}

}  // namespace

plugin::Inspection look_at(const fs::path& file, Report& report) {
  const auto whole = fs::absolute(file);
  const auto directory = whole.parent_path();
  if (const auto refusal = plugin::refusal_of_directory(directory); !refusal.empty()) {
    report.add(Severity::warning, refusal);
  }
  auto inspection = plugin::inspect(whole, directory);
  if (!inspection.ok()) {
    report.add(Severity::error, inspection.refusal);
    return inspection;
  }
  report.id = inspection.note->id;
  report.version = inspection.note->version;
  report.abi = std::to_string(inspection.note->abi_major) + "." +
               std::to_string(inspection.note->least_minor);
  for (const auto& warning : inspection.warnings) {
    const bool fatal = warning.starts_with("exports ");
    report.add(fatal ? Severity::error : Severity::warning, warning);
  }
  look_inside(inspection.path, report);
  return inspection;
}

}  // namespace romp::check
