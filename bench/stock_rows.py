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

MAIN = "net.handle.server.Main"


def folder():
    """None: there is no stock server here."""
    name = os.environ.get("IDNODE_STOCK_SERVER")
    return pathlib.Path(name) if name else None


def move_to_free_ports(config):
    """Every interface gets a free port of its own kind; the port of UDP."""
    text = config.read_text()
    udp = re.search(r'"hdl_udp_config"\s*=\s*\{[^}]*"bind_port"\s*=\s*"(\d+)"', text)[1]
    ports = {}
    for old in set(re.findall(r'"bind_port"\s*=\s*"(\d+)"', text)):
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
            tcp.bind(("127.0.0.1", 0))
            ports[old] = tcp.getsockname()[1]
            datagrams.bind(("127.0.0.1", ports[old]))
    config.write_text(re.sub(r'("bind_port"\s*=\s*")(\d+)"',
                             lambda found: f'{found[1]}{ports[found[2]]}"', text))
    return ports[udp]


@contextlib.contextmanager
def stock_server(prepared):
    """The server on core 0; yields its port of UDP and the identifier to ask for."""
    with tempfile.TemporaryDirectory() as directory:
        shutil.copytree(prepared / "svr", f"{directory}/svr")
        port = move_to_free_ports(pathlib.Path(directory, "svr/config.dct"))
        classpath = (prepared / "classpath").read_text().strip()
        pathlib.Path(directory, "client").mkdir()
        with open(f"{directory}/log", "w") as log:
            server = subprocess.Popen(
                ["taskset", "-c", "0", "java", f"-Dnet.handle.configDir={directory}/client", "-cp",
                 classpath, MAIN, "svr"], cwd=directory, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log)
        try:
            yield port, (prepared / "name").read_text().strip()
        finally:
            server.terminate()
            server.wait()


def warm(load, port, name):
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


def stock_rows(table, rounds, load, check, ours_port, at_least):
    """`ours_port`: of a node that holds 100,000 names, warm."""
    prepared = folder()
    if prepared is None:
        print("bench: no row of a stock server: IDNODE_STOCK_SERVER is not set", file=sys.stderr)
        table.absent("UDP resolution against a stock server in Java",
                     "IDNODE_STOCK_SERVER is not set", f"{at_least} 10")
        return
    ours, theirs = [], []
    with stock_server(prepared) as (port, name):
        warm(load, port, name)
        for _ in range(rounds):
            ours.append(check(load("udp", ours_port, "--range", 100_000), "found"))
            answers = load("udp", port, "--name", name)
            if answers["found"] < 0.999 * (answers["found"] + answers["absent"] + answers["other"]):
                raise RuntimeError(f"not a measurement: {answers}")
            theirs.append(answers["per_second"])
    table.ratio("UDP resolution, 100,000 names", ours, theirs, "/s",
                "stock server in Java, one name", at_least, 10)
