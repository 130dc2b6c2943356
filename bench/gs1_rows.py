"""The rows of GS1 Digital Links: redirections over HTTP against nginx, which redirects with as many
octets; a product with ten million serials against products with ten; GS1's community resolver.
Servers on core 0, load on core 1, ours and the anchor in turns."""

import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

from community_rows import community_row
from frame import AT_MOST, BUILD, cases_of
from handle_load import handle_node
from http_rows import nginx, quoted, turns, write_script
from link_load import QUERY, gtin, redirection, request_for

PRODUCTS = 10_000_000  # Each with an address.
WITH_SERIALS, SERIALS = 1_000_000, 10  # The first of them, and how many each has.
LARGE, LARGE_SERIALS = PRODUCTS - 1, 10_000_000
HOT = 20_000  # URIs asked for, uniformly and in turn.


def fill(directory):
    """Below the doors of a node: what is measured is how it answers."""
    subprocess.run([BUILD / "bench/gs1_fill", directory, *map(str, (
        PRODUCTS, WITH_SERIALS, SERIALS, LARGE_SERIALS))], check=True)


def path_of(item, serial):
    return f"/01/{gtin(item)}/21/S{serial:07}"


def requests_for(seed, large=False):
    """Without a pattern: the serial has a record of its own, the product has the address."""
    draw = random.Random(seed)
    return [request_for(path_of(LARGE, draw.randrange(LARGE_SERIALS)) if large else
                        path_of(draw.randrange(WITH_SERIALS), draw.randrange(SERIALS)))
            for _ in range(HOT)]


def against_nginx(table, rounds, what, node, requests, goal, directory):
    """nginx forwards the query too, and is given a field that makes its answers as long."""
    octets, location = redirection(node.port("http"), requests[0])
    directives = f'return 307 "{location.removesuffix(QUERY)}$args";'
    with nginx(directives, "text/html") as (port, _):
        bare, other = redirection(port, requests[0])
    if other != location:
        raise RuntimeError(f"not a measurement: {other} is not {location}")
    lacking = octets - bare - len("X-Filling: \r\n")
    filling = f"add_header X-Filling {quoted('x' * lacking)}; " if lacking > 0 else ""
    with nginx(filling + directives, "text/html") as anchor:
        turns(table, rounds, what, node, requests, anchor, "nginx return 307, as many octets",
              goal, directory)


def slowest(port, script):
    """The p99 of 64 connections, in milliseconds."""
    output = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", "-c64", "-d5s", "--latency", "-s", script,
         f"http://127.0.0.1:{port}/"], check=True, stdout=subprocess.PIPE, text=True).stdout
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
    return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def large_row(table, rounds, node, directory):
    scripts = [write_script(pathlib.Path(directory, f"{name}.lua"), requests_for(4, large))
               for name, large in (("large", True), ("small", False))]
    port = node.port("http")
    for script in scripts:
        slowest(port, script)
    pairs = [[slowest(port, script) for script in scripts] for _ in range(rounds)]
    table.ratio("p99 of a serial among ten million, from the store", [large for large, _ in pairs],
                [small for _, small in pairs], "ms", "of a serial among ten", AT_MOST, 1.2)


def parsing_row(table, rounds):
    output = subprocess.run(
        [BUILD / "bench/idnode_bench", "--benchmark_filter=^ParseAndKeyGs1Uri$",
         f"--benchmark_repetitions={rounds}", "--benchmark_format=json"],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    times = [run["cpu_time"] for run in json.loads(output)["benchmarks"]
             if run["run_type"] == "iteration"]
    table.figure("parse and key of product, lot and serial", times, "ns", AT_MOST, 200)


def walking_rows(table, rounds):
    cases = cases_of("ratio_walk", 1_000_000, rounds)
    table.figure("walk-up over five absent levels", cases["five absent levels"]["ours"], "ns",
                 AT_MOST, 5000)
    table.figure("walk-up to a product over four absent levels",
                 cases["four absent levels and the product"]["ours"], "ns", AT_MOST, 10000)


def gs1(table, rounds):
    if not shutil.which("taskset"):
        print("bench: taskset is not there; no rows of GS1 Digital Links", file=sys.stderr)
        return
    parsing_row(table, rounds)
    walking_rows(table, rounds)
    with tempfile.TemporaryDirectory() as directory:
        requests = requests_for(1)
        fill(f"{directory}/node")
        with handle_node(f"{directory}/node", "0", "http.cache=256MiB") as node:
            against_nginx(table, rounds, "Digital Link from the cache, 64 connections", node,
                          requests, 0.8, directory)
        with handle_node(f"{directory}/node", "0", "http.cache=0") as node:
            against_nginx(table, rounds, "Digital Link from the store, 64 connections", node,
                          requests, 0.35, directory)
            large_row(table, rounds, node, directory)
            community_row(table, rounds, node, directory)
