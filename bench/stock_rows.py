"""The row of a stock Handle server in Java, if there is one (IDNODE_STOCK_SERVER_FOLDER).

IDNODE_STOCK_SERVER_FOLDER: somebody has prepared it; it is copied and never written to:

    classpath   one line, the Java class path of the server and of what it needs
    svr/        its data directory, set up, with the storage that it has by itself (Berkeley DB) and
                nothing in it; config.dct binds hdl_udp to 127.0.0.1

The server's own tool fills the copy with the names that our node holds.
"""

import contextlib
import json
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

from frame import AT_LEAST, free_port, prepared_folder
from handle_load import LINK, PREFIX, check, load, names, processor_seconds

MAIN = "net.handle.server.Main"
LOADER = "net.handle.apps.tools.LoadHandlesIntoStorageFromJson"
NAMES = 100_000


def folder():
    """None: there is no stock server here."""
    return prepared_folder("IDNODE_STOCK_SERVER_FOLDER")


def leave_udp_alone(config):
    """Nothing but UDP is opened, at a free port, which is returned."""
    port = free_port(socket.SOCK_DGRAM)
    text = re.sub(r'"interfaces"\s*=\s*\([^)]*\)', '"interfaces" = ( "hdl_udp" )',
                  config.read_text())
    config.write_text(re.sub(r'("hdl_udp_config"\s*=\s*\{[^}]*"bind_port"\s*=\s*)"\d+"',
                             rf'\1"{port}"', text))
    return port


def fill(classpath, directory):
    """The server's data directory, with the names that `handle_load.fill` gives our node."""
    path = pathlib.Path(directory, "names.json")
    with path.open("w") as file:
        file.write(f'{{"homedPrefixes": ["0.NA/{PREFIX}"], "handleRecords": {{')
        for number, name in enumerate(names(NAMES)):
            record = {"handle": name, "values": [
                {"index": 1, "type": "URL", "data": {"format": "string", "value": LINK},
                 "ttl": 86400, "timestamp": "2026-01-01T00:00:00Z"}]}
            file.write(f'{"," if number else ""}\n"{name}": {json.dumps(record)}')
        file.write("}}")
    subprocess.run(["java", "-cp", classpath, LOADER, "-f", path, "-h", f"{directory}/svr"],
                   check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def stock_server(prepared):
    """The server on core 0; yields its port of UDP and its pid."""
    with tempfile.TemporaryDirectory() as directory:
        shutil.copytree(prepared / "svr", f"{directory}/svr")
        port = leave_udp_alone(pathlib.Path(directory, "svr/config.dct"))
        classpath = (prepared / "classpath").read_text().strip()
        fill(classpath, directory)
        pathlib.Path(directory, "client").mkdir()
        with open(f"{directory}/log", "w") as log:
            server = subprocess.Popen(
                ["taskset", "-c", "0", "java", f"-Dnet.handle.configDir={directory}/client", "-cp",
                 classpath, MAIN, "svr"], cwd=directory, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log)
        try:
            yield port, server.pid
        finally:
            server.terminate()
            server.wait()


def warm(port):
    """Until it answers, until the compiler of Java has done what it does, and until every name has
    been asked for."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if load("udp", port, "--range", NAMES, "--sockets", 1, "--window", 1,
                    seconds=1)["found"]:
                load("udp", port, "--range", NAMES, seconds=30)
                return
        except subprocess.CalledProcessError:
            time.sleep(0.5)
    raise RuntimeError("the stock server did not start")


def ask(port, pid):
    """Answers a second, and how many a second of the server's processor outside the kernel."""
    before = processor_seconds(pid)[0]
    result = load("udp", port, "--range", NAMES)
    return check(result, "found"), result["found"] / (processor_seconds(pid)[0] - before)


def stock_rows(table, rounds, node):
    """`node` holds the same names, and answers from memory."""
    what = "UDP resolution, 100,000 names"
    prepared = folder()
    if prepared is None:
        table.absent(what, "IDNODE_STOCK_SERVER_FOLDER is not set", f"{AT_LEAST} 10")
        return
    ours, theirs = [], []
    with stock_server(prepared) as (port, pid):
        warm(port)
        for _ in range(rounds):
            ours.append(ask(node.port("handle_udp"), node.process.pid))
            theirs.append(ask(port, pid))
    anchor = "stock server in Java"
    table.ratio(what, [rate for rate, _ in ours], [rate for rate, _ in theirs], "/s", anchor,
                AT_LEAST, 10)
    # The kernel's part is the same for both, and most of ours.
    table.ratio(f"{what}, processor outside the kernel", [rate for _, rate in ours],
                [rate for _, rate in theirs], "/s of it", anchor, AT_LEAST, 10)
