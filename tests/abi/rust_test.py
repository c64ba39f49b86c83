# SPDX-License-Identifier: Apache-2.0
"""The crate's layout is that of the header. Usage: rust_test.py SOURCE

Two programs say where each field of each struct is, how long it is, and what each constant is worth; one is
written in C, the other in Rust. Names and order of the fields are taken from the sources.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(sys.argv[1]).resolve()
INCLUDE = SOURCE / "sdk/include"
RAW = SOURCE / "sdk/rust/src/raw.rs"

# Rust's name to C's: structs that are not romp_ and the name in small letters, and words Rust keeps for itself.
STRUCTS = {"ConfigKey": "romp_config_key"}
FIELDS = {"host_own": "impl", "kind": "type", "name_size": "namesz"}
NOTE_FIELDS = {"size": "descsz"}
OPAQUE = {"Config"}


def c_struct(rust):
    return STRUCTS.get(rust, "romp_" + rust.lower())


def c_field(rust, field):
    return NOTE_FIELDS.get(field, FIELDS.get(field, field)) if rust == "Note" else FIELDS.get(field, field)


def rust_structs():
    """{"Frame": ["size", ...]}"""
    text = RAW.read_text(encoding="utf-8")
    found = re.findall(r"^pub struct (\w+) \{\n(.*?)^\}$", text, re.M | re.S)
    return {name: re.findall(r"^    pub (\w+):", body, re.M) for name, body in found if name not in OPAQUE}


def constants():
    """[(path in Rust, expression in C)] of all numbers in the crate."""
    said_otherwise = {"raw::ABI": "ROMP_ABI(1, 0)", "ANY": "ROMP_MASK_ANY",
                      "CONNECT": "(ROMP_MASK(ROMP_CMD_CONNECT) | ROMP_MASK(ROMP_CMD_STOMP))"}
    forms = {"raw::": "ROMP_{}", "": "ROMP_MASK(ROMP_CMD_{})", "capability::": "ROMP_CAP_{}"}
    found = []
    for file, modules in ((RAW, ("raw::",)), (SOURCE / "sdk/rust/src/lib.rs", ("", "capability::"))):
        for indent, name in re.findall(r"^( *)pub const ([A-Z_]+): [ui]\d+ =", file.read_text(encoding="utf-8"), re.M):
            path = modules[1 if indent else 0]
            found.append((path + name, said_otherwise.get(path + name, forms[path].format(name))))
    return found


def c_fields():
    """{"romp_frame": ["size", ...]} in the order of the header."""
    text = (INCLUDE / "romp/plugin.h").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"^#if ROMP_TARGET_MINOR.*?^#endif$", "", text, flags=re.M | re.S)
    found = {}
    for body, name in re.findall(r"struct \w+ \{\n(.*?)^\} ?(\w*);", text, re.M | re.S):
        names = []
        for field in body.split(";"):
            if match := re.search(r"\(\*(\w+)\)\(", field) or re.search(r"(\w+)(\[\d+\])?\s*$", field.strip()):
                names.append(match[1])
        found[name or "romp_host"] = [n for n in names if n]
    return found


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], text=True, capture_output=True, timeout=120, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")
    return done.stdout


@unittest.skipUnless(shutil.which("rustc"), "NOT CHECKED: there is no rustc on this machine")
class Layout(unittest.TestCase):
    maxDiff = None

    def said_by_c(self, work, structs, numbers):
        lines = []
        for rust, fields in structs.items():
            name = c_struct(rust)
            lines.append(f'printf("{name} %zu\\n", sizeof(struct {name}));')
            for field in (c_field(rust, f) for f in fields):
                lines.append(f'printf("{name}.{field} %zu %zu\\n", offsetof(struct {name}, {field}), '
                             f'sizeof(((struct {name}*)0)->{field}));')
        lines += [f'printf("{path} %lld\\n", (long long){value});' for path, value in numbers]
        (work / "layout.c").write_text(
            "#include <stdio.h>\n#include <romp/plugin.h>\nint main(void) {\n" + "\n".join(lines) + "\nreturn 0;\n}\n")
        run("cc", "-std=c99", f"-I{INCLUDE}", work / "layout.c", "-o", work / "c")
        return run(work / "c").splitlines()

    def said_by_rust(self, work, structs, numbers):
        lines = []
        for rust, fields in structs.items():
            name = c_struct(rust)
            lines.append(f'println!("{name} {{}}", size_of::<raw::{rust}>());')
            lines.append(f"let m = MaybeUninit::<raw::{rust}>::uninit(); let p = m.as_ptr();")
            for field in fields:
                lines.append(f'let f = unsafe {{ addr_of!((*p).{field}) }}; println!("{name}.{c_field(rust, field)} '
                             f'{{}} {{}}", f as usize - p as usize, length(f));')
        lines += [f'println!("{path} {{}}", romp_sdk::{path} as i64);' for path, _ in numbers]
        (work / "layout.rs").write_text(
            "#![allow(dead_code)]\nuse romp_sdk::raw;\nuse std::mem::{size_of, MaybeUninit};\nuse std::ptr::addr_of;\n"
            "fn length<T>(_: *const T) -> usize { size_of::<T>() }\nfn main() {\n" + "\n".join(lines) + "\n}\n")
        run("rustc", "--edition", "2021", "--crate-type", "rlib", "--crate-name", "romp_sdk",
            SOURCE / "sdk/rust/src/lib.rs", "--out-dir", work)
        run("rustc", "--edition", "2021", "-L", work, "--extern", f"romp_sdk={work}/libromp_sdk.rlib",
            work / "layout.rs", "-o", work / "rust")
        return run(work / "rust").splitlines()

    def test_every_field_of_the_crate_is_where_the_header_has_it(self):
        structs = rust_structs()
        self.assertGreater(len(structs), 10)
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            self.assertEqual(self.said_by_rust(work, structs, []), self.said_by_c(work, structs, []))

    def test_every_constant_of_the_crate_is_the_headers(self):
        numbers = constants()
        self.assertGreater(len(numbers), 30)
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            self.assertEqual(self.said_by_rust(work, {}, numbers), self.said_by_c(work, {}, numbers))

    def test_no_field_is_left_out(self):
        header = c_fields()
        for rust, fields in rust_structs().items():
            with self.subTest(struct=rust):
                self.assertEqual([c_field(rust, f) for f in fields], header[c_struct(rust)])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
