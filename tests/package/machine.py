# SPDX-License-Identifier: Apache-2.0
"""A machine of its own for a test: a directory with Debian in it, booted by systemd-nspawn, with a network that
reaches nobody. Needs root."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE = 60


class Failed(AssertionError):
    pass


def run(*command, good=True, timeout=600, **options):
    """Its standard output and error; Failed with them when it fails."""
    done = subprocess.run([str(word) for word in command], text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=timeout, check=False, **options)
    if good and done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))} gave {done.returncode}:\n{done.stdout}")
    return done.stdout


def eventually(condition, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise Failed(f"this did not come: {what}")


def unpack(archive):
    """A root directory with what is in the archive."""
    root = Path(tempfile.mkdtemp(prefix="romp-machine-"))
    root.chmod(0o755)
    run("tar", "-C", root, "-xf", archive)
    return root


class Machine:
    """`with Machine(archive) as machine:` boots it; it is off and gone afterwards."""

    def __init__(self, archive):
        self.archive = archive

    def __enter__(self):
        self.root = unpack(self.archive)
        try:
            self.boot()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def boot(self):
        with (self.root / "console").open("wb") as console:
            self.nspawn = subprocess.Popen(
                ["systemd-nspawn", "-q", "-D", self.root, "-M", f"romp-{os.getpid()}", "--register=no", "--keep-unit",
                 "--private-network", "--console=pipe", "-b"],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console)
        self.init = eventually(self.find_init, "the first process of the machine")
        eventually(lambda: self.run("systemctl", "is-system-running", good=False).strip() in {"running", "degraded"},
                   "the end of the boot")

    def find_init(self):
        if self.nspawn.poll() is not None:
            raise Failed(f"systemd-nspawn ended:\n{(self.root / 'console').read_text(errors='replace')}")
        children = Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split()
        return children[0] if children else None

    def __exit__(self, *_):
        if hasattr(self, "init"):
            self.run("systemctl", "poweroff", good=False)
        if hasattr(self, "nspawn"):
            try:
                self.nspawn.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                if hasattr(self, "init"):
                    os.kill(int(self.init), signal.SIGKILL)  # and with it all of the machine
                self.nspawn.kill()
                self.nspawn.wait()
        shutil.rmtree(self.root)

    def enter(self, user):
        inside = ["nsenter", "-t", self.init, "-m", "-u", "-i", "-n", "-p", "-r", "-w", "--", "env", "-i",
                  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
                  "DEBIAN_FRONTEND=noninteractive"]
        return inside if user is None else [*inside, "HOME=/home/" + user, "setpriv", f"--reuid={user}",
                                            f"--regid={user}", "--clear-groups"]

    def run(self, *command, user=None, **options):
        return run(*self.enter(user), *command, **options)

    def shell(self, text, **options):
        return self.run("sh", "-euc", text, **options)

    def start(self, *command):
        """A process in the machine that is spoken with."""
        return subprocess.Popen([*self.enter(None), *command], text=True, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=1)

    def copy_in(self, *files, to):
        folder = self.root / to.lstrip("/")
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy(file, folder)

    def write(self, path, text):
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def property(self, name, unit="romp.service"):
        return self.run("systemctl", "show", "--value", "-p", name, unit).strip()

    def journal(self):
        return self.run("journalctl", "-q", "--no-pager", "-o", "cat", "-u", "romp.service")
