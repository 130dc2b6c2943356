"""The rows of the Handle protocol: resolution over UDP and TCP against Knot, a server of DNS, and
against servers that look at nothing. Servers on core 0, load on core 1, ours and the anchor in
turns."""

import contextlib
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import breakdown
from frame import AT_LEAST, AT_MOST, BUILD, free_port
from handle_load import check, fill, handle_node, load
from http_rows import cached_rows
from latency_rows import latency_rows
from stock_rows import stock_rows

ANSWER_OCTETS = 300
HOT, WIDE, STORED = 1_000_000, 10_000_000, 2_000_000
KNOT_NAMES = 100_000


@contextlib.contextmanager
def echo(kind):
    """A server that looks at nothing, on core 0; yields its port."""
    server = subprocess.Popen(["taskset", "-c", "0", BUILD / "bench/wire_echo", kind,
                               str(ANSWER_OCTETS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield int(server.stdout.readline())
    finally:
        server.stdin.close()
        server.wait()


@contextlib.contextmanager
def knot():
    """Knot with one worker of UDP on core 0 and a zone of TXT records; yields its port."""
    with tempfile.TemporaryDirectory() as directory:
        text = "x" * 250
        zone = pathlib.Path(directory, "bench.zone")
        with zone.open("w") as file:
            file.write("$ORIGIN bench.\n$TTL 3600\n@ SOA ns admin 1 3600 3600 3600 3600\n@ NS ns\n"
                       "ns A 127.0.0.1\n")
            file.writelines(f'sn{n:012} TXT "{text}"\n' for n in range(KNOT_NAMES))
        port = free_port(socket.SOCK_DGRAM)
        config = pathlib.Path(directory, "knot.conf")
        config.write_text(
            f"server:\n  rundir: {directory}\n  listen: 127.0.0.1@{port}\n  udp-workers: 1\n"
            f"  tcp-workers: 1\n  background-workers: 1\ndatabase:\n  storage: {directory}\n"
            f"zone:\n  - domain: bench.\n    file: {zone}\n    storage: {directory}\n")
        server = subprocess.Popen(["taskset", "-c", "0", shutil.which("knotd") or
                                   "/usr/sbin/knotd", "-c", config], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        try:
            wait_for_knot(port)
            yield port
        finally:
            server.terminate()
            server.wait()


def wait_for_knot(port):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            answer = load("udp", port, "--language", "dns", "--range", 1, "--sockets", 1,
                          "--window", 1)
            if answer["found"]:
                return
        except subprocess.CalledProcessError:
            time.sleep(0.5)
    raise RuntimeError("Knot did not start")


def udp_rows(table, rounds, directory):
    with knot() as knot_port, echo("udp") as echo_port:
        def ask_knot():
            return check(load("udp", knot_port, "--language", "dns", "--range", KNOT_NAMES),
                         "found")

        def ask_echo():
            return check(load("udp", echo_port, "--range", HOT), "found")

        def turns(what, *arguments, kind="found", against=("knot",), goals=()):
            load("udp", ours_port, *arguments, seconds=20)  # What is cached is cached.
            ours, anchors = [], {name: [] for name in against}
            for _ in range(rounds):
                ours.append(check(load("udp", ours_port, *arguments), kind))
                for name in against:
                    anchors[name].append({"knot": ask_knot, "echo": ask_echo}[name]())
            for name, goal in zip(against, goals):
                table.ratio(what, ours, anchors[name], "/s",
                            {"knot": "Knot, TXT of 250 octets", "echo": "bare echo"}[name],
                            AT_LEAST, goal)

        with handle_node(f"{directory}/node", "8GiB") as node:
            ours_port = node.port("handle_udp")
            fill(node, directory, WIDE)
            turns("UDP resolution, 1 million hot names", "--range", HOT,
                  against=("knot", "echo"), goals=(1.5, 0.8))
            load("udp", ours_port, "--range", WIDE, seconds=60)
            turns("UDP resolution, 10 million cached names", "--range", WIDE,
                  against=("knot",), goals=(1.25,))
            turns("UDP resolution, absent names", "--first", 50_000_000_000, "--range", WIDE,
                  kind="absent", against=("knot",), goals=(1.2,))
        with handle_node(f"{directory}/node", "0") as node:
            ours_port = node.port("handle_udp")
            turns("UDP resolution, from the store", "--range", STORED,
                  against=("knot",), goals=(0.4,))


def tcp_rows(table, rounds, directory):
    with handle_node(f"{directory}/node", "1GiB") as node, echo("tcp") as echo_port:
        port = node.port("handle_tcp")
        for what, window, goal in (("TCP resolution, 64 connections, 16 deep", 16, 0.6),
                                   ("TCP resolution, 64 connections, one at a time", 1, 0.85)):
            arguments = ("--sockets", 64, "--window", window, "--range", 100_000)
            load("tcp", port, *arguments)
            ours, anchors = [], []
            for _ in range(rounds):
                ours.append(check(load("tcp", port, *arguments), "found"))
                anchors.append(check(load("tcp", echo_port, *arguments), "found"))
            table.ratio(what, ours, anchors, "/s", "bare epoll echo", AT_LEAST, goal)


def http_rows(table, rounds, directory):
    with handle_node(f"{directory}/node", "0", "http.cache=256MiB") as node:
        cached_rows(table, rounds, node, directory)


def limit_rows(table, rounds, directory):
    """What limiting each source costs: the same server with it and without it, in turns."""
    limits = ("limits.questions_per_second=100000000", "limits.udp_amplification=1000",
              "limits.unlimited_networks=192.0.2.0/24")
    with handle_node(f"{directory}/node", "1GiB") as bare, \
            handle_node(f"{directory}/limited", "1GiB", *limits) as limited:
        fill(limited, directory, 100_000)
        without, limited_rates = [], []
        for node, rates in ((bare, without), (limited, limited_rates)) * (rounds + 1):
            rates.append(check(load("udp", node.port("handle_udp"), "--range", 100_000), "found"))
        table.ratio("UDP resolution with limits on", limited_rates[1:], without[1:], "/s",
                    "without", AT_LEAST, 0.97)


def counting_row(table, rounds, directory):
    """Counting cannot be switched off: its share of the program's own instructions."""
    if not shutil.which("callgrind_annotate"):
        table.absent("counting, share of instructions", "callgrind is not there",
                     f"{AT_MOST} 0.02")
        return
    parts = breakdown.by_part(breakdown.profile(directory))
    table.figure("counting, share of instructions", [parts["count"] / sum(parts.values())], "",
                 AT_MOST, 0.02)


def stock_row(table, rounds, directory):
    with handle_node(f"{directory}/node", "1GiB") as node:
        load("udp", node.port("handle_udp"), "--range", 100_000)
        stock_rows(table, rounds, node)


def handle(table, rounds):
    if not shutil.which("taskset"):
        print("bench: taskset is not there; no rows of the Handle protocol", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as directory:
        udp_rows(table, rounds, directory)
        tcp_rows(table, rounds, directory)
        http_rows(table, rounds, directory)
        with echo("udp") as echo_port:
            latency_rows(table, rounds, directory, echo_port)
        counting_row(table, rounds, directory)
        stock_row(table, rounds, directory)
        limit_rows(table, rounds, directory)
