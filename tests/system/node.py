"""Nodes, their commands and their HTTP, for the tests of the program as a whole.

Everything listens on loopback, at ports that the system picks, in directories of its own; every
wait has a limit; every process that was started ends with the test, also when the test fails or is
killed.
"""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

SOURCE = pathlib.Path(
    os.environ.get("IDNODE_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2])
)
IDNODE = os.environ.get("IDNODE", str(SOURCE / "build/release/node/idnode"))
RECOUNT = pathlib.Path(IDNODE).with_name("idnode-recount")
TEST_ALL = os.environ.get("IDNODE_TEST_ALL") == "1"
# The suite's factor for sanitizer builds (cmake/tests.cmake).
SLOWNESS = int(os.environ.get("IDNODE_TEST_SLOWNESS", "1"))
SLOW = SLOWNESS > 1
START_SECONDS_MAX = 120
COMMAND_SECONDS_MAX = 300
SANITIZER_REPORT = re.compile(r"ThreadSanitizer|AddressSanitizer|LeakSanitizer|runtime error:")

# The nodes are configured by their flags alone.
ENVIRONMENT = {name: os.environ[name] for name in os.environ if not name.startswith("IDNODE_")}
ENVIRONMENT["NO_COLOR"] = "1"


def patience(seconds):
    """How long to wait for what takes at most `seconds` without a sanitizer."""
    return seconds * SLOWNESS


def command(*arguments, input=None, cwd=None, environment=None):
    """Runs `idnode` to its end; stdout and stderr as octets."""
    done = subprocess.run(
        [IDNODE, *map(str, arguments)],
        input=input,
        stdin=subprocess.DEVNULL if input is None else None,
        capture_output=True,
        timeout=patience(COMMAND_SECONDS_MAX),
        cwd=cwd,
        env={**ENVIRONMENT, **(environment or {})},
    )
    require_no_report(done.stderr.decode(errors="replace"))
    return done


def require_no_report(text):
    """A program that a sanitizer ended has failed, also where a failure was expected."""
    if SANITIZER_REPORT.search(text):
        raise AssertionError(text)


def start(*arguments, **options):
    """Starts `idnode`. It dies with the thread that started it, so with a test that is killed."""
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", IDNODE, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        env=ENVIRONMENT,
        **options,
    )


class Ended(AssertionError):
    """The node ended while something was expected of it."""


class Log:
    """The lines that a node writes, read from its pipe as they come."""

    def __init__(self, pipe):
        self._pipe = pipe
        self._changed = threading.Condition(threading.RLock())
        self._lines = []
        self._ended = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        for line in self._pipe:
            with self._changed:
                self._lines.append(line.decode(errors="replace").rstrip("\n"))
                self._changed.notify_all()
        self._pipe.close()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for(self, event, seconds=30, after=0):
        """Fields of the first line of this event from line `after` on; and the line's number."""
        deadline = time.monotonic() + patience(seconds)
        seen = after
        with self._changed:
            while True:
                for number in range(seen, len(self._lines)):
                    words = self._lines[number].split(" ")
                    if len(words) > 2 and words[2] == event:
                        fields = dict(word.split("=", 1) for word in words[3:] if "=" in word)
                        return fields, number
                seen = len(self._lines)
                if self._ended:
                    self.require_no_report()
                    raise Ended(f"no line '{event}':\n" + self.text())
                if not self._changed.wait(max(0, deadline - time.monotonic())):
                    raise AssertionError(
                        f"no line '{event}' in {seconds} s:\n" + self.text()
                    )

    def line(self, number):
        with self._changed:
            return self._lines[number]

    def text(self):
        with self._changed:
            return "\n".join(self._lines[-40:])

    def require_no_report(self):
        with self._changed:
            require_no_report("\n".join(self._lines))

    def finish(self):
        """Waits for the end of the pipe, so that every line is there."""
        self._thread.join(patience(START_SECONDS_MAX))
        self.require_no_report()


