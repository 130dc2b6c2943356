"""Connections that wait: how long they are kept, and how a message that never ends is ended."""

import contextlib
import os
import time
import unittest

import wire
from endpoint import Endpoint
from raw_challenge_test import LoginTest
from wire import Connection, Value, resolution

CONNECTIONS = 10
MARGIN_SECONDS = 15


class IdleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at = Endpoint.read()
        cls.item = cls.at.fresh("idle")
        cls.at.create(cls.item, [Value(1, "URL", "http://a.cn/1")])
        # What the server was told (run.py): for a pool of id-pointer-sdk, ten minutes and more.
        cls.idle_seconds = int(os.environ.get("INTEROP_IDLE_SECONDS", "0"))

    def test_93_a_pool_of_ten_is_kept_idle_and_what_idles_longer_is_closed(self):
        if not self.idle_seconds:
            self.skipTest("needs a server of ours, which was told how long to keep connections")
        LoginTest.setUpClass()
        login = LoginTest()
        with contextlib.ExitStack() as open_ones:
            left = open_ones.enter_context(
                Connection(self.at.tcp, seconds=self.idle_seconds + MARGIN_SECONDS))
            self.assertEqual(left.ask(resolution(self.item)).code, 1)
            began = time.monotonic()
            pool = [open_ones.enter_context(Connection(self.at.tcp)) for _ in range(CONNECTIONS)]
            for connection in pool:
                self.assertEqual(login.login(connection).code, 1)
            # Nothing comes, and none is closed, for as long as clients keep theirs.
            kept_until = time.monotonic() + self.idle_seconds - 2
            for connection in pool:
                connection.socket.settimeout(max(0.01, kept_until - time.monotonic()))
                self.assertFalse(connection.closed(), "closed while idle")
                connection.socket.settimeout(wire.SECONDS_MAX)
            for connection in pool:
                self.assertEqual(connection.ask(resolution(self.item)).code, 1)
                self.assertEqual(connection.ask(login.creation()).code, 1, "still logged in")
            self.assertTrue(left.closed())
            self.assertGreater(time.monotonic() - began, self.idle_seconds - 2)

    def test_34_a_message_that_is_never_finished(self):
        if self.at.stock:
            self.skipTest("the stock server waits for five minutes")
        whole = resolution(self.item).encode()
        for size in (7, 20, 30, len(whole) - 1):
            with self.subTest(size), Connection(self.at.tcp, seconds=60) as connection:
                connection.send(whole[:size])
                got = connection.receive()
                self.assertEqual(got.code, 4, "read time-out")
                self.assertTrue(connection.closed())


if __name__ == "__main__":
    unittest.main()
