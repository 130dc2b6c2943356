"""A load of Handle messages on core 1, and a node on core 0 that is asked by it."""

import json
import os
import pathlib
import subprocess

from frame import BUILD, ENTERPRISES, Node

PREFIX = "88.118.8"
LOST_SHARE_MAX = 0.01  # Of the answers of a load.
LINK = "https://id.example.cn/trace/" + "x" * 96


def load(transport, port, *arguments, seconds=3):
    output = subprocess.run(
        ["taskset", "-c", "1", BUILD / "bench/wire_load", transport, "--port", str(port),
         "--seconds", str(seconds), *map(str, arguments)],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output)


def names(count):
    return (f"{PREFIX}/SN-{number:012}" for number in range(count))


def fill(node, directory, count):
    """Names whose whole answer has about 300 octets."""
    path = pathlib.Path(directory, "names.tsv")
    with path.open("w") as file:
        file.write("identifier\tURL\n")
        file.writelines(f"{name}\t{LINK}\n" for name in names(count))
    node.run("enterprise", "load", str(ENTERPRISES))
    node.run("import", str(path), "-q", "--value", "1:URL=URL", check=False)
    path.unlink()


def handle_node(directory, cache, *settings, under=()):
    os.sched_setaffinity(0, {0})
    try:
        return Node(directory, "http.threads=1", "handle.listen=127.0.0.1:0",
                    f"handle.cache={cache}", "storage.block_cache=4GiB", *settings, under=under)
    finally:
        os.sched_setaffinity(0, range(os.cpu_count()))


def processor_seconds(pid):
    """Of a process, since its start: in user and in system mode."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [int(ticks) / os.sysconf("SC_CLK_TCK") for ticks in fields[11:13]]


def check(result, kind):
    """A load that was not answered as it should be measures nothing."""
    answers = result["found"] + result["absent"] + result["other"]
    if result[kind] < 0.999 * answers or result["lost"] > LOST_SHARE_MAX * answers:
        raise RuntimeError(f"not a measurement: {result}")
    return result["per_second"]