class Node:
    """One node in one data directory; it may be started again and again."""

    def __init__(self, directory, **settings):
        self.directory = pathlib.Path(directory)
        self.address = f"unix:{self.directory}/node.sock"
        self.settings = {
            "data.directory": self.directory,
            "data.reserve": "64MiB",
            "storage.block_cache": "16MiB",
            "http.listen": "127.0.0.1:0",
            "grpc.listen": "127.0.0.1:0",
            "handle.listen": "127.0.0.1:0",
            "node.prefix": "88.118",
        }
        self.set(**settings)
        self.process = None
        self.log = None
        self.http_port = self.grpc_port = None

    def set(self, **settings):
        """node_role="top-level" sets node.role."""
        for name, value in settings.items():
            section, _, rest = name.partition("_")
            self.settings[f"{section}.{rest}"] = value

    def arguments(self):
        return ["serve"] + [
            word for name, value in self.settings.items() for word in ("--set", f"{name}={value}")
        ]

    def launch(self):
        """Starts the node without waiting for anything."""
        assert self.process is None
        self.process = start(*self.arguments(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.log = Log(self.process.stderr)
        return self

    def start(self):
        """Starts the node and waits until it is ready."""
        self.launch()
        ready, _ = self.log.wait_for("ready", START_SECONDS_MAX)
        self.http_port, self.grpc_port = int(ready["http_port"]), int(ready["grpc_port"])
        self.node_id = ready["node"]
        return self

    def kill(self):
        """SIGKILL, and waits for the end."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait(patience(START_SECONDS_MAX))
        self.process = None
        self.log.finish()

    def stop(self):
        """Stops it in order; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        """Waits until it ends by itself; its exit code."""
        try:
            code = self.process.wait(patience(START_SECONDS_MAX))
        finally:
            self.process.kill()
            self.process.wait()
            self.process = None
            self.log.finish()
        return code

    def run(self, *arguments, expect=0, **options):
        """Runs a subcommand against the node; fails unless it exits with `expect`."""
        done = command("--node", self.address, *arguments, **options)
        if done.returncode != expect:
            raise AssertionError(
                f"idnode {' '.join(map(str, arguments))}: exit {done.returncode}, not {expect}\n"
                f"{done.stderr.decode(errors='replace')}"
            )
        return done

    def json(self, *arguments, **options):
        return json.loads(self.run(*arguments, "-o", "json", **options).stdout)

    def token(self, *arguments):
        return self.run("token", "create", *arguments).stdout.decode().strip()

    def http(self, seconds=60):
        return http.client.HTTPConnection(
            "127.0.0.1", self.http_port, timeout=patience(seconds)
        )

    def get(self, path, token=None):
        """Status and body of a GET, on a connection of its own."""
        return self.request("GET", path, token=token)

    def request(self, method, path, body=None, token=None, **fields):
        connection = self.http()
        try:
            headers = {name.replace("_", "-"): value for name, value in fields.items()}
            if token:
                headers["Authorization"] = "Bearer " + token
            if body is not None and "Content-Type" not in headers:
                headers["Content-Type"] = "application/json"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def wait_until(condition, seconds, what, pause=0.02):
    """Asks again and again until the answer is true, and gives it."""
    deadline = time.monotonic() + patience(seconds)
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not in {seconds} s: {what}")
        time.sleep(pause)


class TestCase(unittest.TestCase):
    """A directory for each test, and nodes that end with it."""

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="idnode-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def node(self, name="node", **settings):
        """A node that is not started."""
        node = Node(self.directory / name, **settings)
        self.addCleanup(node.kill)
        return node

    def file(self, name, contents):
        path = self.directory / name
        path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
        return path

    def started(self, *arguments, **options):
        """A subcommand that runs beside the test."""
        process = start(*arguments, **options)

        def end():
            process.kill()
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()

        self.addCleanup(end)
        return process

    def assertRecounted(self, node, *arguments):
        """The node finds no difference when it recomputes its figures."""
        recount = node.json("recount", "--quiet", *arguments)
        self.assertEqual(recount["difference"], 0, recount)
        return recount
