"""How long a resolution over UDP takes at half of the load that the server can answer."""

import re
import sys
import urllib.request

from frame import AT_MOST
from handle_load import check, handle_node, load


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


def latency_rows(table, rounds, directory):
    """Questions at fixed times, half as many as the server can answer."""
    with handle_node(f"{directory}/node", "1GiB") as node:
        port = node.port("handle_udp")
        load("udp", port, "--range", 100_000)
        server, client, late = [], [], []
        for _ in range(rounds):
            peak = check(load("udp", port, "--range", 100_000), "found")
            before = latency_buckets(node)
            paced = load("udp", port, "--range", 100_000, "--rate", peak / 2)
            check(paced, "found")
            server.append(quantile(before, latency_buckets(node), 0.99) * 1e3)
            client.append(paced["p99_micros"] / 1e3)
            late.append(paced["late_p99_micros"] / 1e3)
        # From the read of its batch to the write of its answer; buckets are powers of two.
        table.figure("UDP resolution at half of the peak, p99 in the server", server, "ms",
                     AT_MOST, 1)
        # The load's own delays and both queues of the kernel are in it.
        table.figure("UDP resolution at half of the peak, p99 from due to answered", client, "ms",
                     AT_MOST, 1)
        print(f"bench: of it the load asked late by, p99: {max(late):.3f} ms", file=sys.stderr)
