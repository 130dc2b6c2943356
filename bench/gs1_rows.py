"""The rows of GS1 Digital Links: redirections over HTTP against nginx, which redirects with as many
octets; a product with ten million serials against products with ten. Servers on core 0, load on
core 1, ours and the anchor in turns."""

import itertools
import json
import pathlib
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile

from frame import AT_LEAST, AT_MOST, BUILD, Node, cases_of
from handle_load import handle_node
from http_rows import nginx, quoted, turns, write_script

COMPANY = "69012"
PRODUCTS = 10_000_000  # Each with an address.
WITH_SERIALS, SERIALS = 1_000_000, 10  # The first of them, and how many each has.
LARGE, LARGE_SERIALS = PRODUCTS - 1, 10_000_000
HOT = 20_000  # URIs asked for, uniformly and in turn.
ROWS_A_FILE = 1_000_000
QUERY = "17=261231&context=retail"  # What scanners send along is forwarded.


def gtins(first, last):
    """Of trade items of the company: 14 digits with the check digit."""
    def weighed(digits, place):
        return sum(int(digit) * (3 if (place + i) % 2 == 0 else 1)
                   for i, digit in enumerate(reversed(digits)))

    ends = [(f"{n:03}", weighed(f"{n:03}", 0)) for n in range(1000)]
    for thousand in range(first // 1000, -(-last // 1000)):
        begin = f"0{COMPANY}{thousand:04}"
        weight = weighed(begin, 3)
        for end, more in ends:
            yield f"{begin}{end}{-(weight + more) % 10}"


def gtin(item):
    return next(gtin for n, gtin in enumerate(gtins(item, item + 1)) if n == item % 1000)


def import_rows(node, directory, header, value, rows):
    """In several files, so that little lies on the disk twice."""
    path = pathlib.Path(directory, "rows.tsv")
    rows = iter(rows)
    while part := list(itertools.islice(rows, ROWS_A_FILE)):
        with path.open("w") as file:
            file.write(f"identifier\t{header}\n")
            file.writelines(part)
        node.run("import", str(path), "-q", "--value", value)
    path.unlink()


def product_rows():
    for number in gtins(0, PRODUCTS):
        yield f'01/{number}\t{{"href":"https://brand.example/p/{{01}}","title":"of a series"}}\n'


def serial_rows():
    link = '{"href":"https://trace.example/{01}/{21}","title":"history"}\n'
    for number in gtins(0, WITH_SERIALS):
        yield from (f"01/{number}/21/S{serial:07}\t{link}" for serial in range(SERIALS))
    large = gtin(LARGE)
    yield from (f"01/{large}/21/S{serial:07}\t{link}" for serial in range(LARGE_SERIALS))


def fill(node, directory):
    enterprises = pathlib.Path(directory, "enterprises.csv")
    enterprises.write_text(f"code,name,scheme,prefix\nbench,bench,gs1,{COMPANY}\n")
    node.run("enterprise", "load", str(enterprises))
    import_rows(node, directory, "link", "1:gs1:defaultLink=link", product_rows())
    import_rows(node, directory, "link", "1:gs1:traceability=link", serial_rows())


def request_for(item, serial):
    return (f"GET /01/{gtin(item)}/21/S{serial:07}?{QUERY} HTTP/1.1\r\nHost: id.example.cn\r\n"
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
            "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8\r\n\r\n").encode()


def requests_for(seed, large=False):
    """Without a pattern: the serial has a record of its own, the product has the address."""
    draw = random.Random(seed)
    return [request_for(LARGE, draw.randrange(LARGE_SERIALS)) if large else
            request_for(draw.randrange(WITH_SERIALS), draw.randrange(SERIALS))
            for _ in range(HOT)]


def redirection(port, request):
    """The octets of one answer, and where it leads."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        octets = b""
        while b"\r\n\r\n" not in octets:
            octets += connection.recv(65_536)
        head, _, body = octets.partition(b"\r\n\r\n")
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])
        while len(body) < length:
            body += connection.recv(65_536)
    if not head.startswith(b"HTTP/1.1 307 "):
        raise RuntimeError(f"not a measurement: {head!r}")
    location = re.search(rb"Location: ([^\r]*)", head)[1].decode()
    return len(head) + 4 + len(body), location


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
        with Node(f"{directory}/node") as node:  # On all cores.
            fill(node, directory)
        with handle_node(f"{directory}/node", "0", "http.cache=256MiB") as node:
            against_nginx(table, rounds, "Digital Link from the cache, 64 connections", node,
                          requests, 0.8, directory)
        with handle_node(f"{directory}/node", "0", "http.cache=0") as node:
            against_nginx(table, rounds, "Digital Link from the store, 64 connections", node,
                          requests, 0.35, directory)
            large_row(table, rounds, node, directory)
    table.absent("Digital Link, against the community resolver",
                 "its web logic starts Node.js for each request and reads MongoDB, which is not here",
                 f"{AT_LEAST} 20")
