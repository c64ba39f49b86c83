# SPDX-License-Identifier: Apache-2.0
"""Checks what ARCHITECTURE.md promises about the sources. Usage: check.py ROOT [RULE...]

One line for each place where a rule does not hold, then exit status 1.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

# A folder of core/ may include itself and these.
MAY_INCLUDE = {
    "base": set(),
    "config": {"base"},
    "stomp": {"base"},
    "broker": {"base", "config"},
    "auth": {"base", "config"},
    "net": {"base", "config"},
    "plugin": {"base", "config", "stomp", "broker", "net", "sdk"},
    "client": {"base", "auth", "stomp", "net"},
    "storage": {"base", "config", "broker"},
    "session": {"base", "config", "stomp", "broker", "plugin", "client", "auth", "net", "sdk"},
    "http": {"base", "config", "broker", "plugin", "auth", "net", "sdk"},
    "ctl": {"base", "config", "auth"},
}
MAY_INCLUDE["server"] = set(MAY_INCLUDE) - {"ctl"} | {"sdk"}
MAY_INCLUDE["check"] = {"base", "config", "stomp", "broker", "plugin", "sdk"}

# A library's headers, and where they may be included: folders of core/, or single files.
LIBRARIES = [
    ("Asio", r"boost/asio(/|\.hpp)", {"net", "client", "plugin", "session", "http", "server", "ctl"}),
    ("Beast", r"boost/beast(/|\.hpp)", {"net", "http"}),
    ("Boost.DLL", r"boost/dll(/|\.hpp)", {"plugin"}),
    ("OpenSSL", r"openssl/", {"auth", "client", "net"}),
    ("inih", r"(ini|INIReader)\.h$", {"config"}),
    ("glog", r"glog/", {"base/log.cpp"}),
]

BANNED_WORDS = {"manager", "helper", "util", "utils", "misc", "common", "impl", "info", "data", "processor"}
BANNED_CLASS_PREFIX = "Base"

LONGEST_FILE = {"core": 400, "sdk": 400, "plugins": 400, "tests": 800}
LONGER_FILES = {"sdk/include/romp/plugin.h": 800}  # the whole contract, to be read in one place
LONGEST_FUNCTION = 60

SOURCES = {".h", ".hpp", ".c", ".cpp", ".in"}
WITH_LICENCE = SOURCES | {".sh", ".py", ".js"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
CLASS = re.compile(r"^\s*(?:template\s*<.*>\s*)?(?:class|struct|union|enum(?:\s+class)?)\s+"
                   r"(?:\[\[\w+\]\]\s*)?(\w+)(?!.*;\s*$)")


class Tree:
    def __init__(self, root):
        self.root = Path(root)

    def files(self, top, suffixes=frozenset({".h", ".hpp", ".c", ".cpp"})):
        """Every source below a top folder as (path, path relative to the root)."""
        folder = self.root / top
        if not folder.is_dir():
            return
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in suffixes:
                yield path, path.relative_to(self.root).as_posix()


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


def includes_of(path):
    for number, line in enumerate(lines_of(path), 1):
        if match := INCLUDE.match(line):
            yield number, match[1], match[2]


def folder_of(name):
    """The folder of core/ that an include names, `sdk` for romp/..., else None."""
    first = name.split("/")[0]
    if "/" not in name:
        return None
    return "sdk" if first == "romp" else first if first in MAY_INCLUDE else None


def layers(tree):
    """A folder of core/ includes only what its row of the table allows."""
    for path, place in tree.files("core"):
        own = place.split("/")[1]
        if own not in MAY_INCLUDE:
            yield f"{place}:1: core/{own} is not in the table of layers"
            continue
        for number, _, name in includes_of(path):
            other = folder_of(name)
            if other not in {None, own} and other not in MAY_INCLUDE[own]:
                yield f"{place}:{number}: core/{own} must not include {name}"
            if name.startswith(".") or "/../" in name:
                yield f"{place}:{number}: {name} is not a path from core/"


def libraries(tree):
    """A library is included where the table says, and nowhere else."""
    for path, place in tree.files("core"):
        inside = place.removeprefix("core/")
        for number, _, name in includes_of(path):
            for library, pattern, where in LIBRARIES:
                if re.match(pattern, name) and not where & {inside, inside.split("/")[0]}:
                    yield f"{place}:{number}: {library} belongs to {', '.join(sorted(where))}"


def independence(tree):
    """sdk/ and plugins/ include nothing of core/, and plugins no library of the broker's."""
    for top in ("sdk", "plugins"):
        for path, place in tree.files(top):
            for number, _, name in includes_of(path):
                if folder_of(name) not in {None, "sdk"} or "core/" in name:
                    yield f"{place}:{number}: {top}/ must not include {name}"
                elif name.startswith(("boost/", "glog/")):
                    yield f"{place}:{number}: {top}/ must do without {name}"


