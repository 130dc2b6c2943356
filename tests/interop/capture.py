"""What wire.py sends and receives, as a capture file (pcap) that other programs decode.

Addresses, ports and TCP's numbers are made up: capturing needs rights that a test has not.
"""

import itertools
import socket
import struct
import threading
import time

SERVER_PORT = 2641  # By which decoders know the protocol.
FIRST_CLIENT_PORT = 20_000
SEGMENT_OCTETS_MAX = 16_000
LINK_OF_IP = 101
SYN, ACK, PUSH = 0x02, 0x10, 0x08
CLIENT, SERVER = socket.inet_aton("192.0.2.1"), socket.inet_aton("192.0.2.2")


class Capture:
    """Use as wire.tap; each socket becomes a client port of its own."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, LINK_OF_IP))
        self.ports = itertools.count(FIRST_CLIENT_PORT)
        self.flows = {}
        self.messages = 0

    def __call__(self, via, to_server, data):
        with self.lock:
            self.messages += 1
            key = id(via)
            # Numbers of objects are used again: the object is kept, so that this one is not.
            if key not in self.flows:
                self.flows[key] = Flow(via, next(self.ports))
            for packet in self.flows[key].packets(to_server, data):
                self._write(packet)

    def _write(self, packet):
        now = time.time()
        self.file.write(struct.pack("<IIII", int(now), int(now % 1 * 1e6), len(packet),
                                    len(packet)) + packet)

    def close(self):
        with self.lock:
            self.file.close()


class Flow:
    def __init__(self, via, port):
        self.via = via
        self.port = port
        self.is_tcp = via.type & socket.SOCK_STREAM == socket.SOCK_STREAM
        self.next = {True: 1_000, False: 2_000}  # Sequence numbers, by whether to the server.
        self.greeted = False

    def packets(self, to_server, data):
        if not self.is_tcp:
            yield self._ip(to_server, 17, struct.pack(
                ">HHHH", *self._ports(to_server), 8 + len(data), 0) + data)
            return
        if not self.greeted:
            self.greeted = True
            yield self._segment(True, SYN, b"")
            yield self._segment(False, SYN | ACK, b"")
            yield self._segment(True, ACK, b"")
        for at in range(0, len(data), SEGMENT_OCTETS_MAX):
            yield self._segment(to_server, ACK | PUSH, data[at : at + SEGMENT_OCTETS_MAX])

    def _segment(self, to_server, flags, data):
        acknowledged = self.next[not to_server] if flags & ACK else 0
        head = struct.pack(">HHIIBBHHH", *self._ports(to_server), self.next[to_server],
                           acknowledged, 5 << 4, flags, 65_535, 0, 0)
        self.next[to_server] += len(data) + (flags & SYN != 0)
        return self._ip(to_server, 6, head + data)

    def _ports(self, to_server):
        return (self.port, SERVER_PORT) if to_server else (SERVER_PORT, self.port)

    @staticmethod
    def _ip(to_server, protocol, data):
        source, target = (CLIENT, SERVER) if to_server else (SERVER, CLIENT)
        return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0, 64, protocol, 0,
                           source, target) + data
