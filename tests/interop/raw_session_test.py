"""Sessions, challenges and logins, spoken by hand."""

import unittest

import wire
from endpoint import Endpoint
from wire import Connection, Message, Session, Value, creation, octets, resolution, u32

COUNTERS_REMEMBERED = 200  # 5.7


class SessionVectorTest(unittest.TestCase):
    def test_the_worked_example_of_5_6(self):
        ours = int.from_bytes(bytes(range(0x01, 0x21)), "big")
        theirs = int.from_bytes(bytes(range(0x21, 0x41)), "big")
        public = pow(wire.GENERATOR, theirs, wire.PRIME)
        self.assertEqual(
            wire.session_key(public, ours).hex(),
            "a8aea6c2abe04a3722dfe9f38a0a53472e3ce7ed32bbef7b88aff82fea5a18e8")


class SessionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at = Endpoint.read()

    def ask(self, message):
        return wire.ask_tcp(self.at.tcp, message)

    def session(self, who=None):
        return Session(self.ask, who or self.at.administrator)

    def values(self, text="http://a.cn/1"):
        return [Value(1, "URL", text),
                wire.administrator(100, *self.at.administrator)]

    def authenticated(self):
        """A session whose identity is proven, and a handle that it has created."""
        session = self.session()
        handle = self.at.fresh("session")
        challenge = self.ask(session.sign(creation(handle, self.values())))
        self.assertEqual((challenge.code, challenge.session_id), (402, session.id))
        proof = wire.pbkdf2_answer(self.at.secret, challenge)
        done = self.ask(wire.answer(challenge, proof, self.at.administrator))
        self.assertEqual((done.code, done.operation), (1, wire.CREATE))
        return session, handle

    def modification(self, handle, text):
        return creation(handle, [Value(1, "URL", text)], operation=wire.MODIFY)

    def url(self, handle):
        return self.ask(resolution(handle, [1])).values()[0].data.decode()

    def test_one_challenge_for_a_session(self):
        session, handle = self.authenticated()
        for n in range(5):
            done = self.ask(session.sign(self.modification(handle, f"http://a.cn/{n}")))
            self.assertEqual(done.code, 1)
            self.assertEqual(done.session_id, session.id)
        self.assertEqual(self.url(handle), "http://a.cn/4")

    def test_28_a_replayed_request(self):
        session, handle = self.authenticated()
        first = session.sign(self.modification(handle, "http://a.cn/first"))
        self.assertEqual(self.ask(first).code, 1)
        self.assertEqual(
            self.ask(session.sign(self.modification(handle, "http://a.cn/second"))).code, 1)
        self.assertEqual(self.ask(first).code, 505)
        first.request_id += 1
        session.sign(first, counter=session.counter)  # Another message, a counter that is used.
        self.assertEqual(self.ask(first).code, 505)
        self.assertEqual(self.url(handle), "http://a.cn/second")

    def test_28_any_changed_octet(self):
        session, handle = self.authenticated()
        values_at = 48 + len(handle)
        # Flags, time of expiry, prefix, suffix; then values: index, type, data.
        for at in (29, 36, 48, 60, values_at + 7, values_at + 22, values_at + 40):
            message = bytearray(
                session.sign(self.modification(handle, "http://a.cn/changed")).encode())
            message[at] ^= 0x02
            with Connection(self.at.tcp) as connection:
                connection.send(bytes(message))
                code = connection.receive().code
            # What the request then names may be looked for first: 301, 100, 200.
            self.assertNotEqual(code, 1, f"octet {at}")
            if at > values_at + 7:
                self.assertEqual(code, 502, f"octet {at}")
        self.assertEqual(self.url(handle), "http://a.cn/1")

    def test_a_request_without_a_mac(self):
        session, handle = self.authenticated()
        bare = self.modification(handle, "http://a.cn/bare")
        bare.session_id = session.id
        self.assertEqual(self.ask(bare).code, 404)
        self.assertEqual(self.url(handle), "http://a.cn/1")

    def test_counters_out_of_order(self):
        session, handle = self.authenticated()
        for counter, code in [(50, 1), (49, 1), (50, 505), (1000, 1), (999, 1), (49, 505)]:
            message = session.sign(self.modification(handle, f"http://a.cn/{counter}"), counter)
            self.assertEqual(self.ask(message).code, code, f"counter {counter}")

    def test_a_counter_below_the_remembered_ones(self):
        session, handle = self.authenticated()
        for counter in range(1000, 1000 + COUNTERS_REMEMBERED + 50):
            message = session.sign(self.modification(handle, "http://a.cn/many"), counter)
            self.assertEqual(self.ask(message).code, 1)
        message = session.sign(self.modification(handle, "http://a.cn/old"), 500)
        self.assertEqual(self.ask(message).code, 505)

    def test_a_session_of_nobody_is_challenged_each_time(self):
        session = Session(self.ask)
        for _ in range(2):
            handle = self.at.fresh("nobody")
            challenge = self.ask(session.sign(creation(handle, self.values())))
            self.assertEqual(challenge.code, 402)
            proof = wire.pbkdf2_answer(self.at.secret, challenge)
            done = self.ask(wire.answer(challenge, proof, self.at.administrator))
            self.assertEqual(done.code, 1)

    def test_a_wrong_proof_leaves_the_session_unproven(self):
        session = self.session()
        handle = self.at.fresh("wrong")
        challenge = self.ask(session.sign(creation(handle, self.values())))
        proof = wire.pbkdf2_answer(b"not the secret", challenge)
        refused = self.ask(wire.answer(challenge, proof, self.at.administrator))
        self.assertEqual(refused.code, 403)
        again = self.ask(session.sign(creation(handle, self.values())))
        self.assertEqual(again.code, 402)

    def test_signed_answers_in_a_session_carry_its_mac(self):
        session, handle = self.authenticated()
        question = resolution(handle, [1], flags=wire.USUAL | wire.CERT | wire.RRDG)
        got = self.ask(session.sign(question))
        self.assertEqual(got.code, 1)
        self.assertIn(b"HS_MAC", got.credential)
        reader = wire.Reader(got.credential)
        reader.take(8)
        counter = reader.number()
        self.assertEqual(reader.octets(), b"HS_MAC")
        reader.number()
        self.assertEqual(reader.octets(), b"HMAC-SHA256")
        expected = session.sign(got, counter).credential[-32:]
        self.assertEqual(reader.octets(), expected)

    def test_a_session_that_ends_leaves_the_server_alone(self):
        session, handle = self.authenticated()
        ended = self.ask(session.sign(Message(wire.SESSION_END, octets("/"))))
        self.assertEqual((ended.code, ended.operation), (1, wire.SESSION_END))
        again = self.modification(handle, "http://a.cn/late")
        self.assertEqual(self.ask(session.sign(again)).code, 500)
        self.assertEqual(self.url(handle), "http://a.cn/1")

    def test_sessions_over_udp_and_tcp_are_the_same(self):
        session, handle = self.authenticated()
        changed = session.sign(self.modification(handle, "http://a.cn/udp"))
        over_udp = wire.ask_udp(self.at.udp, changed)
        if over_udp.code != 4:  # Where UDP takes changes at all.
            self.assertEqual(over_udp.code, 1)
            self.assertEqual(self.url(handle), "http://a.cn/udp")
        question = session.sign(resolution(handle, [1]))
        self.assertEqual(wire.ask_udp(self.at.udp, question).code, 1)

    def test_set_ups_that_are_refused(self):
        def set_up(mode, prime, public):
            key = (octets("DH_PUB_KEY") + b"\0\0" + wire._integer(public)
                   + wire._integer(prime) + wire._integer(2))
            body = mode.to_bytes(2, "big") + u32(60) + octets("") + u32(-1) + octets(key)
            return self.ask(Message(wire.SESSION_SETUP, body, flags=0x59800000)).code

        good = pow(2, 12_345, wire.PRIME)
        self.assertEqual(set_up(4, wire.PRIME, good), 1)
        if self.at.stock:
            return  # It takes any group, however weak.
        for prime, public in [(wire.PRIME, 1), (wire.PRIME, 0), (wire.PRIME, wire.PRIME - 1),
                              (wire.PRIME - 1, good), (23, 5), ((1 << 8192) - 1, good)]:
            self.assertNotEqual(set_up(4, prime, public), 1)
        self.assertNotEqual(set_up(9, wire.PRIME, good), 1)


if __name__ == "__main__":
    unittest.main()
