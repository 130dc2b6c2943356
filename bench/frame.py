"""What the measurements share: the table of rows, ratio programs, and a node of one's own."""

import json
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/release"
IDNODE = BUILD / "node/idnode"
PRODUCTS = ROOT.parent / "shared/data/products/products-1200k.tsv.zst"
SAMPLE = ROOT / "deploy/demo/products-sample.csv"
ENTERPRISES = ROOT / "deploy/demo/enterprises.csv"

AT_LEAST, AT_MOST = "≥", "≤"


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def prepared_folder(variable):
    """Of a server of others that somebody has set up here; None: there is none."""
    name = os.environ.get(variable)
    return pathlib.Path(name).resolve() if name else None


class Table:
    """Rows: what, ours, anchor, the ratio or figure that is judged, and its goal."""

    def __init__(self):
        self.rows = []

    def ratio(self, what, ours, anchors, unit, anchor_name, sense, goal):
        ratios = [a / b for a, b in zip(ours, anchors)]
        self._add(what, ours, unit, anchor_name, statistics.median(anchors), ratios, sense, goal)

    def figure(self, what, ours, unit, sense, goal):
        self._add(what, ours, unit, "", None, ours, sense, goal)

    def absent(self, what, why, goal):
        """A row that could not be measured."""
        row = {"what": what, "ours": None, "unit": "", "anchor_name": why, "anchor": None,
               "judged": None, "low": None, "high": None, "goal": goal, "holds": None}
        self.rows.append(row)
        print(self.line(row), file=sys.stderr)

    def _add(self, what, ours, unit, anchor_name, anchor, judged, sense, goal):
        median = statistics.median(judged)
        holds = median >= goal if sense == AT_LEAST else median <= goal
        row = {"what": what, "ours": statistics.median(ours), "unit": unit,
               "anchor_name": anchor_name, "anchor": anchor, "judged": median,
               "low": min(judged), "high": max(judged), "goal": f"{sense} {goal:g}",
               "holds": holds}
        self.rows.append(row)
        print(self.line(row), file=sys.stderr)

    @staticmethod
    def line(row):
        def short(number):
            if number is None:
                return ""
            return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"
        if row["holds"] is None:
            return f"| {row['what']} | | {row['anchor_name']} | | {row['goal']} | not measured |"
        spread = f"{row['judged']:.3g} [{row['low']:.3g}..{row['high']:.3g}]"
        anchor = f"{short(row['anchor'])} {row['anchor_name']}".strip()
        return (f"| {row['what']} | {short(row['ours'])} {row['unit']} | {anchor} | {spread} | "
                f"{row['goal']} | {'yes' if row['holds'] else '**no**'} |")

    def print(self):
        print("| what | ours (median) | anchor (median) | ratio or figure [min..max] | goal "
              "| holds |")
        print("|---|---|---|---|---|---|")
        for row in self.rows:
            print(self.line(row))


def cases_of(program, *arguments, into=None):
    """Measurements of a ratio program by case: lists of ours and of the anchors."""
    cases = {} if into is None else into
    output = subprocess.run([BUILD / "bench" / program, *map(str, arguments)], check=True,
                            stdout=subprocess.PIPE, text=True).stdout
    for line in output.splitlines():
        row = json.loads(line)
        case = cases.setdefault(row["case"], {"ours": [], "anchor": [], "unit": row["unit"],
                                              "anchor_name": row["anchor_name"]})
        case["ours"].append(row["ours"])
        case["anchor"].append(row["anchor"])
    return cases


def add_ratio(table, cases, name, sense, goal):
    case = cases[name]
    table.ratio(name, case["ours"], case["anchor"], case["unit"], case["anchor_name"], sense, goal)


class Node:
    """A running node of its own directory; `under`: the command line of a tool that runs it."""

    def __init__(self, directory, *settings, under=()):
        self.directory = pathlib.Path(directory)
        self.settings = settings
        self.under = under
        self.start()

    def start(self):
        arguments = [*self.under, IDNODE, "serve", "--set", f"data.directory={self.directory}",
                     "--set", "data.reserve=64MiB", "--set", "node.prefix=88.118",
                     "--set", "http.listen=127.0.0.1:0", "--set", "grpc.listen=127.0.0.1:0",
                     "--set", "handle.listen=127.0.0.1:0"]
        for setting in self.settings:
            arguments += ["--set", setting]
        self.process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if " ready " in line:
                self.ports = dict(re.findall(r"(\w+)_port=(\d+)", line))
                return
        raise RuntimeError("the node did not start")

    def port(self, name):
        """That it listens on: "http", "handle_udp", "handle_tcp"."""
        return int(self.ports[name])

    def run(self, *arguments, check=True):
        return subprocess.run([IDNODE, "--node", f"unix:{self.directory}/node.sock", *arguments],
                              check=check, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, cwd=self.directory.parent).stdout

    def peak_mebibytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


def import_once(directory, file, *mapping):
    with Node(directory) as node:
        node.run("enterprise", "load", str(ENTERPRISES))
        begin = time.monotonic()
        told = node.run("import", str(file), "-q", "-o", "json", *mapping, check=False)
        summary = json.loads(told)
        seconds = time.monotonic() - begin
        return summary["rows"] / seconds, node.peak_mebibytes()


def products():
    if not PRODUCTS.exists():
        print(f"bench: {PRODUCTS} is not there; the shipped sample is used instead",
              file=sys.stderr)
        return SAMPLE
    return PRODUCTS
