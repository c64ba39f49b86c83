// SPDX-License-Identifier: Apache-2.0
#include "plugin/inspect.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "romp/plugin.h"

namespace romp::plugin {
namespace {

namespace fs = std::filesystem;

#if defined(__x86_64__)
constexpr std::uint16_t native_machine = EM_X86_64;
constexpr const char* native_name = "x86-64";
#elif defined(__aarch64__)
constexpr std::uint16_t native_machine = EM_AARCH64;
constexpr const char* native_name = "AArch64";
#else
#error "say here what a plugin for this machine looks like"
#endif
constexpr unsigned char native_order =
    std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

/// Thrown inside this file only: the sentence that refuses the file.
struct Refused {
  std::string sentence;
};

[[noreturn]] void refuse(std::string sentence) { throw Refused{std::move(sentence)}; }

std::string error_text(int error) { return std::generic_category().message(error); }

/// Where bytes come from: a file, or memory. Every access is checked against its size.
class Source {
 public:
  explicit Source(std::span<const std::byte> memory) : memory_(memory), size_(memory.size()) {}
  Source(int file, std::uint64_t size) : file_(file), size_(size) {}

  std::uint64_t size() const noexcept { return size_; }

  void need(const char* what, std::uint64_t offset, std::uint64_t length) const {
    if (offset <= size_ && length <= size_ - offset) return;
    const std::uint64_t end = offset > UINT64_MAX - length ? UINT64_MAX : offset + length;
    refuse("truncated: " + std::string(what) + " " + std::to_string(end) + " bytes, the file has " +
           std::to_string(size_));
  }

  void read(const char* what, std::uint64_t offset, void* to, std::size_t length) const {
    need(what, offset, length);
    if (file_ < 0 && length != 0) std::memcpy(to, memory_.data() + offset, length);
    if (file_ < 0) return;
    for (auto* at = static_cast<char*>(to); length != 0;) {
      const ssize_t got = ::pread(file_, at, length, static_cast<off_t>(offset));
      if (got <= 0) refuse("truncated: it became shorter while it was read");
      at += got;
      offset += static_cast<std::uint64_t>(got);
      length -= static_cast<std::size_t>(got);
    }
  }

  template <class T>
  std::vector<T> table(const char* what, std::uint64_t offset, std::uint64_t bytes) const {
    need(what, offset, bytes);
    if (bytes > (std::uint64_t{1} << 28)) refuse("damaged: a table is too large");
    std::vector<T> rows(bytes / sizeof(T));
    read(what, offset, rows.data(), rows.size() * sizeof(T));
    return rows;
  }

 private:
  std::span<const std::byte> memory_;
  int file_ = -1;
  std::uint64_t size_;
};

bool is_id(std::string_view id) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  return !id.empty() && id.size() <= 63 && id.find_first_not_of(allowed) == id.npos &&
         allowed.find(id[0]) < 36;
}

/// For names that come from the file: at most 64 of its characters, what cannot be printed as '?'.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, 64));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text.size() > 64 ? out + "..." : out;
}

/// The text in a field of fixed size; all of it when nothing ends it.
std::string_view text_in(std::string_view field) { return field.substr(0, field.find('\0')); }

/// Reads one ELF file. Tables are read whole, and none is larger than the file.
class Elf {
 public:
  explicit Elf(const Source& source) : source_(source) {}

  void read_into(Inspection& result) {
    read_header();
    read_segments();
    read_sections();
    result.note = find_note();
    read_exports(result);
    warn_of_segments(result);
  }

