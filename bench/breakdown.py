#!/usr/bin/env python3
"""Where one resolution over UDP from the cache spends its instructions, by part.

    bench/breakdown.py        prints the table of docs/performance.md

The program runs under callgrind while a load asks it; what functions execute themselves is added up
by part and divided by the answers. Callgrind sees nothing of the kernel: its part is the share of
system time in the processor time of the same server, run bare.
"""

import collections
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from handle_load import check, fill, handle_node, load, processor_seconds

NAMES = 1_000
# The first part that a function's name is of. Functions of one translation unit are inlined into
# each other, those of different ones are not (there is no link-time optimisation).
PARTS = (
    ("count", r"ResolutionCounts|AskedTable"),
    ("hash and probe", r"AnswerCache|AnswerHash|AnswerStamps|Checksum|XXH|ComputeValue|crc32"),
    ("parse", r"Resolutions::Prepare|Decode|Parse|Scheme|HandleName|AppendHandleKey|Utf8|Folded|"
              r"Reader|PrefixNamed|IsHeartbeat|IsTooOld"),
    ("encode", r"Resolutions::|Append|Encode|Response(Envelope|Header)|Writer|(Begin|End)Message|"
               r"Put(Envelope|Header)"),
    ("copy and compare octets", r"mem(cpy|move|set|cmp|chr)|basic_string"),
    ("limits of the source", r"SourceLimiter|ProvenSources|Networks|ClassOf|AddressOf"),
    ("receive and send", r"Udp|recvmmsg|sendmmsg|HandleLoop|clock|Micros|Now|asio|epoll"),
)
REST = "the rest"
# Counting is inlined into whoever is counted; its lines are still told apart.
COUNTING = re.compile(r"node/stats/[a-z_]+\.h$")


def part_of(function):
    name = function.replace("(anonymous namespace)::", "").partition("(")[0]
    return next((part for part, pattern in PARTS if re.search(pattern, name)), REST)


def control(pid, *arguments):
    subprocess.run(["callgrind_control", *arguments, str(pid)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def profile(directory, seconds=4):
    """Instructions of each function for one answer; `directory` holds a filled node."""
    out = pathlib.Path(directory, "callgrind.out")
    with handle_node(f"{directory}/node", "64MiB", "storage.block_cache=64MiB", under=(
            "valgrind", "--tool=callgrind", "--instr-atstart=no",
            f"--callgrind-out-file={out}")) as node:
        port, pid = node.port("handle_udp"), node.process.pid
        arguments = ("--range", NAMES, "--sockets", 16, "--window", 16)
        load("udp", port, *arguments, seconds=seconds)  # What is cached is cached.
        control(pid, "-i", "on")
        result = load("udp", port, *arguments, seconds=seconds)
        control(pid, "-i", "off")
        control(pid, "-d")
        check(result | {"lost": 0}, "found")
    dumps = sorted(out.parent.glob(f"{out.name}*"), key=lambda path: path.stat().st_size)
    told = subprocess.run(["callgrind_annotate", "--threshold=100", "--auto=no", dumps[-1]],
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout
    rows = re.findall(r"^ *([\d,]+) \([ \d.]+%\) +(?:([^ :]+):)?(.+?)(?: \[[^\]]*\])?$", told, re.M)
    functions = collections.Counter()  # One has a row for each file that is inlined into it.
    for count, file, function in rows:
        if "PROGRAM TOTALS" in function:
            continue
        name = f"AskedTable in {function}" if COUNTING.search(file) else function
        functions[name] += int(count.replace(",", "")) / result["found"]
    return functions


def by_part(functions):
    parts = {part: 0.0 for part, _ in PARTS} | {REST: 0.0}
    for function, instructions in functions.items():
        parts[part_of(function)] += instructions
    return parts


def kernel_share(directory):
    """System time in the processor time of the bare server, and nanoseconds of it an answer."""
    with handle_node(f"{directory}/node", "64MiB") as node:
        load("udp", node.port("handle_udp"), "--range", NAMES)
        before = processor_seconds(node.process.pid)
        answers = load("udp", node.port("handle_udp"), "--range", NAMES)["found"]
        user, system = (after - then for after, then in
                        zip(processor_seconds(node.process.pid), before))
    return system / (user + system), (user + system) / answers * 1e9


def main():
    with tempfile.TemporaryDirectory() as directory:
        with handle_node(f"{directory}/node", "64MiB") as node:
            fill(node, directory, NAMES)
        functions = profile(directory)
        kernel, nanoseconds = kernel_share(directory)
    parts = by_part(functions)
    whole = sum(parts.values())
    print(f"{time.strftime('%Y-%m-%d')}, {NAMES} names\n\n| part | instructions | share |")
    print("|---|---|---|")
    for part, instructions in sorted(parts.items(), key=lambda row: -row[1]):
        print(f"| {part} | {instructions:,.0f} | {instructions / whole:.1%} |")
    print(f"| all of the program | {whole:,.0f} | 100 % |")
    print(f"\nkernel: {kernel:.0%} of {nanoseconds:,.0f} ns of processor time")
    if "-v" in sys.argv:
        for function, instructions in sorted(functions.items(), key=lambda row: -row[1])[:60]:
            print(f"{instructions:10.1f}  {part_of(function):18} {function[:110]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
