"""What a node answers over UDP, TCP and HTTP to what is no proper Handle message: the table of
spec/handle-protocol.md 3.8, row by row, and that the node answers everybody else meanwhile."""

import http.client
import socket
import struct
import tempfile
import unittest

import node

ENVELOPE = struct.Struct(">BBBBIIII")  # Version, flags and suggestion, ids, sequence, length.
HEADER = struct.Struct(">IIIHBBII")
MESSAGE_OCTETS_MAX = 262_144
UNKNOWN_REQUEST = 0xFFFFFFFF
REQUEST_FLAGS = 0x19000000
ENCRYPTED = 0x40
MEDIA_TYPE = "application/x-hdl-message"

PROTOCOL_ERROR, ERROR, NOT_FOUND = 4, 2, 100
SESSION_TIMEOUT, SESSION_FAILED = 500, 501


def text(value):
    return struct.pack(">I", len(value)) + value


def envelope(octets, request=77, session=0, flags=0):
    return ENVELOPE.pack(2, 3, flags | 2, 11, session, request, 0, octets)


def message(op=1, body=None):
    if body is None:
        body = text(b"88.118.8/absent") + struct.pack(">II", 0, 0)
    return HEADER.pack(op, 0, REQUEST_FLAGS, 0xFFFF, 0, 0, 0, len(body)) + body + bytes(4)


def whole(op=1, body=None, **fields):
    octets = message(op, body)
    return envelope(len(octets), **fields) + octets


def code_and_request(octets):
    """The response code, and the id of the request that it answers."""
    request, length = ENVELOPE.unpack_from(octets)[5], ENVELOPE.unpack_from(octets)[7]
    assert length == len(octets) - ENVELOPE.size, octets
    return HEADER.unpack_from(octets, ENVELOPE.size)[1], request


def read_message(connection):
    def read(count):
        octets = b""
        while len(octets) < count:
            more = connection.recv(count - len(octets))
            if not more:
                raise AssertionError(f"closed after {len(octets)} octets")
            octets += more
        return octets

    head = read(ENVELOPE.size)
    return head + read(ENVELOPE.unpack(head)[7])


# What is wrong, what is sent, and the codes over UDP, TCP and HTTP. None: the row has no meaning
# there (a connection may still bring what is missing).
ROWS = [
    ("a length beyond all", envelope(MESSAGE_OCTETS_MAX + 1) + message(), 2, 2, 4),
    ("a negative length", envelope(0xFFFFFFFF) + message(), 2, 2, 4),
    ("fewer octets than announced", envelope(500) + message(), 4, None, 4),
    ("a message without octets", envelope(0), 4, 4, 4),
    ("a message shorter than a header", envelope(23) + bytes(23), 4, 4, 4),
    ("no operation", whole(0), 4, 4, 4),
    ("an unknown operation", whole(9_999), 2, 2, 4),
    ("a resolution without a handle", whole(1, b"?"), 2, 2, 4),
    ("a resolution whose handle runs past the end", whole(1, b"\xff" * 8), 2, 2, 4),
    ("a creation without values", whole(100, b"?"), 2, 2, 4),
    ("a removal of more than follows", whole(103, text(b"88.118.8/a") + b"\xff" * 4), 2, 2, 4),
    ("encrypted, but in no session", whole(flags=ENCRYPTED), 501, 501, 501),
    ("encrypted, in an unknown session", whole(flags=ENCRYPTED, session=8), 500, 500, 500),
    ("a list, which needs a connection", whole(105, text(b"0.NA/88.118.8")), 4, None, None),
]


class HandleRefusals(node.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory(prefix="idnode-")
        cls.addClassCleanup(directory.cleanup)
        cls.served = node.Node(directory.name + "/node").start()
        cls.addClassCleanup(cls.served.kill)
        cls.served.run("enterprise", "put", "acme", "--name", "Acme")
        cls.served.run("prefix", "allot", "88.118.8", "--enterprise", "acme")
        ready, _ = cls.served.log.wait_for("ready")
        cls.udp_port, cls.tcp_port = int(ready["handle_udp_port"]), int(ready["handle_tcp_port"])

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.tcp_port))
        connection.settimeout(node.patience(30))
        self.addCleanup(connection.close)
        return connection

    def over_udp(self, octets):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(node.patience(30))
            asker.sendto(octets, ("127.0.0.1", self.udp_port))
            return code_and_request(asker.recv(65_536))

    def over_tcp(self, octets):
        connection = self.connect()
        connection.sendall(octets)
        return code_and_request(read_message(connection))

    def over_http(self, octets):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.served.http_port, timeout=node.patience(30)
        )
        try:
            connection.request(
                "POST", "/%2F", octets, {"Content-Type": MEDIA_TYPE, "Accept": MEDIA_TYPE}
            )
            return code_and_request(connection.getresponse().read())
        finally:
            connection.close()

    def expect_service(self):
        for ask in (self.over_udp, self.over_tcp, self.over_http):
            self.assertEqual(ask(whole(request=5)), (NOT_FOUND, 5))

    def test_each_row_has_its_code_over_every_transport_and_the_request_its_id(self):
        for what, octets, udp, tcp, over_http in ROWS:
            for ask, code in ((self.over_udp, udp), (self.over_tcp, tcp),
                              (self.over_http, over_http)):
                if code is None:
                    continue
                with self.subTest(what, transport=ask.__name__):
                    self.assertEqual(ask(octets), (code, 77))
        self.expect_service()

    def test_a_connection_that_ends_within_a_message(self):
        for octets, request in ((10, UNKNOWN_REQUEST), (20, 77), (60, 77)):
            connection = self.connect()
            connection.sendall(whole()[:octets])
            connection.shutdown(socket.SHUT_WR)
            self.assertEqual(code_and_request(read_message(connection)), (PROTOCOL_ERROR, request))
            self.assertEqual(connection.recv(1), b"")
        self.expect_service()

    def test_a_message_that_never_ends(self):
        connection = self.connect()
        connection.sendall(whole()[:30])
        self.expect_service()
        answer = code_and_request(read_message(connection))  # After the ten seconds it may take.
        self.assertEqual(answer, (PROTOCOL_ERROR, 77))
        self.assertEqual(connection.recv(1), b"")

    def test_as_many_filters_as_a_message_holds(self):
        """65,000 entries are a question like any other: stock servers take them, too."""
        handle = text(b"88.118.8/absent")
        for filters in (struct.pack(">I", 65_000) + bytes(4 * 65_000) + bytes(4),
                        bytes(4) + struct.pack(">I", 65_000) + bytes(4 * 65_000)):
            self.assertEqual(self.over_tcp(whole(1, handle + filters)), (NOT_FOUND, 77))


if __name__ == "__main__":
    unittest.main()