 private:
  void read_header() {
    const std::size_t begin = std::min<std::uint64_t>(source_.size(), SELFMAG);
    source_.read("the ELF header needs", 0, &header_, begin);
    if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0) refuse("not an ELF file");
    source_.read("the ELF header needs", 0, &header_, sizeof header_);
    const unsigned char bits = header_.e_ident[EI_CLASS];
    if (bits != ELFCLASS64) {
      refuse("built for " + std::string(bits == ELFCLASS32 ? "32" : "?") +
             " bits, this broker has 64");
    }
    if (header_.e_ident[EI_DATA] != native_order) refuse("built for the other byte order");
    if (header_.e_machine != native_machine) {
      refuse("built for machine " + std::to_string(header_.e_machine) + ", this broker is " +
             native_name + " (" + std::to_string(native_machine) + ")");
    }
    if (header_.e_type != ET_DYN) {
      refuse("not a shared object (ELF type " + std::to_string(header_.e_type) + ")");
    }
  }

  void read_segments() {
    if (header_.e_phentsize != sizeof(Elf64_Phdr) || header_.e_phnum == 0) {
      refuse("not a shared object: it has no program headers");
    }
    segments_ = source_.table<Elf64_Phdr>("the program headers need", header_.e_phoff,
                                          header_.e_phnum * sizeof(Elf64_Phdr));
    for (const Elf64_Phdr& s : segments_) {
      if (s.p_filesz != 0) source_.need("a segment needs", s.p_offset, s.p_filesz);
    }
  }

  void read_sections() {
    if (header_.e_shoff == 0 || header_.e_shnum == 0) return;  // allowed: loading does without them
    if (header_.e_shentsize != sizeof(Elf64_Shdr)) refuse("damaged: bad size of section headers");
    sections_ = source_.table<Elf64_Shdr>("the section headers need", header_.e_shoff,
                                          header_.e_shnum * sizeof(Elf64_Shdr));
  }

  Note find_note() const {
    std::optional<Note> found;
    for (const Elf64_Phdr& s : segments_) {
      if (s.p_type == PT_NOTE) find_note_in(s.p_offset, s.p_filesz, s.p_align, found);
    }
    if (found) return *found;
    refuse(
        "not a romp plugin: it carries no romp note (build it with ROMP_PLUGIN or "
        "ROMP_PLUGIN_CPP)");
  }

  void find_note_in(std::uint64_t offset, std::uint64_t length, std::uint64_t align,
                    std::optional<Note>& found) const {
    const std::uint64_t unit = align == 8 ? 8 : 4;
    const auto rounded = [unit](std::uint64_t n) { return (n + unit - 1) / unit * unit; };
    while (length >= sizeof(Elf64_Nhdr)) {
      Elf64_Nhdr head;
      source_.read("a note needs", offset, &head, sizeof head);
      const std::uint64_t name_at = sizeof head;
      const std::uint64_t desc_at = rounded(name_at + head.n_namesz);
      const std::uint64_t whole = desc_at + head.n_descsz;  // 32-bit lengths: no overflow
      const bool ours = head.n_type == ROMP_NOTE_TYPE && head.n_namesz == 5 &&
                        length >= name_at + 5 && is_named_romp(offset + name_at);
      if (whole > length && ours) refuse("damaged note: it runs past the end of its segment");
      if (whole > length) return;
      if (ours && found) refuse("damaged note: there is more than one");
      if (ours) found = read_note(offset + desc_at, head.n_descsz);
      const std::uint64_t step = std::min(rounded(whole), length);
      offset += step;
      length -= step;
    }
  }

  bool is_named_romp(std::uint64_t at) const {
    std::array<char, 5> name{};
    source_.read("a note needs", at, name.data(), name.size());
    return std::memcmp(name.data(), "romp", name.size()) == 0;
  }

  Note read_note(std::uint64_t at, std::uint32_t length) const {
    constexpr std::size_t known = sizeof(romp_note) - offsetof(romp_note, abi);
    romp_note raw{};
    source_.read("the note needs", at, &raw.abi, std::min<std::size_t>(length, known));
    Note note;
    note.abi_major = ROMP_ABI_MAJOR_OF(raw.abi);
    note.least_minor = ROMP_ABI_MINOR_OF(raw.abi);
    if (length >= sizeof raw.abi) refuse_other_abi(note);  // its note may have another form
    if (length < known) {
      refuse("damaged note: " + std::to_string(length) + " bytes instead of " +
             std::to_string(known));
    }
    note.sdk = raw.sdk;
    note.id = text_in({raw.id, sizeof raw.id});
    note.version = text_in({raw.version, sizeof raw.version});
    if (note.id.size() == sizeof raw.id || note.version.size() == sizeof raw.version) {
      refuse("damaged note: a text in it has no end");
    }
    if (!is_id(note.id)) {
      refuse("bad plugin id \"" + printable(note.id) +
             "\": 1 to 63 of a-z 0-9 . _ - are allowed, the first a letter or digit");
    }
    if (note.version.empty() || printable(note.version) != note.version) {
      refuse("damaged note: the version cannot be printed");
    }
    return note;
  }

  static void refuse_other_abi(const Note& note) {
    const std::string major = std::to_string(ROMP_ABI_MAJOR);
    const std::string minor = std::to_string(ROMP_ABI_MINOR);
    const std::string ours = major + "." + minor;
    if (note.abi_major != ROMP_ABI_MAJOR) {
      refuse("built for plugin ABI " + std::to_string(note.abi_major) + ", this broker speaks " +
             major + " (" + ours + "): rebuild it with SDK " + major + ".x");
    }
    if (note.least_minor > ROMP_ABI_MINOR) {
      refuse("needs plugin ABI " + major + "." + std::to_string(note.least_minor) +
             ", this broker offers " + ours +
             ": upgrade romp, or rebuild with ROMP_REQUIRE_MINOR=" + minor);
    }
  }

  /// Looks at .dynsym. Without section headers nothing is known here, and loading will tell.
  void read_exports(Inspection& result) const {
    const auto table = std::find_if(sections_.begin(), sections_.end(),
                                    [](const Elf64_Shdr& s) { return s.sh_type == SHT_DYNSYM; });
    if (table == sections_.end() || table->sh_link >= sections_.size()) return;
    const Elf64_Shdr& names = sections_[table->sh_link];
    const auto symbols =
        source_.table<Elf64_Sym>("the symbol table needs", table->sh_offset, table->sh_size);
    const auto text = source_.table<char>("the symbol names need", names.sh_offset, names.sh_size);
    judge(symbols, {text.data(), text.size()}, result);
  }

  static void judge(const std::vector<Elf64_Sym>& symbols, std::string_view names,
                    Inspection& result) {
    bool entry = false;
    std::vector<std::string_view> others;
    for (const Elf64_Sym& s : symbols) {
      const unsigned visibility = ELF64_ST_VISIBILITY(s.st_other);
      if (s.st_shndx == SHN_UNDEF || ELF64_ST_BIND(s.st_info) == STB_LOCAL ||
          visibility == STV_HIDDEN || visibility == STV_INTERNAL || s.st_name >= names.size()) {
        continue;
      }
      const std::string_view name = text_in(names.substr(s.st_name, 4096));
      if (name == "romp_plugin_entry") entry = true;
      if (name != "romp_plugin_entry" && name != "_init" && name != "_fini") others.push_back(name);
    }
    if (!entry) refuse("it exports no symbol romp_plugin_entry");
    if (others.empty()) return;
    const std::size_t more = others.size() - 1;
    result.warnings.push_back("exports " + printable(others[0]) +
                              (more == 0 ? "" : " and " + std::to_string(more) + " more") +
                              ": link with romp-plugin.map");
  }

  void warn_of_segments(Inspection& result) const {
    for (const Elf64_Phdr& s : segments_) {
      if (s.p_type == PT_GNU_STACK && (s.p_flags & PF_X)) {
        result.warnings.push_back("asks for an executable stack: link with -z noexecstack");
      }
      if (s.p_type == PT_LOAD && (s.p_flags & PF_X) && (s.p_flags & PF_W)) {
        result.warnings.push_back("has memory that is writable and executable");
      }
    }
  }

  const Source& source_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Phdr> segments_;
  std::vector<Elf64_Shdr> sections_;
};

