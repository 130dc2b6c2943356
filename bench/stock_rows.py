"""The row of a stock Handle server in Java, if there is one (IDNODE_STOCK_SERVER).

IDNODE_STOCK_SERVER names a folder that somebody has prepared; it is copied and never written to:

    classpath   one line, the Java class path of the server and of what it needs
    svr/        its data directory, set up and loaded; config.dct binds hdl_udp to 127.0.0.1
    name        one line, an identifier that the server holds
"""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from frame import AT_LEAST
from handle_load import check, load, processor_seconds

MAIN = "net.handle.server.Main"


def folder():
    """None: there is no stock server here."""
    name = os.environ.get("IDNODE_STOCK_SERVER")
    return pathlib.Path(name) if name else None


def leave_udp_alone(config):
    """Nothing but UDP is opened, at a free port, which is returned."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    text = re.sub(r'"interfaces"\s*=\s*\([^)]*\)', '"interfaces" = ( "hdl_udp" )',
                  config.read_text())
    config.write_text(re.sub(r'("hdl_udp_config"\s*=\s*\{[^}]*"bind_port"\s*=\s*)"\d+"',
                             rf'\1"{port}"', text))
    return port


@contextlib.contextmanager
def stock_server(prepared):
    """The server on core 0; yields its port of UDP, its pid and the identifier to ask for."""
    with tempfile.TemporaryDirectory() as directory:
        shutil.copytree(prepared / "svr", f"{directory}/svr")
        port = leave_udp_alone(pathlib.Path(directory, "svr/config.dct"))
        classpath = (prepared / "classpath").read_text().strip()
        pathlib.Path(directory, "client").mkdir()
        with open(f"{directory}/log", "w") as log:
            server = subprocess.Popen(
                ["taskset", "-c", "0", "java", f"-Dnet.handle.configDir={directory}/client", "-cp",
                 classpath, MAIN, "svr"], cwd=directory, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log)
        try:
            yield port, server.pid, (prepared / "name").read_text().strip()
        finally:
            server.terminate()
            server.wait()


def warm(port, name):
    """Until it answers, and until the compiler of Java has done what it does."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if load("udp", port, "--name", name, "--sockets", 1, "--window", 1, seconds=1)["found"]:
                load("udp", port, "--name", name, seconds=20)
                return
        except subprocess.CalledProcessError:
            time.sleep(0.5)
    raise RuntimeError("the stock server did not start")


def ask(server, *arguments):
    """Answers a second, and how many a second of the server's processor outside the kernel."""
    port, pid = server
    before = processor_seconds(pid)[0]
    result = load("udp", port, *arguments)
    return check(result, "found"), result["found"] / (processor_seconds(pid)[0] - before)


def stock_rows(table, rounds, node):
    """`node` holds 100,000 names, and answers from memory."""
    what = "UDP resolution, 100,000 names"
    prepared = folder()
    if prepared is None:
        print("bench: no row of a stock server: IDNODE_STOCK_SERVER is not set", file=sys.stderr)
        table.absent(what, "IDNODE_STOCK_SERVER is not set", f"{AT_LEAST} 10")
        return
    ours, theirs = [], []
    with stock_server(prepared) as (port, pid, name):
        warm(port, name)
        for _ in range(rounds):
            ours.append(ask((node.port("handle_udp"), node.process.pid), "--range", 100_000))
            theirs.append(ask((port, pid), "--name", name))
    anchor = "stock server in Java, one name"
    table.ratio(what, [rate for rate, _ in ours], [rate for rate, _ in theirs], "/s", anchor,
                AT_LEAST, 10)
    # The kernel's part is the same for both, and most of ours.
    table.ratio(f"{what}, processor outside the kernel", [rate for _, rate in ours],
                [rate for _, rate in theirs], "/s of it", anchor, AT_LEAST, 10)