def file_length(tree):
    """Files stay short."""
    for top, longest in LONGEST_FILE.items():
        for path, place in tree.files(top):
            length = len(lines_of(path))
            most = LONGER_FILES.get(place, longest)
            if length > most:
                yield f"{place}:1: {length} lines; at most {most} are allowed"


def function_length(tree):
    """Functions stay short; needs universal-ctags, which knows where they end."""
    paths = [str(path) for top in LONGEST_FILE for path, _ in tree.files(top)]
    command = ["ctags", "-x", "--_xformat=%{input}\t%n\t%e\t%N", "--kinds-C++=f", "--kinds-C=f",
               "--langmap=C++:+.h", "-L", "-"]
    output = subprocess.run(command, input="\n".join(paths), text=True, capture_output=True, check=True)
    for line in output.stdout.splitlines():
        file, begin, end, name = line.split("\t")
        length = int(end) - int(begin) + 1 if end.isdigit() else 0
        if length > LONGEST_FUNCTION:
            place = Path(file).relative_to(tree.root).as_posix()
            yield f"{place}:{begin}: {name} has {length} lines; at most {LONGEST_FUNCTION} are allowed"


def words_of(name):
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower().replace("-", "_").split("_")


def names(tree):
    """No file and no class has a name that says nothing."""
    for top in LONGEST_FILE:
        for path, place in tree.files(top):
            for word in BANNED_WORDS.intersection(words_of(path.stem)):
                yield f"{place}:1: \"{word}\" in a file's name says nothing"
            for number, line in enumerate(lines_of(path), 1):
                if not (match := CLASS.match(line)):
                    continue
                for word in BANNED_WORDS.intersection(words_of(match[1])):
                    yield f"{place}:{number}: \"{word}\" in {match[1]} says nothing"
                if re.match(BANNED_CLASS_PREFIX + "[A-Z]", match[1]):
                    yield f"{place}:{number}: {match[1]}: no inheritance for reuse, so no base classes"


def licence(tree):
    """Each source begins with its SPDX line; a script may have its #! before it."""
    for top in (*LONGEST_FILE, "packaging"):
        for path, place in tree.files(top, WITH_LICENCE):
            first = [line for line in lines_of(path)[:2] if not line.startswith("#!")]
            if not first or "SPDX-License-Identifier: Apache-2.0" not in first[0]:
                yield f"{place}:1: the SPDX line is missing"


RULES = [layers, libraries, independence, file_length, function_length, names, licence]


def has_ctags():
    found = shutil.which("ctags")
    return bool(found) and "Universal Ctags" in subprocess.run(
        [found, "--version"], text=True, capture_output=True, check=False).stdout


def main(root, chosen):
    found = 0
    for rule in RULES:
        if chosen and rule.__name__ not in chosen:
            continue
        if rule is function_length and not has_ctags():
            print("SKIPPED function_length: universal-ctags is not installed", file=sys.stderr)
            continue
        for line in rule(Tree(root)):
            print(line)
            found += 1
    if found:
        print(f"{found} places are not as ARCHITECTURE.md says")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