void inspect_content(const Source& source, Inspection& result) {
  try {
    Elf(source).read_into(result);
  } catch (const Refused& r) {
    result.note.reset();
    result.warnings.clear();
    result.refusal = r.sentence;
  }
}

/// A file descriptor that closes itself.
struct File {
  ~File() { ::close(fd); }
  int fd;
};

/// Who else could change it: "is owned by ..", "is writable by ..", or "".
std::string weakness_of(const struct stat& s) {
  if (s.st_uid != 0 && s.st_uid != ::geteuid()) {
    return "is owned by uid " + std::to_string(s.st_uid) + ", not by root or the broker";
  }
  if ((s.st_mode & (S_IWGRP | S_IWOTH)) == 0) return {};
  std::array<char, 8> mode{};
  std::snprintf(mode.data(), mode.size(), "%04o", s.st_mode & 07777U);
  return std::string("is writable by group or others (mode ") + mode.data() + ")";
}

/// The file that the name leads to; refuses links that leave the directory.
fs::path resolve(const fs::path& file, const fs::path& dir) {
  struct stat s {};
  if (::lstat(file.c_str(), &s) != 0) refuse("cannot open: " + error_text(errno));
  std::error_code error;
  const fs::path target = fs::canonical(file, error);
  if (error == std::errc::no_such_file_or_directory) refuse("dangling symlink");
  const fs::path home = error ? fs::path() : fs::canonical(dir, error);
  if (error) refuse("cannot open: " + error.message());
  if (std::mismatch(home.begin(), home.end(), target.begin(), target.end()).first == home.end()) {
    return target;
  }
  if (!S_ISLNK(s.st_mode)) refuse("it is not in the plugin directory");
  refuse("symlink leads out of the plugin directory, to " + target.string());
}

