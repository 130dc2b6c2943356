"""Challenges and logins, answered by hand."""

import hashlib
import time
import unittest

import wire
from endpoint import Endpoint
from wire import Connection, Message, Value, creation, octets, resolution, u32


class ChallengeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at = Endpoint.read()

    def ask(self, message):
        return wire.ask_tcp(self.at.tcp, message)

    def challenge(self, **fields):
        question = creation(self.at.fresh("challenge"), [Value(1, "URL", "http://a.cn/1")],
                            **fields)
        challenge = self.ask(question)
        self.assertEqual(challenge.code, 402)
        self.assertTrue(challenge.flags & wire.RRDG)
        self.assertEqual(challenge.body[:33], b"\3" + question.digest())
        self.assertEqual(len(challenge.payload().octets()), 16)
        return challenge

    def answered(self, challenge, proof, who=None, **fields):
        return self.ask(wire.answer(challenge, proof, who or self.at.administrator, **fields)).code

    def test_a_challenge_is_no_secret_and_never_the_same(self):
        challenges = [self.challenge() for _ in range(20)]
        self.assertEqual(len({each.session_id for each in challenges}), 20)
        self.assertEqual(len({each.payload().octets() for each in challenges}), 20)
        self.assertTrue(all(0 < each.session_id < 1 << 31 for each in challenges))
        if not self.at.stock:  # It counts: 1, 2, 3, …
            ids = [each.session_id for each in challenges]
            self.assertNotEqual(ids, sorted(ids))

    def test_an_answer_counts_once(self):
        challenge = self.challenge()
        proof = wire.pbkdf2_answer(self.at.secret, challenge)
        self.assertEqual(self.answered(challenge, proof), 1)
        self.assertEqual(self.answered(challenge, proof), 101 if self.at.stock else 500)

    def test_a_wrong_answer_spends_the_challenge(self):
        challenge = self.challenge()
        self.assertEqual(self.answered(challenge, wire.pbkdf2_answer(b"guess", challenge)), 403)
        right = wire.pbkdf2_answer(self.at.secret, challenge)
        self.assertEqual(self.answered(challenge, right), 1 if self.at.stock else 500)

    def test_answers_to_no_challenge(self):
        proof = wire.pbkdf2_answer(self.at.secret, self.challenge())
        self.assertEqual(self.answered(self.challenge(), proof), 403)
        self.assertEqual(self.answered(self.challenge(), proof, session_id=0), 405)
        self.assertEqual(self.answered(self.challenge(), proof, session_id=0x7FFF0123), 500)

    def test_an_unknown_kind_of_proof(self):
        challenge = self.challenge()
        proof = wire.pbkdf2_answer(self.at.secret, challenge)
        self.assertEqual(self.answered(challenge, proof, kind="HS_UNKNOWN"), 404)

    def test_proofs_that_are_no_proofs(self):
        whole = wire.pbkdf2_answer(self.at.secret, self.challenge())
        for proof in (b"", b"\x22", b"\x00", whole[:5], whole[:-1], b"\x7f" + whole[1:],
                      b"\x22" + u32(-1) + whole[5:], bytes(1000)):
            self.assertIn(self.answered(self.challenge(), proof), (2, 4, 403, 404, 406))

    def test_a_proof_that_would_cost_an_hour(self):
        for iterations, salt, key_bits in [(2_000_000_000, None, 160), (0x7FFFFFFF, None, 160),
                                           (10_000, bytes(100_000), 160),
                                           (10_000, None, 80_000_000)]:
            if self.at.stock:
                self.skipTest("the stock server computes for hours")
            challenge = self.challenge()
            proof = wire.pbkdf2_answer(self.at.secret, challenge, 1, salt, 160)
            size = len(salt or bytes(16))
            bomb = (proof[: 5 + size] + u32(iterations) + u32(key_bits) + proof[5 + size + 8 :])
            started = time.monotonic()
            self.assertNotEqual(self.answered(challenge, bomb), 1)
            self.assertLess(time.monotonic() - started, 3)

    def test_the_worked_example_of_5_4(self):
        digest = bytes.fromhex("2163f44105180734123bc3b65e1d1face3334d1e3ce43ac61406baf30b312e00")
        body = b"\3" + digest + octets(bytes(range(16)))
        proof = wire.pbkdf2_answer(b"secret", Message(body=body), salt=bytes(range(16, 32)))
        self.assertEqual(proof[-20:].hex(), "ed3eb12620942859676411b62ff049e120a7cd11")
        high = hashlib.pbkdf2_hmac("sha1", b"\x80\xff".decode("latin-1").encode(),
                                   bytes(range(16, 32)), 1, 20)
        self.assertEqual(high.hex(), "fba035bfe400801fa977ccae35aa20192841c758")

    def test_verification_for_another_server(self):
        challenge = self.challenge()
        reader = wire.Reader(challenge.body)
        digest = reader.take(33)[1:]
        nonce = reader.octets()

        def verify(key, who=self.at.administrator):
            body = (octets(who[0]) + u32(who[1]) + octets(nonce) + octets(digest)
                    + octets(wire.pbkdf2_answer(key, challenge)))
            got = self.ask(Message(wire.VERIFY, body, flags=0x59800000))
            self.assertEqual(got.code, 1)
            return got.payload().take(1)

        self.assertEqual(verify(self.at.secret), b"\1")
        self.assertEqual(verify(b"guess"), b"\0")
        self.assertEqual(verify(self.at.secret, (self.at.fresh("nobody"), 301)), b"\0")
        self.assertEqual(verify(self.at.secret, (self.at.administrator[0], 0)), b"\1")


