#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes REFERENCE.md from the headers. Usage: reference.py [--check]

Everything in it is written in the headers: a page of one's own would be wrong one day.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADERS = ("plugin.h", "destinations.h", "sessions.h", "admin.h", "client.h")
COMMENT = re.compile(r"/\*\*(<?)\s*(.*?)\s*\*/", re.S)


def text_of(comment):
    """A comment on one line, without its stars."""
    return " ".join(re.sub(r"^\s*\*\s?", "", line).strip() for line in comment.splitlines()).strip()


def cell(text):
    return text.replace("|", "\\|")


def squeezed(code):
    return re.sub(r"\s+", " ", code).strip()


def signature(code):
    """`status name(args)` of a member that is a pointer to a function; else the code as it is."""
    match = re.match(r"(.*?)\(\*\s*(\w+)\)\((.*)\)$", squeezed(code))
    if not match:
        return squeezed(code), None
    result, name, arguments = match.groups()
    return f"{result.strip()} {name}({arguments})", name


class Page:
    def __init__(self):
        self.lines = []

    def add(self, *lines):
        self.lines.extend(lines)

    def table(self, head, rows):
        if not rows:
            return
        self.add("", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}")
        self.add(*("| " + " | ".join(cell(c) for c in row) + " |" for row in rows))


def members_of(body):
    """(code, meaning) of each member; a comment before a member or behind it is its own."""
    members, before = [], ""
    pieces = re.split(r"(/\*.*?\*/)", body, flags=re.S)
    for piece in pieces:
        if piece.startswith("/**<"):
            if members:
                members[-1][1] = text_of(piece[4:-2])
        elif piece.startswith("/**"):
            before = text_of(piece[3:-2])
        elif piece.startswith("/*"):
            members.append([None, text_of(piece[2:-2]).strip("- ")])
        else:
            for code in piece.split(";"):
                code = squeezed(re.sub(r"^\s*#.*$", "", code, flags=re.M))
                if code:
                    members.append([code, before])
                    before = ""
    return members


def add_struct(page, name, meaning, body):
    page.add("", f"### {name}", "")
    if meaning:
        page.add(meaning)
    fields, functions = [], []
    for code, text in members_of(body):
        if code is None:
            continue
        shown, is_function = signature(code)
        (functions if is_function else fields).append((f"`{shown}`", text))
    page.table(("field", "meaning"), fields)
    for shown, text in functions:
        page.add("", f"* {shown}  ", f"  {text}" if text else "")


def add_header(page, path):
    source = path.read_text(encoding="utf-8")
    about = re.search(r"/\*\*\n \* (.*?)\*/", source, re.S)
    page.add("", f"## romp/{path.name}", "", "```text",
             *(re.sub(r"^ \* ?", "", line).rstrip() for line in about[1].rstrip().splitlines()), "```")
    rest = source[about.end():]
    constants = []

    def flush():
        page.table(("constant", "value", "meaning"), constants)
        constants.clear()

    pattern = re.compile(
        r"/\* ---- (?P<title>.*?) -+ \*/"
        r"|/\*\*(?!<)(?P<doc>(?:(?!\*/).)*)\*/\s*"
        r"(?=(?:typedef struct romp_host romp_host;\s*)?(?:typedef )?struct \w+ \{)"
        r"|(?:typedef )?struct (?P<struct>\w+) \{(?P<body>.*?)\n\}(?: \w+)?;"
        r"|#define (?P<define>ROMP_[A-Z0-9_]+) +(?P<value>[^\n\\]*?)(?: */\*\*<(?P<note>.*?)\*/)?\n"
        r"|enum \{(?P<enum>.*?)\n?\};", re.S)
    doc = ""
    for match in pattern.finditer(rest):
        if match["title"]:
            flush()
            page.add("", f"### {match['title'].strip()}")
        elif match["doc"] is not None:
            doc = text_of(match["doc"])
        elif match["struct"]:
            flush()
            add_struct(page, match["struct"], doc, match["body"])
            doc = ""
        elif match["define"] and not match["define"].endswith("_") and not match["define"].endswith("_H"):
            constants.append((f"`{match['define']}`", f"`{match['value'].strip()}`",
                              text_of(match["note"] or "")))
        elif match["enum"]:
            for name, value, note in re.findall(r"(ROMP_\w+) = (\d+),?(?:\s*/\*\*<(.*?)\*/)?", match["enum"], re.S):
                constants.append((f"`{name}`", f"`{value}`", text_of(note)))
    flush()


def main():
    page = Page()
    page.add("# Reference", "", "Made from the headers by `reference.py`; change those, and run it.")
    for name in HEADERS:
        add_header(page, HERE / "include/romp" / name)
    text = "\n".join(page.lines).rstrip() + "\n"
    to = HERE / "REFERENCE.md"
    if "--check" in sys.argv:
        if not to.exists() or to.read_text(encoding="utf-8") != text:
            sys.exit("sdk/REFERENCE.md is not what the headers say: run sdk/reference.py")
        return
    to.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