void inspect_file(const fs::path& file, const fs::path& dir, Inspection& result) {
  result.path = resolve(file, dir);
  // Non-blocking, so that a FIFO without a writer does not hold us.
  const File opened{::open(result.path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};
  const int error = errno;
  struct stat s {};
  // What cannot be opened may still be told: a socket gives ENXIO.
  if (opened.fd < 0 ? ::lstat(result.path.c_str(), &s) != 0 : ::fstat(opened.fd, &s) != 0) {
    refuse("cannot open: " + error_text(opened.fd < 0 ? error : errno));
  }
  if (!S_ISREG(s.st_mode)) refuse("not a regular file");
  if (opened.fd < 0) refuse("cannot open: " + error_text(error));
  if (const std::string weak = weakness_of(s); !weak.empty()) refuse("file " + weak);
  inspect_content(Source(opened.fd, static_cast<std::uint64_t>(s.st_size)), result);
}

}  // namespace

Inspection inspect(const fs::path& file, const fs::path& plugin_dir) {
  Inspection result;
  try {
    result.refusal = refusal_of_directory(plugin_dir);
    if (result.refusal.empty()) inspect_file(file, plugin_dir, result);
  } catch (const Refused& r) {
    result.refusal = r.sentence;
  }
  return result;
}

Inspection inspect_bytes(std::span<const std::byte> content) {
  Inspection result;
  inspect_content(Source(content), result);
  return result;
}

std::string refusal_of_directory(const fs::path& plugin_dir) {
  const std::string name = "directory " + plugin_dir.string() + " ";
  struct stat s {};
  if (::stat(plugin_dir.c_str(), &s) != 0) return name + "cannot be read: " + error_text(errno);
  if (!S_ISDIR(s.st_mode)) return plugin_dir.string() + " is not a directory";
  const std::string weak = weakness_of(s);
  if (weak.empty()) return {};
  return name + weak + (weak.starts_with("is writable") ? ": refusing to load from it" : "");
}

std::vector<std::string> warnings_of_directory(const fs::path& plugin_dir) {
  std::vector<std::string> warnings;
  std::error_code error;
  const fs::path home = fs::canonical(plugin_dir, error);
  for (fs::path at = home.parent_path(); !error && at != at.parent_path(); at = at.parent_path()) {
    struct stat s {};
    if (::stat(at.c_str(), &s) != 0) continue;
    // In a sticky directory, such as /tmp, others cannot rename what is not theirs.
    if (s.st_mode & S_ISVTX) s.st_mode &= ~static_cast<mode_t>(S_IWGRP | S_IWOTH);
    const std::string weak = weakness_of(s);
    if (!weak.empty()) warnings.push_back("directory " + at.string() + " " + weak);
  }
  return warnings;
}

}  // namespace romp::plugin
