"""Messages that no client sends: flags, ids, versions, and what cannot be decoded."""

import socket
import struct
import unittest

import wire
from endpoint import Endpoint
from wire import Connection, Datagrams, Message, Value, octets, resolution, u32

# What a server may grow by while it refuses: far less than what the messages claim to hold.
GROWTH_OCTETS_MAX = 64 << 20


class MessagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at = Endpoint.read()
        cls.item = cls.at.fresh("raw")
        cls.at.create(cls.item, [Value(1, "URL", "http://a.cn/1"),
                                 Value(2, "NOTE", "x", permissions=wire.ADMIN_READ)])

    def ask_both(self, message):
        """The answer, after it was seen to be the same over UDP and TCP."""
        over_udp = wire.ask_udp(self.at.udp, message)
        over_tcp = wire.ask_tcp(self.at.tcp, message)
        self.assertEqual(over_udp.header_and_body()[:16], over_tcp.header_and_body()[:16])
        self.assertEqual(over_udp.body, over_tcp.body)
        return over_tcp

    def test_flags_of_answers(self):
        # 3.2: AUTH, for the site is primary, and RECU always; the others as they were asked.
        for asked, answered in [
            (0x00000000, 0x90000000),
            (0x19000000, 0x99000000),
            (0x1F500000, 0x99100000),
            (0xB9000000, 0xB9000000),
            (wire.USUAL | wire.KPAL, 0x99000000),
            (wire.USUAL | wire.CONT, 0x99000000),
            (wire.USUAL | wire.OVRW | wire.MINT, 0x99000000),
            (wire.USUAL | wire.DNRF, 0x99100000),
            (wire.USUAL | wire.RRDG, 0x99800000),
            (wire.RECU | wire.PUBL, 0x91000000),
        ]:
            with self.subTest(f"{asked:08x}"):
                # Without PUBL only the value that anybody may read is asked for.
                got = self.ask_both(resolution(self.item, [1], flags=asked))
                self.assertEqual(f"{got.flags:08x}", f"{answered:08x}")
                self.assertEqual(got.code, 1)

    def test_request_digest(self):
        message = resolution(self.item, [1], flags=wire.USUAL | wire.RRDG)
        body = self.ask_both(message).body
        self.assertEqual(body[:33], b"\x03" + message.digest())
        message.suggested = message.version = (2, 6)
        body = self.ask_both(message).body
        self.assertEqual(body[0], 2, "SHA-1 until 2.6")

    def test_request_id_is_echoed(self):
        for request_id in (1, 0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
            with self.subTest(f"{request_id:08x}"):
                message = resolution(self.item, request_id=request_id)
                self.assertEqual(self.ask_both(message).request_id, request_id)

    def test_version_of_answers(self):
        # 3.3: what the request suggests, at most 2.11.
        for version, suggested, answered in [
            ((2, 3), (2, 11), (2, 11)),
            ((2, 3), (2, 8), (2, 8)),
            ((2, 11), (0, 0), (2, 11)),
            ((2, 11), (3, 0), (2, 11)),
            ((3, 0), (3, 0), (2, 11)),
        ]:
            with self.subTest(version=version, suggested=suggested):
                message = resolution(self.item, version=version, suggested=suggested)
                got = self.ask_both(message)
                self.assertEqual(got.version, answered)
                self.assertEqual(got.suggested, (2, 11))
                self.assertEqual(got.code, 1)

    def test_versions_before_2_1(self):
        message = resolution(self.item, version=(2, 0), suggested=(2, 0))
        # The stock server answers them; nobody speaks them any more, and their proofs are MD5.
        self.assertEqual(self.ask_both(message).code, 1 if self.at.stock else 4)

    def test_selection_is_a_union_and_names_each_value_once(self):
        got = self.ask_both(resolution(self.item, [1, 1, 2, 77], ["URL", "url.", "NOTE"]))
        self.assertEqual([value.index for value in got.values()], [1])
        self.assertEqual(self.ask_both(resolution(self.item, [2])).code, 200)
        unfiltered = resolution(self.item, [2], flags=wire.RECU)
        self.assertEqual(wire.ask_tcp(self.at.tcp, unfiltered).code, 402)

    def test_surplus_octets_after_a_question(self):
        # 8.3: id-pointer-sdk appends a token; others may append what they like.
        for more in (u32(0), octets("a token"), b"\xff" * 40):
            message = resolution(self.item)
            message.body += more
            self.assertEqual([v.index for v in self.ask_both(message).values()], [1])

    def test_a_message_without_a_credential(self):
        self.assertEqual(self.ask_both(resolution(self.item, credential=None)).code, 1)

    def test_site_info_whatever_the_session_id(self):
        if self.at.stock:
            self.skipTest("the stock server wants sessions that it knows")
        message = wire.site_info(session_id=10_001)
        got = wire.ask_tcp(self.at.tcp, message)
        self.assertEqual(got.code, 1)
        self.assertEqual(got.body[:2], b"\0\1", "a site record, without a length")

    def test_operations_that_need_a_connection(self):
        for operation in (wire.LIST, wire.LIST_HOMED):
            message = Message(operation, octets("0.NA/" + self.at.prefix))
            got = wire.ask_udp(self.at.udp, message)
            # Only where UDP does not take changes does the stock server refuse.
            self.assertIn(got.code, (4, 402) if self.at.stock else (4,))

    def test_operations_for_mirrors_and_old_sessions(self):
        if self.at.stock:
            self.skipTest("a stock server is a mirror if it is asked to be")
        for operation in (1000, 1001, 1002, 1003, wire.KEY_EXCHANGE):
            with self.subTest(operation):
                self.assertEqual(
                    wire.ask_tcp(self.at.tcp, Message(operation, octets("/"))).code, 5)

    # Each with what the stock server says to it (3.8). Whether the connection lives on is free.
    def garbage(self):
        good = resolution(self.item).encode()
        body = octets(self.item)

        def sized(size, content):
            return good[:16] + u32(size) + content

        def with_body(data, body_octets=None):
            message = Message(body=data)
            encoded = message.encode()
            if body_octets is None:
                return encoded
            return encoded[:40] + u32(body_octets) + encoded[44:]

        return {
            "length 0": (sized(0, b""), 4),
            "length 23": (sized(23, good[20:43]), 4),
            "length 262145": (sized(262_145, good[20:]), 2),
            "length -1": (sized(-1, good[20:]), 2),
            "length -2^31": (sized(-(1 << 31), good[20:]), 2),
            "operation 0": (Message(0, body).encode(), 4),
            "operation 9999": (Message(9999, body).encode(), 2),
            "operation -1": (Message(0xFFFFFFFF, body).encode(), 2),
            "body beyond the message": (with_body(body + items(0) + items(0), 4096), 2),
            "body of -1 octets": (with_body(body + items(0) + items(0), -1), 2),
            "handle of -1 octets": (with_body(u32(-1) + b"88.118.1/x" + items(0) * 2), 2),
            "handle of 2^31-1 octets": (with_body(u32(0x7FFFFFFF) + items(0) * 2), 2),
            "-1 indexes": (with_body(body + u32(-1) + items(0)), 2),
            "2^31-1 indexes": (with_body(body + items(0x7FFFFFFF) + items(0)), 2),
            "2^31-1 types": (with_body(body + items(0) + items(0x7FFFFFFF)), 2),
            "2^31-1 values": (Message(wire.CREATE, body + items(0x7FFFFFFF)).encode(), 2),
            "encrypted, no session": (
                resolution(self.item, envelope_flags=wire.ENCRYPTED).encode(), 501),
            "encrypted, unknown session": (
                resolution(self.item, envelope_flags=wire.ENCRYPTED, session_id=0x7FFF0123)
                .encode(), 500),
            "unknown session": (resolution(self.item, session_id=0x7FFF0123).encode(), 500),
        }

    def test_34_garbage_over_tcp(self):
        before = self.at.resident_octets()
        for name, (data, code) in self.garbage().items():
            with self.subTest(name), Connection(self.at.tcp) as connection:
                connection.send(data)
                got = connection.receive()
                self.assertEqual(got.code, code)
                if not self.at.stock:  # It answers FFFFFFFF, which its own client then refuses.
                    self.assertEqual(got.request_id, struct.unpack(">I", data[8:12])[0])
        self.assert_serves()
        self.assertLess(self.at.resident_octets() - before, GROWTH_OCTETS_MAX)

    def test_34_garbage_over_udp(self):
        for name, (data, code) in self.garbage().items():
            with self.subTest(name), Datagrams(self.at.udp) as datagrams:
                datagrams.send(data[: wire.DATAGRAM_OCTETS_MAX])
                got = datagrams.receive(seconds=2)
                # A datagram may be dropped: its sender asks again, or over TCP.
                if got is not None:
                    self.assertEqual(got.code, code)
        for size in range(0, 44):
            with Datagrams(self.at.udp) as datagrams:
                datagrams.send(resolution(self.item).encode()[:size] or b"\0")
        self.assert_serves()

    def test_34_a_connection_that_ends_too_early(self):
        whole = resolution(self.item).encode()
        for size in (1, 19, 20, 21, 43, len(whole) - 1):
            with self.subTest(size), Connection(self.at.tcp) as connection:
                connection.send(whole[:size])
                connection.socket.shutdown(socket.SHUT_WR)
                try:
                    self.assertEqual(connection.receive().code, 4)
                except ConnectionError:
                    # Closing without a word is as good, to a peer that has gone.
                    self.assertFalse(self.at.stock)
        self.assert_serves()

    def test_34_every_message_cut_short(self):
        if self.at.stock:
            self.skipTest("the stock server reads on behind a body, whatever lies there")
        whole = wire.creation(self.at.fresh("cut"), [Value(1, "URL", "http://a.cn/1")])
        for size in range(len(whole.body)):
            cut = Message(wire.CREATE, whole.body[:size], credential=None)
            self.assertEqual(wire.ask_tcp(self.at.tcp, cut).code, 2, f"{size} octets")

    def assert_serves(self):
        self.assertEqual(wire.ask_udp(self.at.udp, resolution(self.item)).code, 1)
        self.assertEqual(wire.ask_tcp(self.at.tcp, resolution(self.item)).code, 1)


def items(count):
    """A count, and nothing after it."""
    return u32(count)


if __name__ == "__main__":
    unittest.main()
