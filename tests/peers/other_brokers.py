# SPDX-License-Identifier: Apache-2.0
"""Other people's brokers for a test: Debian's packages, started on free ports of 127.0.0.1 and ended with the test.

A package that is missing is installed where the test may do that; else the test says loudly that it was skipped.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bridged_broker import eventually, skip


def need(*packages):
    """Installs those of the packages that are missing, or ends the test as skipped."""
    status = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n", *packages],
                            capture_output=True, text=True, check=False).stdout
    missing = [package for package in packages if f"installed {package}\n" not in status]
    if not missing:
        return
    if os.geteuid() != 0:
        skip(f"these packages are missing, and only root can install them: {' '.join(missing)}")
    print(f"installing {' '.join(missing)}", file=sys.stderr)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1")
    for command in (["apt-get", "update", "-qq"],
                    ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing]):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            skip(f"these packages cannot be installed: {' '.join(missing)}")


def free_ports(count):
    """Ports that nobody uses now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class OtherBroker:
    """`with RabbitMq() as broker:` gives its `port`; `kill` and `start` are a crash and what follows."""

    login = passcode = "guest"
    ends = ("kill", "kill", "kill")  # how each life but the last ends in a test of crashes

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="romp-test-peer-"))
        self.processes = []
        try:
            self.prepare()
            self.start()
        except BaseException:  # then nobody calls __exit__
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, name, command, environment):
        """In a session of its own, so that it ends with whatever it has started."""
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes.append(subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log,
                                                   stderr=log, cwd=self.folder, start_new_session=True))

    def wait_until_up(self):
        try:
            eventually(lambda: accepts(self.port), f"{type(self).__name__} listens", 240)
        except AssertionError:
            for log in self.folder.glob("*.log"):
                print(log.read_text(errors="replace")[-4000:], file=sys.stderr)
            raise

    def kill(self):
        """At once, as a crash; what it has written stays."""
        while self.processes:
            process = self.processes.pop()
            try:
                os.killpg(process.pid, 9)
            except ProcessLookupError:
                pass
            process.wait()

    stop = kill


class RabbitMq(OtherBroker):
    # Killed in its second life it can lose what it has confirmed in the first, whoever the client is: seen with 3.10.8.
    ends = ("stop", "stop", "kill")

    def prepare(self):
        need("rabbitmq-server")
        self.port, self.amqp, self.distribution, self.epmd = free_ports(4)
        (self.folder / "rabbitmq.conf").write_text(f"stomp.listeners.tcp.1 = 127.0.0.1:{self.port}\n"
                                                   "stomp.default_vhost = /\nloopback_users.guest = true\n")
        (self.folder / "advanced.config").write_text("[].\n")
        (self.folder / "enabled_plugins").write_text("[rabbitmq_stomp].\n")

    def start(self):
        here = str(self.folder)
        environment = dict(
            os.environ, HOME=here, ERL_EPMD_ADDRESS="127.0.0.1", ERL_EPMD_PORT=str(self.epmd),
            RABBITMQ_NODENAME=f"peer{self.port}@localhost", RABBITMQ_NODE_IP_ADDRESS="127.0.0.1",
            RABBITMQ_NODE_PORT=str(self.amqp), RABBITMQ_DIST_PORT=str(self.distribution),
            RABBITMQ_CONF_ENV_FILE="/dev/null", RABBITMQ_MNESIA_BASE=f"{here}/mnesia", RABBITMQ_LOG_BASE=f"{here}/log",
            RABBITMQ_PID_FILE=f"{here}/pid", RABBITMQ_CONFIG_FILE=f"{here}/rabbitmq.conf",
            RABBITMQ_ADVANCED_CONFIG_FILE=f"{here}/advanced.config",
            RABBITMQ_ENABLED_PLUGINS_FILE=f"{here}/enabled_plugins",
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} +sbwt none")
        self.run("epmd", ["epmd", "-address", "127.0.0.1", "-port", str(self.epmd)], environment)
        eventually(lambda: accepts(self.epmd), "epmd listens")
        self.run("rabbitmq", ["/usr/lib/rabbitmq/bin/rabbitmq-server"], environment)
        self.wait_until_up()

    def stop(self):
        for process in self.processes:
            process.terminate()
        end = time.monotonic() + 15
        while time.monotonic() < end and any(process.poll() is None for process in self.processes):
            time.sleep(0.05)
        self.kill()


class ActiveMq(OtherBroker):
    def prepare(self):
        need("activemq", "default-jre-headless", "libslf4j-java")
        (self.port,) = free_ports(1)
        (self.folder / "peer.xml").write_text(f"""<?xml version="1.0" encoding="UTF-8"?>
<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd
  http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
  <broker xmlns="http://activemq.apache.org/schema/core" brokerName="peer" useJmx="false"
    dataDirectory="{self.folder}/data">
    <systemUsage><systemUsage>
      <storeUsage><storeUsage limit="1 gb"/></storeUsage><tempUsage><tempUsage limit="200 mb"/></tempUsage>
    </systemUsage></systemUsage>
    <transportConnectors><transportConnector uri="stomp://127.0.0.1:{self.port}"/></transportConnectors>
  </broker>
</beans>
""")

    def start(self):
        jars = [*Path("/usr/share/activemq/lib").glob("**/*.jar"), *Path("/usr/share/java").glob("slf4j-*.jar")]
        command = ["java", "-Xms64m", "-Xmx512m", "-cp", ":".join(str(jar) for jar in jars),
                   "org.apache.activemq.console.Main", "start", f"xbean:file:{self.folder}/peer.xml"]
        environment = dict(os.environ, ACTIVEMQ_HOME="/usr/share/activemq", ACTIVEMQ_BASE=str(self.folder))
        self.run("activemq", command, environment)
        self.wait_until_up()
