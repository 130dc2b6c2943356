"""What slow connections cost the others: the p99 of resolutions over UDP with thousands of
connections that have sent part of a message, against without them, in turns. Servers on core 0,
load on core 1."""

import contextlib
import resource
import shutil
import socket
import statistics
import sys
import tempfile
import time

from frame import AT_MOST
from handle_load import check, fill, handle_node, load

SLOW = 20_000
OF_A_NETWORK = 128  # Half of what the node lets one network have, since its loops split that.
RATE = 10_000       # Questions a second: a pace that leaves the server idle half of the time.
NAMES = 100_000
SPARE_DESCRIPTORS = 600
BURST_SECONDS = 2
WINDOWS = 5         # Less than the time that a message may take to come.


def slow_count():
    """As many connections as one process may have descriptors, on either side."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = SLOW + SPARE_DESCRIPTORS
    if hard != resource.RLIM_INFINITY and hard < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, limit), hard))
    return limit - SPARE_DESCRIPTORS


class SlowConnections:
    """Each has sent the first octets of a message, and sends one more now and then."""

    # An envelope that announces 255 octets, and what follows it.
    MESSAGE = bytes.fromhex("0203020b 00000000 00000007 00000000 000000ff") + bytes(255)
    BEGUN = 24

    def __init__(self, port, count):
        self.connections, self.sent = [], self.BEGUN
        for number in range(count):
            network = number // OF_A_NETWORK
            connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            connection.bind((f"127.{1 + network // 250}.{network % 250}.1", 0))
            connection.connect(("127.0.0.1", port))
            connection.sendall(self.MESSAGE[: self.BEGUN])
            self.connections.append(connection)

    def send_one_more(self):
        """All at once, which is a burst: the server is let take it before others are measured."""
        for connection in self.connections:
            connection.send(self.MESSAGE[self.sent : self.sent + 1])
        self.sent += 1
        time.sleep(BURST_SECONDS)

    def alive(self):
        """How many the server has neither answered nor closed."""
        count = 0
        for connection in self.connections:
            connection.setblocking(False)
            try:
                connection.recv(1)
            except BlockingIOError:
                count += 1
            except OSError:
                pass
            connection.setblocking(True)
        return count

    def close(self):
        for connection in self.connections:
            connection.close()


def p99_micros(port):
    """The second best of some seconds: every tick of the server falls into each of them, what a
    thread of the kernel does for 10 to 40 ms every few seconds into up to half of them."""
    results = [load("udp", port, "--range", NAMES, "--rate", RATE, seconds=1)
               for _ in range(WINDOWS)]
    for result in results:
        check(result, "found")
    return sorted(result["p99_micros"] for result in results)[1]


def resident_octets(node):
    with open(f"/proc/{node.process.pid}/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def slow(table, rounds):
    if not shutil.which("taskset"):
        print("bench: taskset is not there; no rows of slow connections", file=sys.stderr)
        return
    count = slow_count()
    if count < SLOW:
        print(f"bench: {count} slow connections; descriptors for {SLOW} are not to be had",
              file=sys.stderr)
    with tempfile.TemporaryDirectory() as directory, \
            handle_node(f"{directory}/node", "256MiB", "handle.connections_max=65536") as node:
        fill(node, directory, NAMES)
        udp, tcp = node.port("handle_udp"), node.port("handle_tcp")
        p99_micros(udp)  # What is cached is cached.
        with_slow, without, octets = [], [], []
        for _ in range(rounds):
            without.append(p99_micros(udp))
            before = resident_octets(node)
            connections = SlowConnections(tcp, count)
            try:
                connections.send_one_more()
                with_slow.append(p99_micros(udp))
                alive = connections.alive()
                if alive < 0.99 * count:
                    raise RuntimeError(f"not a measurement: {alive} of {count} were slow")
                octets.append((resident_octets(node) - before) / count)
            finally:
                connections.close()
            time.sleep(1)  # The server has closed them all.
        table.ratio(f"p99 of others beside {count:,} slow connections", with_slow, without, "µs",
                    "without them", AT_MOST, 1.2)
        table.figure("memory of a slow connection", [statistics.median(octets)],
                     "octets", AT_MOST, 8192)
