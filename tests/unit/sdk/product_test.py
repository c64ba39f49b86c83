# SPDX-License-Identifier: Apache-2.0
"""A stranger's way: with the installed SDK only, a plugin in C, C++ and Rust is made, tested, packed,
and dropped into the directory of a running broker. Usage: product_test.py SOURCE ROMP CHECKER
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

SOURCE, ROMP, CHECKER = (Path(a).resolve() for a in sys.argv[1:4])
PATIENCE = 60


def run(*command, cwd=None, env=None, good=True):
    done = subprocess.run(command, cwd=cwd, env=env, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=300, check=False)
    if good and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))} gave {done.returncode}:\n{done.stdout}")
    return done


def eventually(condition, what):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError(f"this did not come: {what}")


class Broker:
    """The daemon with a plugin directory that is empty at first."""

    def __init__(self, work):
        self.plugins = work / "plugins"
        self.plugins.mkdir(mode=0o755)
        self.log = work / "log"
        ini = work / "romp.ini"
        ini.write_text(f"[server]\nports = 0\n[plugins]\ndir = {self.plugins}\n")
        with self.log.open("w") as log:
            self.process = subprocess.Popen([ROMP, "-c", ini], stderr=log)
        self.port = int(eventually(lambda: re.findall(r"listens on 127\.0\.0\.1:(\d+)\n", self.log.read_text()),
                                   "the broker listens")[0])
        self.reloads = 0

    def drop(self, file, name):
        fresh = self.plugins / "new"
        shutil.copyfile(file, fresh)
        fresh.chmod(0o644)
        fresh.rename(self.plugins / name)
        self.process.send_signal(signal.SIGHUP)
        self.reloads += 1
        eventually(lambda: self.log.read_text().count("reloaded:") >= self.reloads, "the reload")

    def answer(self, destination):
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as s:
            s.sendall(b"CONNECT\naccept-version:1.2\nhost:h\n\n\0")
            s.sendall(f"SEND\ndestination:{destination}\n\nping\0".encode())
            received = b""
            while received.count(b"\0") < 2:
                more = s.recv(4096)
                if not more:
                    break
                received += more
        return received.split(b"\0")[1].rpartition(b"\n\n")[2].decode()

    def end(self):
        self.process.terminate()
        return self.process.wait(PATIENCE)


class Product(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = Path(tempfile.mkdtemp(prefix="romp-product-"))
        cls.work.chmod(0o755)
        cls.prefix = cls.work / "usr"
        run("cmake", "-S", SOURCE / "sdk", "-B", cls.work / "sdk")
        run("cmake", "--install", cls.work / "sdk", "--prefix", cls.prefix)
        shutil.copy(CHECKER, cls.prefix / "bin/romp-plugin-check")
        cls.env = dict(os.environ, PATH=f"{cls.prefix}/bin:{os.environ['PATH']}",
                       PKG_CONFIG_PATH=f"{cls.prefix}/lib/pkgconfig",
                       CMAKE_PREFIX_PATH=str(cls.prefix), CARGO_NET_OFFLINE="true",
                       RUSTUP_HOME=os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup")),
                       PERL5LIB=str(cls.prefix / "share/perl5"))
        cls.broker = Broker(cls.work)

    @classmethod
    def tearDownClass(cls):
        status = cls.broker.end()
        shutil.rmtree(cls.work)
        assert status == 0, status

    def new(self, language, name):
        folder = self.work / language
        folder.mkdir(exist_ok=True)
        run("romp-plugin-new", language, name, cwd=folder, env=self.env)
        return folder / name

    def check_and_drop(self, file, name):
        self.assertIn("good", run("romp-plugin-check", file, env=self.env).stdout)
        self.broker.drop(file, f"{name}.so")
        self.assertEqual(self.broker.answer(f"/virt/{name}"), "pong")

    def test_c_by_one_compiler_line(self):
        project = self.new("c", "one-line")
        run("sh", "-c", "cc -std=c99 -O2 -fPIC -shared -fvisibility=hidden -Wl,-z,defs -Wl,-z,now "
            "-Wl,--version-script=$(pkg-config --variable=map romp-sdk) $(pkg-config --cflags romp-sdk) "
            "one-line.c -o one-line.so && chmod go-w one-line.so", cwd=project, env=self.env)
        self.check_and_drop(project / "one-line.so", "one-line")

    def test_c_and_cpp_by_cmake_with_test_and_package(self):
        for language in ("c", "cpp"):
            with self.subTest(language=language):
                name = f"by-cmake-{language}"
                project = self.new(language, name)
                run("cmake", "-B", "build", cwd=project, env=self.env)
                run("cmake", "--build", "build", cwd=project, env=self.env)
                run("ctest", "--test-dir", "build", "--output-on-failure", cwd=project, env=self.env)
                self.check_and_drop(project / "build" / f"{name}.so", name)
                self.pack(project)

    def test_rust_by_cargo(self):
        if not shutil.which("cargo"):
            self.skipTest("NOT CHECKED: there is no cargo on this machine")
        project = self.new("rust", "by-cargo")
        run("make", cwd=project, env=self.env)
        run("make", "test", cwd=project, env=self.env)
        self.check_and_drop(project / "target/release/libby_cargo.so", "by-cargo")
        self.pack(project)

    def pack(self, project):
        """-d, since the SDK is not installed as a package here."""
        if not shutil.which("dh"):
            self.skipTest("NOT CHECKED: there is no debhelper on this machine")
        run("dpkg-buildpackage", "-us", "-uc", "-b", "-d", cwd=project, env=self.env)
        name = project.name
        package = next(project.parent.glob(f"romp-plugin-{name}_1.0.0_*.deb"))
        files = run("dpkg-deb", "-c", package).stdout
        self.assertIn(f"./usr/lib/romp/plugins/{name}.so", files)
        self.assertIn(f"./etc/romp/plugins.d/{name}.ini", files)
        self.assertIn("romp-plugin-abi-1 (>= 1.0)", run("dpkg-deb", "-f", package, "Depends").stdout)

    def test_a_name_that_is_no_id_is_refused(self):
        for name in ("Ping", "9", "a b", "../x", "a" * 64):
            self.assertEqual(run("romp-plugin-new", "c", name, cwd=self.work, env=self.env, good=False).returncode,
                             64, name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
