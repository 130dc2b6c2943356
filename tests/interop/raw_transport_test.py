"""How octets arrive: in fragments, in pieces, too slowly, or never read."""

import socket
import time
import unittest

import wire
from endpoint import Endpoint
from wire import Connection, Datagrams, Value, resolution

REASSEMBLY_SECONDS = 5  # 3.6
PIPELINED = 500
GROWTH_OCTETS_MAX = 64 << 20


class UdpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at = Endpoint.read()
        cls.item = cls.at.fresh("udp")
        cls.at.create(cls.item, [Value(1, "URL", "http://a.cn/1")])
        cls.large = cls.at.fresh("udp")
        cls.at.create(cls.large, [Value(i, "DESC", str(i) * 190) for i in range(1, 11)])

    def long_question(self):
        types = [f"NO_SUCH_TYPE_{n}" for n in range(60)] + ["URL"]
        message = resolution(self.item, types=types)
        self.assertGreaterEqual(len(message.datagrams()), 3)
        return message

    def test_07_fragments_in_any_order_and_twice(self):
        last = len(self.long_question().datagrams()) - 1
        straight = list(range(last + 1))
        for order in (straight, straight[::-1], straight[1:] + [0], [1, 1, 1, *straight]):
            message = self.long_question()
            parts = message.datagrams()
            with Datagrams(self.at.udp) as datagrams:
                for number in order:
                    datagrams.send(parts[number])
                got = datagrams.receive()
            self.assertEqual((got.code, got.request_id), (1, message.request_id))
            self.assertEqual([value.index for value in got.values()], [1])

    def test_fragments_of_two_questions_at_once(self):
        first, second = self.long_question(), self.long_question()
        with Datagrams(self.at.udp) as datagrams:
            for one, other in zip(first.datagrams(), second.datagrams()):
                datagrams.send(one)
                datagrams.send(other)
            got = {datagrams.receive().request_id, datagrams.receive().request_id}
        self.assertEqual(got, {first.request_id, second.request_id})

    def test_07_a_lost_fragment_is_waited_for_in_vain(self):
        message = self.long_question()
        parts = message.datagrams()
        with Datagrams(self.at.udp) as datagrams:
            for part in parts[:1] + parts[2:]:
                datagrams.send(part)
            self.assertIsNone(datagrams.receive(seconds=REASSEMBLY_SECONDS + 1))
            # The others are forgotten by now, so the one that was lost comes too late.
            datagrams.send(parts[1])
            self.assertIsNone(datagrams.receive(seconds=1))
            datagrams.send(message)
            self.assertEqual(datagrams.receive().code, 1)

    def test_07_a_lost_fragment_that_comes_soon_is_enough(self):
        message = self.long_question()
        parts = message.datagrams()
        with Datagrams(self.at.udp) as datagrams:
            for part in parts[:1] + parts[2:]:
                datagrams.send(part)
            self.assertIsNone(datagrams.receive(seconds=1))
            datagrams.send(parts[1])
            self.assertEqual(datagrams.receive().code, 1)

    def test_34_fragments_that_lie(self):
        message = self.long_question()
        first = message.datagrams()[0]
        for sequence, size in [(7, None), (0xFFFFFFFF, None), (0x7FFFFFFF, None), (0, 262_145),
                               (1, 0), (0, 1)]:
            head = bytearray(first)
            head[12:16] = wire.u32(sequence)
            if size is not None:
                head[16:20] = wire.u32(size)
            with Datagrams(self.at.udp) as datagrams:
                datagrams.send(bytes(head))
        self.assertEqual(wire.ask_udp(self.at.udp, self.long_question()).code, 1)

    def test_04_no_datagram_is_longer_than_512_octets(self):
        with Datagrams(self.at.udp) as datagrams:
            got = datagrams.ask(resolution(self.large))
            self.assertEqual(len(got.values()), 10)
            self.assertGreaterEqual(len(datagrams.sizes), 4)
            self.assertEqual(set(datagrams.sizes[:-1]), {512})
        over_tcp = wire.ask_tcp(self.at.tcp, resolution(self.large))
        self.assertEqual(got.body, over_tcp.body)


class TcpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        UdpTest.setUpClass()
        cls.at, cls.item, cls.large = UdpTest.at, UdpTest.item, UdpTest.large

    def own_only(self):
        if self.at.stock:
            self.skipTest("the stock server answers one request a connection")

    def assert_others_are_served(self):
        started = time.monotonic()
        self.assertEqual(wire.ask_tcp(self.at.tcp, resolution(self.item)).code, 1)
        self.assertEqual(wire.ask_udp(self.at.udp, resolution(self.item)).code, 1)
        self.assertLess(time.monotonic() - started, 2)

    def test_pipelined_questions_are_answered_in_order(self):
        self.own_only()
        names = [self.item, self.large, self.at.fresh("absent"), "10.1000/1", "0"]
        codes = [1, 1, 100, 301, 301]
        messages = [resolution(names[n % 5], request_id=n + 1) for n in range(PIPELINED)]
        stream = b"".join(message.encode() for message in messages)
        for piece in (len(stream), 1009, 7):
            with self.subTest(piece), Connection(self.at.tcp) as connection:
                for at in range(0, len(stream), piece):
                    connection.send(stream[at : at + piece])
                got = [connection.receive() for _ in messages]
                self.assertEqual([each.request_id for each in got],
                                 [message.request_id for message in messages])
                self.assertEqual([each.code for each in got],
                                 [codes[n % 5] for n in range(PIPELINED)])

    def test_changes_and_questions_pipelined_on_one_connection(self):
        self.own_only()
        with Connection(self.at.tcp) as connection:
            creations = [wire.creation(self.at.fresh("pipe"), [Value(1, "URL", "http://a.cn/1")])
                         for _ in range(20)]
            questions = [resolution(self.item) for _ in creations]
            for creation, question in zip(creations, questions):
                connection.send(creation)
                connection.send(question)
            got = {}
            for _ in range(2 * len(creations)):
                answer = connection.receive()
                got[answer.request_id] = answer
            self.assertTrue(all(got[each.request_id].code == 402 for each in creations))
            self.assertTrue(all(got[each.request_id].code == 1 for each in questions))

    def test_one_question_a_connection(self):
        for number in range(300):
            with Connection(self.at.tcp) as connection:
                connection.send(resolution(self.item))
                if number % 3 == 1:
                    connection.socket.shutdown(socket.SHUT_WR)
                self.assertEqual(connection.receive().code, 1)
                if number % 3 == 1:
                    self.assertTrue(connection.closed())

    def test_a_connection_stays_open(self):
        self.own_only()
        with Connection(self.at.tcp) as connection:
            for name, code in [(self.item, 1), ("0", 301), (self.at.fresh("absent"), 100)] * 20:
                self.assertEqual(connection.ask(resolution(name)).code, code)
            connection.socket.settimeout(1)
            self.assertFalse(connection.closed())

    def test_a_slow_sender(self):
        message = resolution(self.item).encode()
        with Connection(self.at.tcp) as slow:
            for at in range(len(message) - 1):
                slow.send(message[at : at + 1])
                if at % 20 == 0:
                    self.assert_others_are_served()
            slow.send(message[-1:])
            self.assertEqual(slow.receive().code, 1)

    def test_many_who_send_half_a_message(self):
        half = resolution(self.item).encode()[:30]
        waiting = []
        try:
            for _ in range(100):
                waiting.append(Connection(self.at.tcp))
                waiting[-1].send(half)
            self.assert_others_are_served()
        finally:
            for connection in waiting:
                connection.socket.close()
        self.assert_others_are_served()

    def test_one_who_never_reads(self):
        self.own_only()
        before = self.at.resident_octets()
        question = resolution(self.large).encode() * 100
        with Connection(self.at.tcp) as deaf:
            deaf.socket.settimeout(2)
            sent = 0
            try:
                # Answers are twenty times as long: unbounded, this were a gigabyte of them.
                while sent < 50 << 20:
                    sent += deaf.socket.send(question)
            except (TimeoutError, ConnectionError):
                pass
            self.assertLess(sent, 50 << 20, "the server stops to read")
            self.assert_others_are_served()
            self.assertLess(self.at.resident_octets() - before, GROWTH_OCTETS_MAX)
        self.assert_others_are_served()

    def test_a_large_question_in_two_envelopes(self):
        self.own_only()
        # 8.2: id-pointer-sdk cuts what is longer than a piece, envelope included, may be.
        piece = wire.MESSAGE_OCTETS_MAX - 20
        whole = resolution(self.item)
        whole.body += bytes(wire.MESSAGE_OCTETS_MAX - len(whole.content()))
        content = whole.content()
        self.assertEqual(len(content), wire.MESSAGE_OCTETS_MAX)
        with Connection(self.at.tcp) as connection:
            for number, part in enumerate((content[:piece], content[piece:])):
                connection.send(whole.envelope(len(content), wire.TRUNCATED, number) + part)
            self.assertEqual(connection.receive().code, 1)
            self.assertEqual(connection.ask(resolution(self.item)).code, 1)


if __name__ == "__main__":
    unittest.main()
