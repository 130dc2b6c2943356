"""Row 36: Wireshark's decoder of DO-IRP reads what we say, and finds nothing wrong with it.

INTEROP_TSHARK names the program; run.py looks for it.
"""

import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import raw_challenge_test
import raw_messages_test
import raw_session_test
import raw_transport_test
import wire
from capture import SERVER_PORT, Capture
from endpoint import Endpoint
from wire import Message, Value, octets, resolution

DECODE_SECONDS_MAX = 120
FIELDS = ["frame.number", "ip.src", "_ws.col.protocol", "do-irp.opcode", "do-irp.responsecode",
          "_ws.malformed", "_ws.expert.message", "do-irp.identrecord.type"]
# Of the raw suite what is well-formed, and fragments, sessions, challenges.
RECORDED = [
    (raw_messages_test.MessagesTest, [
        "test_flags_of_answers", "test_request_digest", "test_request_id_is_echoed",
        "test_selection_is_a_union_and_names_each_value_once"]),
    (raw_transport_test.UdpTest, ["test_04_no_datagram_is_longer_than_512_octets"]),
    (raw_transport_test.TcpTest, ["test_a_connection_stays_open"]),
    (raw_session_test.SessionTest, [
        "test_one_challenge_for_a_session", "test_28_a_replayed_request",
        "test_signed_answers_in_a_session_carry_its_mac"]),
    (raw_challenge_test.ChallengeTest, [
        "test_an_answer_counts_once", "test_verification_for_another_server"]),
]
# 7: what the decoder itself misreads: it takes a site for an octet string with a length.
MISREAD_OPERATIONS = {str(wire.SITE_INFO)}


class CaptureTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at = Endpoint.read()
        cls.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(cls.folder.name) / "spoken.pcap"
        wire.tap = cls.capture = Capture(path)
        try:
            cls.result = cls.converse()
        finally:
            wire.tap = None
            cls.capture.close()
        cls.rows = cls.decode(path)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def converse(cls):
        """Says something of every operation; the result of the tests that were recorded."""
        suite = unittest.TestSuite(kind(name) for kind, names in RECORDED for name in names)
        result = unittest.TextTestRunner(stream=sys.stderr).run(suite)
        item = cls.at.fresh("capture")
        cls.at.create(item, [Value(1, "URL", "http://a.cn/1"), Value(2, "DESC", "水壶"),
                             wire.administrator(100, *cls.at.administrator)])
        for message in (
            resolution(item), resolution(item, flags=wire.USUAL | wire.CERT | wire.RRDG),
            resolution(item, [77]), resolution("10.1000/1"), wire.site_info(),
            Message(wire.ADD, octets(item) + wire.items([Value(3, "URL", "x").encode()])),
            Message(wire.REMOVE, octets(item) + wire.items([wire.u32(1)])),
            Message(wire.DELETE, octets(item)),
            Message(wire.LIST, octets("0.NA/" + cls.at.prefix)),
            Message(wire.HOME, octets("0.NA/" + cls.at.prefix + ".9")),
            Message(wire.UNHOME, octets("0.NA/" + cls.at.prefix + ".9")),
            Message(wire.LIST_HOMED, octets("/")),
        ):
            wire.ask_tcp(cls.at.tcp, message)
        challenge = wire.ask_tcp(cls.at.tcp, Message(wire.LIST, octets("0.NA/" + cls.at.prefix)))
        proof = wire.pbkdf2_answer(cls.at.secret, challenge)
        wire.ask_tcp(cls.at.tcp, wire.answer(challenge, proof, cls.at.administrator))
        return result

    @staticmethod
    def decode(path):
        command = [os.environ["INTEROP_TSHARK"], "-n", "-r", path, "-T", "fields",
                   "-E", "header=y", "-E", "separator=,", "-E", "quote=d", "-E", "occurrence=a",
                   "-E", "aggregator=|", "-o", "tcp.desegment_tcp_streams:TRUE"]
        for field in FIELDS:
            command += ["-e", field]
        done = subprocess.run(command, capture_output=True, text=True, check=True,
                              timeout=DECODE_SECONDS_MAX)
        return list(csv.DictReader(done.stdout.splitlines()))

    def decoded(self):
        return [row for row in self.rows if row["do-irp.opcode"]]

    def test_36_what_was_recorded_went_well(self):
        self.assertTrue(self.result.wasSuccessful())
        self.assertGreater(self.result.testsRun, 10)
        self.assertGreater(self.capture.messages, 200)

    def test_36_everything_is_decoded_as_do_irp(self):
        self.assertGreater(len(self.decoded()), 100)
        spoken = {code for row in self.decoded() for code in row["do-irp.opcode"].split("|")}
        wanted = {wire.RESOLUTION, wire.SITE_INFO, wire.CREATE, wire.DELETE, wire.ADD, wire.REMOVE,
                  wire.MODIFY, wire.LIST, wire.ANSWER, wire.VERIFY, wire.HOME, wire.UNHOME,
                  wire.LIST_HOMED, wire.SESSION_SETUP}
        self.assertEqual(wanted - {int(code) for code in spoken}, set())
        codes = {code for row in self.decoded() for code in row["do-irp.responsecode"].split("|")}
        self.assertLessEqual({"1", "100", "200", "301", "402"}, codes)
        types = {name for row in self.decoded()
                 for name in row["do-irp.identrecord.type"].split("|")}
        self.assertLessEqual({"URL", "DESC", "HS_ADMIN"}, types)

    def test_36_nothing_is_malformed(self):
        for row in self.decoded():
            if MISREAD_OPERATIONS & set(row["do-irp.opcode"].split("|")):
                continue
            with self.subTest(frame=row["frame.number"], operation=row["do-irp.opcode"],
                              code=row["do-irp.responsecode"]):
                self.assertEqual(row["_ws.malformed"], "")
                self.assertEqual(row["_ws.expert.message"], "")
        # Nothing was passed over, either: what is no message opens a connection, or is a part of
        # one that is put together in a later packet.
        silent = [row for row in self.rows if not row["do-irp.opcode"]]
        self.assertEqual({row["_ws.malformed"] for row in silent}, {""})


if __name__ == "__main__":
    unittest.main()
