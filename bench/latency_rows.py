"""How long a resolution over UDP takes at half of the load that the server can answer."""

import re
import statistics
import sys
import urllib.request

from frame import AT_MOST
from handle_load import LOST_SHARE_MAX, check, handle_node, load

ATTEMPTS, LATE_MICROS_MAX = 5, 500


def latency_buckets(node):
    """Upper ends in seconds, and how many resolutions took at most so long, since the start."""
    with urllib.request.urlopen(f"http://127.0.0.1:{node.port('http')}/metrics") as answer:
        text = answer.read().decode()
    return [(float(end), float(count)) for end, count in
            re.findall(r'^idnode_resolution_duration_seconds_bucket\{le="([^"]+)"\} (\S+)', text,
                       re.M)]


def quantile(before, after, share):
    """The upper end, in seconds, of the bucket that holds it."""
    counts = [(end, late - early) for (end, late), (_, early) in zip(after, before)]
    return next(end for end, count in counts if count >= share * counts[-1][1])


def ask_at_pace(port, rate):
    """Again where the load was kept from asking in time, or from taking answers before they were
    lost, by others on its core: a bare echo at its ease loses some then, too."""
    for _ in range(ATTEMPTS):
        paced = load("udp", port, "--range", 100_000, "--rate", rate)
        in_time = paced["late_p99_micros"] < LATE_MICROS_MAX
        if in_time and paced["lost"] <= LOST_SHARE_MAX * paced["found"]:
            check(paced, "found")
            return paced
    raise RuntimeError(f"not a measurement: {paced}")


def latency_rows(table, rounds, directory, echo_port):
    """Questions at fixed times, half as many as the server can answer; `echo_port`: of a server
    that looks at nothing, for what the machine alone delays."""
    with handle_node(f"{directory}/node", "1GiB") as node:
        port = node.port("handle_udp")
        load("udp", port, "--range", 100_000)
        server, client, echo, late = [], [], [], []
        for _ in range(rounds):
            peak = check(load("udp", port, "--range", 100_000), "found")
            before = latency_buckets(node)
            paced = ask_at_pace(port, peak / 2)
            server.append(quantile(before, latency_buckets(node), 0.99) * 1e3)
            client.append(paced["p99_micros"] / 1e3)
            echo.append(ask_at_pace(echo_port, peak / 2)["p99_micros"] / 1e3)
            late.append(paced["late_p99_micros"] / 1e3)
        # From the read of its batch to the write of its answer; buckets are powers of two.
        table.figure("UDP resolution at half of the peak, p99 in the server", server, "ms",
                     AT_MOST, 1)
        # No row: the load's own delays, both queues of the kernel and the host's pauses are in it,
        # milliseconds now and then, for a server that looks at nothing as well.
        print(f"bench: p99 from due to answered: {statistics.median(client):.3f} ms, of a bare "
              f"echo {statistics.median(echo):.3f} ms; asked late by {max(late):.3f} ms",
              file=sys.stderr)