class LoginTest(unittest.TestCase):
    """8.4: what id-pointer-sdk does on a connection before it changes anything."""

    CLIENT_SESSION = 10_001  # In every process the same.

    @classmethod
    def setUpClass(cls):
        cls.at = Endpoint.read()
        if cls.at.stock:
            raise unittest.SkipTest("the stock server does not know the operation")

    def login(self, connection, key=None, session_id=CLIENT_SESSION):
        self.assertEqual(
            connection.ask(wire.site_info(session_id=session_id, credential=None)).code, 1)
        handle, index = self.at.administrator
        question = Message(wire.LOGIN, octets(handle) + u32(index), flags=0x10800000,
                           session_id=session_id, version=(2, 10), credential=None)
        challenge = connection.ask(question)
        self.assertEqual((challenge.code, challenge.operation), (402, wire.LOGIN))
        self.assertEqual(challenge.body[:33], b"\3" + question.digest())
        proof = wire.pbkdf2_answer(key or self.at.secret, challenge)
        return connection.ask(
            wire.answer(challenge, proof, self.at.administrator, flags=0x10800000,
                        version=(2, 10), credential=None))

    def creation(self):
        return creation(self.at.fresh("login"), [Value(1, "URL", "http://a.cn/1")],
                        session_id=self.CLIENT_SESSION, version=(2, 10))

    def test_93_a_login_is_good_for_its_connection(self):
        with Connection(self.at.tcp) as connection:
            done = self.login(connection)
            self.assertEqual((done.code, done.operation), (1, wire.LOGIN))
            self.assertEqual(done.session_id, self.CLIENT_SESSION)
            self.assertEqual(done.payload().left(), 0, "the digest alone")
            for _ in range(3):
                self.assertEqual(connection.ask(self.creation()).code, 1)
                beat = resolution("0", session_id=self.CLIENT_SESSION)
                self.assertIn(connection.ask(beat).code, (100, 301))

    def test_93_another_connection_is_not_logged_in(self):
        with Connection(self.at.tcp) as first, Connection(self.at.tcp) as second:
            self.assertEqual(self.login(first).code, 1)
            self.assertEqual(second.ask(self.creation()).code, 500)
            self.assertEqual(self.login(second).code, 1)
            self.assertEqual(second.ask(self.creation()).code, 1)
            self.assertEqual(first.ask(self.creation()).code, 1)

    def test_93_a_wrong_key(self):
        with Connection(self.at.tcp) as connection:
            self.assertEqual(self.login(connection, b"guess").code, 403)
            self.assertNotEqual(connection.ask(self.creation()).code, 1)

    def test_93_another_session_id_on_the_same_connection(self):
        with Connection(self.at.tcp) as connection:
            self.assertEqual(self.login(connection).code, 1)
            other = self.creation()
            other.session_id = self.CLIENT_SESSION + 1
            self.assertEqual(connection.ask(other).code, 500)


if __name__ == "__main__":
    unittest.main()
