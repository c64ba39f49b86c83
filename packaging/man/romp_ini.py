# SPDX-License-Identifier: Apache-2.0
"""Makes romp.ini(5) of the sample configuration, which is the table of options. Usage: romp_ini.py FILE PLUGIN_DIR"""

import re
import sys
from pathlib import Path

SECTIONS = {
    "server": "The process: its ports, threads and limits.",
    "listener": "One more port each.",
    "permission": "Who may do what. While there is none, everybody may do everything; with them, only what one allows and "
                  "none forbids. Administrators may do everything.",
    "limits": "What listeners, addresses, sessions and users may take.",
    "stomp": "What one client may do.",
    "web": "HTTP and WebSocket.",
    "destinations": "All destinations, unless their own section says otherwise.",
    "destination": "One destination, or those that a pattern matches.",
    "plugins": "The host of the plugins.",
    "plugin": "One plugin. It takes the plugin's own keys as well; "
              "\\fBromp\\-plugin\\-check \\-\\-keys\\fR lists them.",
}

HEAD = r""".TH ROMP.INI 5 "" romp "romp"
.SH NAME
romp.ini \- configuration of the message broker romp
.SH SYNOPSIS
.I /etc/romp/romp.ini
.br
.I /etc/romp/plugins.d/*.ini
.br
.I /etc/romp/conf.d/*.ini
.SH DESCRIPTION
"""

TAIL = r""".SH SEVERAL FILES
The files of
.B include
are read behind the one that names them, those of a pattern in the order of their names. A file has a section and a key
once. What is read later overrules, key by key, sections with a name included: with
.PP
.nf
[listener web]
address = ::
.fi
.PP
in
.I /etc/romp/conf.d/site.ini
the port stays what
.I romp.ini
says. A section
.B [permission NAME]
is the exception: it stands in one file, so that what forbids something is not undone by the next one. What is wrong is
said with file and line of the value in force, and
.B romp \-\-print\-config
prints what all files together mean.
.SH EXAMPLE
.nf
[server]
ports = 61613

[listener web]
address = ::
port = 8080
web = yes

[destination /queue/orders]
max_messages = 5000
on_full = reject
web_read_block = yes

[plugin limit]
enabled = yes
rate = 20
.fi
.SH SEE ALSO
.BR romp (8),
.BR romp.passwd (5)
"""


def roff(text):
    """Plain words as roff; what stands in backquotes is bold."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return re.sub(r"`([^`]+)`", r"\\fB\1\\fR", text)


def key(name, value, help_text):
    reload = help_text.endswith(" [restart]")
    words = roff(help_text.removesuffix(" [restart]"))
    default = f" Default: \\fB{roff(value)}\\fR." if value else ""
    restart = " Takes effect at the next start." if reload else ""
    return f".TP\n.B {roff(name)}\n{words}{default}{restart}\n"


def preamble(text):
    """The first comment, a paragraph for each of its own; the keys say themselves what waits for a restart."""
    words = " ".join(line.lstrip("# ") if line.strip("# ") else "\n" for line in text.splitlines()[1:])
    words = words.replace("; [restart] marks what a reload does not change", "")
    return "\n.PP\n".join(roff(part.strip()) for part in words.split("\n") if part.strip()) + "\n"


def sections(lines, plugin_dir):
    """(name as it is written, keys as roff) for each section, those that only comments describe included."""
    current, keys, comment = None, [], []
    for line in lines:
        if match := re.match(r"\[(\w+)\]$", line):
            yield current, keys
            current, keys = match[1], []
        elif match := re.match(r"\[(\w+) \w+\]$|# (?:A section|Sections) \[(\w+) NAME\]", line):
            yield current, keys
            current, keys = f"{match[1] or match[2]} NAME", []
        elif match := re.match(r"#   ([a-z_]+): (.*)$", line):
            keys.append(key(match[1], "", match[2]))
        elif match := re.match(r"([a-z_]+) =(.*)$", line):
            value = plugin_dir if (current, match[1]) == ("plugins", "dir") else match[2].strip()
            if comment:
                keys.append(key(match[1], value, " ".join(comment)))
            comment = []
            continue
        comment = [*comment, line[2:]] if line.startswith("# ") else []
    yield current, keys


def main(path, plugin_dir):
    first, *rest = Path(path).read_text(encoding="utf-8").split("\n\n")
    out = [HEAD, preamble(first)]
    for name, keys in sections("\n\n".join(rest).splitlines(), plugin_dir):
        if name is None or not keys:
            continue
        out += [f'.SH "[{name}]"\n{SECTIONS.get(name.split()[0], "")}\n', *keys]
    sys.stdout.write("".join(out) + TAIL)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
