"""A trace goes on at the nodes that answer for the others: three nodes that have prefixes delegated
to each other, over HTTP, HTTPS and the Handle protocol; and one that is down, one that is slow or
says nonsense, and networks that are not asked."""

import base64
import json
import socket
import ssl
import struct
import subprocess
import threading
import time
import unittest

import node
import tracing

LOOPBACK = "127.0.0.0/8"
PALLET, PRODUCT, ORE = "88.7/PALLET", "88.7/PRODUCT", "88.7/ORE"
PART, STEEL = "88.118.8/PART", "88.118.9.1/STEEL"


class Garbage:
    """A socket that answers each connection with the same octets, or with nothing; under TLS
    where it is given a context."""

    def __init__(self, answer, tls=None):
        self.answer = answer
        self.tls = tls
        self.asked = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open = []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.open.append(connection)
            try:
                if self.tls is not None:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                self.asked.append(connection.recv(65_536))
                if self.answer is not None:
                    connection.sendall(self.answer)
                    connection.close()
            except OSError:  # The other side has gone.
                connection.close()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        for connection in self.open:
            connection.close()


def answer(body, status="200 OK", media_type="application/json", more=""):
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n"
    return (head + more + "\r\n").encode() + body


class TraceElsewhere(tracing.TestCase):
    def started(self, name, prefix, enterprise_prefix, **settings):
        role = "top-level" if prefix == "88" else "secondary"
        settings = {"trace_networks": LOOPBACK, "node_role": role, **settings}
        server = self.node(name, node_prefix=prefix, **settings).start()
        server.run("enterprise", "put", "ENT", "--name", name)
        server.run("prefix", "allot", enterprise_prefix, "--enterprise", "ENT")
        return server

    def delegate(self, server, prefix, *values):
        """From now on the node knows who answers for the prefix."""
        rows = self.file("site.jsonl", json.dumps({"identifier": f"0.NA/{prefix}",
                                                   "values": list(values)}) + "\n")
        server.run("import", rows, "-q", "--put")

    def at_address(self, server, prefix, *addresses):
        self.delegate(server, prefix, *({"index": 2 + number, "type": "URL", "data": address}
                                        for number, address in enumerate(addresses)))

    def three(self, **settings_of_middle):
        """A pallet on the top node from a product of a part of the middle one, of steel of the
        bottom one, of ore of the top one."""
        top = self.started("top", "88", "88.7")
        middle = self.started("middle", "88.118", "88.118.8", **settings_of_middle)
        bottom = self.started("bottom", "88.118.9", "88.118.9.1")
        self.put(top, ORE)
        self.put(top, PRODUCT, ("MADE_FROM", PART), ("PACKED_IN", PALLET))
        self.put(top, PALLET)
        self.put(middle, PART, ("MADE_FROM", STEEL))
        self.put(bottom, STEEL, ("MADE_FROM", ORE))
        return top, middle, bottom

    def over_http(self):
        top, middle, bottom = self.three()
        self.at_address(top, "88.118.8", self.http_of(middle))
        self.at_address(middle, "88.118.9.1", self.http_of(bottom))
        return top, middle, bottom

    def http_of(self, server):
        return f"http://127.0.0.1:{server.http_port}"

    def by_name(self, trace):
        return {each["identifier"]: each for each in trace["nodes"]}

    def edges(self, trace):
        return {(edge["from"], edge["relation"], edge["to"]) for edge in trace["edges"]}

    WHOLE = {
        (PRODUCT, "packed_in", PALLET),
        (PRODUCT, "made_from", PART),
        (PART, "made_from", STEEL),
        (STEEL, "made_from", ORE),
    }

    def test_a_pallet_comes_from_three_nodes_and_back(self):
        top, middle, bottom = self.over_http()
        up = self.trace(top, PALLET, direction="up")
        self.assertEqual(self.edges(up), self.WHOLE)
        self.assertFalse(up["truncated"])
        nodes = self.by_name(up)
        self.assertEqual({each["state"] for each in up["nodes"]}, {"found"})
        self.assertEqual(nodes[PART]["answered_by"], self.http_of(middle))
        self.assertEqual(nodes[STEEL]["answered_by"], self.http_of(bottom))
        self.assertNotIn("answered_by", nodes[ORE])
        self.assertNotIn("enterprise", nodes[PART])
        self.assertEqual(nodes[ORE]["depth"], 4)
        # Down from a part of the middle node, to what the top node made of it.
        down = self.trace(top, PART, direction="down")
        self.assertEqual(
            self.edges(down), {(PRODUCT, "made_from", PART), (PRODUCT, "packed_in", PALLET)}
        )
        both = self.trace(top, PART)
        self.assertEqual(self.edges(both), self.WHOLE)
        # Others answer for themselves alone where they are asked to.
        local = self.trace(top, PALLET, direction="up", remote="false")
        self.assertEqual(set(self.by_name(local)), {PALLET, PRODUCT, PART})
        self.assertEqual(self.by_name(local)[PART]["reason"], "not_asked")
        self.assertEqual(top.get("/api/v1/trace?id=88.7/ORE&remote=perhaps")[0], 400)
        self.assertRecounted(top)

    def test_the_command_shows_who_said_what(self):
        top, middle, bottom = self.over_http()
        done = top.run("trace", PALLET, "--direction", "up", "--lang", "en")
        self.assertEqual(
            done.stdout.decode().splitlines(),
            [
                PALLET,
                f"  <- packs: {PRODUCT}",
                f"    <- made_from: {PART} @ {self.http_of(middle)}",
                f"      <- made_from: {STEEL} @ {self.http_of(bottom)}",
                f"        <- made_from: {ORE}",
            ],
        )
        done = top.run("trace", PALLET, "--direction", "up", "--lang", "en", "--local")
        self.assertIn(f"{PART} (elsewhere: Other nodes were not asked.)", done.stdout.decode())
        self.assertEqual(top.json("trace", PART), self.trace(top, PART))

    def test_a_node_is_asked_above_for_whom_it_does_not_know(self):
        top, middle, bottom = self.over_http()
        self.put(bottom, "88.118.9.1/BAR", ("MADE_FROM", PART))
        self.assertEqual(
            self.by_name(self.trace(bottom, "88.118.9.1/BAR"))[PART]["reason"], "nobody_known"
        )
        self.assertEqual(bottom.stop(), 0)
        bottom.set(trace_above=self.http_of(top), http_listen=f"127.0.0.1:{bottom.http_port}")
        bottom.start()
        nodes = self.by_name(self.trace(bottom, "88.118.9.1/BAR"))
        self.assertEqual(nodes[PART]["answered_by"], self.http_of(middle))
        self.assertEqual(nodes[ORE]["answered_by"], self.http_of(top))
        self.assertNotIn("answered_by", nodes[STEEL])

    def test_a_node_that_is_down_is_named_and_nothing_fails(self):
        top, middle, _ = self.over_http()
        middle.kill()
        trace = self.trace(top, PALLET, direction="up")
        self.assertEqual(self.edges(trace), {(PRODUCT, "packed_in", PALLET),
                                             (PRODUCT, "made_from", PART)})
        part = self.by_name(trace)[PART]
        self.assertEqual((part["state"], part["reason"]), ("elsewhere", "unreachable"))
        self.assertEqual(part["referral"]["addresses"], [self.http_of(middle)])
        self.assertFalse(trace["truncated"])
        done = top.run("trace", PART, "--lang", "en", expect=1)
        self.assertIn("(elsewhere: The other node cannot be reached.)", done.stdout.decode())

    def test_nodes_that_name_each_other_come_to_an_end(self):
        top, middle, bottom = self.over_http()
        self.at_address(middle, "88.118.9.2", self.http_of(bottom))
        self.at_address(bottom, "88.118.9.2", self.http_of(middle))
        self.at_address(top, "88.118.9.2", self.http_of(middle))
        lost = self.by_name(self.trace(top, "88.118.9.2/LOST"))["88.118.9.2/LOST"]
        self.assertEqual((lost["state"], lost["reason"]), ("elsewhere", "names_others"))
        # One that names the node itself.
        self.at_address(top, "88.118.9.3", self.http_of(top))
        lost = self.by_name(self.trace(top, "88.118.9.3/LOST"))["88.118.9.3/LOST"]
        self.assertEqual((lost["state"], lost["reason"]), ("elsewhere", "names_others"))

    def test_goods_that_refer_to_each_other_over_nodes_are_a_circle(self):
        top, middle, _ = self.over_http()
        self.put(top, "88.7/EGG", ("MADE_FROM", "88.118.8/HEN"))
        self.put(middle, "88.118.8/HEN", ("MADE_FROM", "88.7/EGG"))
        for direction in ("up", "both"):
            trace = self.trace(top, "88.7/EGG", direction=direction)
            self.assertEqual((len(trace["nodes"]), len(trace["edges"])), (2, 2))

    def test_over_https_with_an_authority_that_is_trusted(self):
        key, certificate = self.certificate_for("127.0.0.1")
        other_key, other_certificate = self.certificate_for("127.0.0.9")
        trusted = self.file("trusted.pem",
                            certificate.read_bytes() + other_certificate.read_bytes())
        top = self.started("top", "88", "88.7", trace_ca_file=trusted)
        stranger = self.started("stranger", "88.9", "88.9.1", node_role="secondary")
        middle = self.started("middle", "88.118", "88.118.8", http_tls_listen="127.0.0.1:0",
                              http_certificate_file=certificate, http_key_file=key)
        self.put(middle, PART)
        https = middle.log.wait_for("ready")[0]["https_port"]
        address = f"https://127.0.0.1:{https}"
        self.at_address(top, "88.118.8", address, self.http_of(middle))
        self.assertEqual(self.by_name(self.trace(top, PART))[PART]["answered_by"], address)
        # The system's authorities know nothing of that certificate, and plain text is no way out.
        self.at_address(stranger, "88.9.2", address, self.http_of(middle))
        part = self.by_name(self.trace(stranger, "88.9.2/X"))["88.9.2/X"]
        self.assertEqual((part["state"], part["reason"]), ("elsewhere", "certificate"))
        # One that is trusted, but another address's.
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(other_certificate, other_key)
        garbage = Garbage(answer(b"{}"), tls)
        self.addCleanup(garbage.close)
        self.at_address(top, "88.118.8", f"https://127.0.0.1:{garbage.port}")
        self.assertEqual(self.by_name(self.trace(top, PART))[PART]["reason"], "certificate")
        self.assertEqual(garbage.asked, [])

    def certificate_for(self, address):
        key, certificate = self.directory / f"{address}.key", self.directory / f"{address}.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-subj", f"/CN={address}", "-addext", f"subjectAltName=IP:{address}",
             "-days", "2", "-keyout", key, "-out", certificate],
            check=True, capture_output=True)
        return key, certificate

    def test_over_the_handle_protocol_what_records_refer_to(self):
        top, middle, bottom = self.three()
        ports = [server.log.wait_for("ready")[0]["handle_tcp_port"] for server in (middle, bottom)]
        # No node answers HTTP at these addresses.
        nothing = Garbage(answer(b"<html>", "404 Not Found", "text/html"))
        self.addCleanup(nothing.close)
        web = f"http://127.0.0.1:{nothing.port}"
        for server, prefix, port in ((top, "88.118.8", ports[0]), (top, "88.118.9.1", ports[1])):
            site = self.handle_site(port)
            self.delegate(server, prefix, {"index": 2, "type": "HS_SITE", "data_base64": site},
                          {"index": 3, "type": "URL", "data": web})
        trace = self.trace(top, PALLET, direction="up")
        self.assertEqual(self.edges(trace), self.WHOLE)
        nodes = self.by_name(trace)
        self.assertEqual(nodes[PART]["answered_by"], f"tcp://127.0.0.1:{ports[0]}")
        self.assertEqual(nodes[STEEL]["answered_by"], f"tcp://127.0.0.1:{ports[1]}")
        self.assertEqual(len(nothing.asked), 2)
        lost = self.by_name(self.trace(top, "88.118.8/NO"))["88.118.8/NO"]
        self.assertEqual(lost["state"], "not_found")

    def test_a_referral_leads_into_no_network_that_is_not_asked(self):
        top, middle, _ = self.three()
        top.kill()
        top.set(trace_networks="127.0.0.1")
        top.start()
        port = middle.log.wait_for("ready")[0]["handle_tcp_port"]
        inner = Garbage(None)
        self.addCleanup(inner.close)
        self.delegate(top, "88.118.9.1",
                      {"index": 2, "type": "HS_SITE", "data_base64": self.handle_site(port)})
        self.delegate(middle, "88.118.9", {
            "index": 2, "type": "HS_SITE.PREFIX",
            "data_base64": self.handle_site(inner.port, last=9)})
        steel = self.by_name(self.trace(top, STEEL))[STEEL]
        self.assertEqual((steel["state"], steel["reason"]), ("elsewhere", "not_allowed"))

    def handle_site(self, port, last=1):
        """HS_SITE of one server at 127.0.0.x with TCP alone, spec/handle-protocol.md 2.6."""

        def text(octets):
            return struct.pack(">I", len(octets)) + octets

        server = (struct.pack(">I", 1) + bytes(12) + bytes([127, 0, 0, last]) + text(b"")
                  + struct.pack(">I", 1) + bytes([3, 1]) + struct.pack(">I", int(port)))
        site = (struct.pack(">HBBHBB", 1, 2, 11, 1, 0x80, 2) + text(b"") + struct.pack(">I", 0)
                + struct.pack(">I", 1) + server)
        return base64.b64encode(site).decode()

    def test_nonsense_is_no_trace_and_ends_nothing(self):
        top = self.started("top", "88", "88.7")
        self.put(top, PRODUCT, ("MADE_FROM", PART), ("MADE_FROM", ORE))
        self.put(top, ORE)
        document = {"nodes": [{"identifier": PART, "state": "found", "depth": 0}], "edges": [],
                    "truncated": False}
        other = {**document, "nodes": [{"identifier": STEEL, "state": "found", "depth": 0}]}
        good = json.dumps(document).encode()
        for says, reason in (
            (answer(good), None),
            (answer(b"{"), "unreadable"),
            (answer(b"[" * 1_000), "unreadable"),
            (answer(json.dumps(other).encode()), "unreadable"),
            (answer(b"\xff\xfe"), "unreadable"),
            (answer(good, media_type="text/html"), "unreadable"),
            (answer(b"", "302 Found", more=f"Location: {self.http_of(top)}/\r\n"), "unreadable"),
            (answer(b"", "503 Busy"), "refused"),
            (answer(b" " * (2 << 20)), "too_large"),
            (b"\x00\x01\x02 SSH-2.0\r\n\r\n", "unreadable"),
            (b"", "unreachable"),
        ):
            with self.subTest(reason=reason, says=says[:80]):
                garbage = Garbage(says)
                self.addCleanup(garbage.close)
                self.at_address(top, "88.118.8", f"http://127.0.0.1:{garbage.port}")
                trace = self.trace(top, PRODUCT, direction="up")
                self.assertEqual(set(self.by_name(trace)), {PRODUCT, PART, ORE})
                self.assertEqual(self.by_name(trace)[PART].get("reason"), reason)
                self.assertEqual(len(garbage.asked), 1)
        head = garbage.asked[0].decode()
        self.assertTrue(head.startswith("GET /api/v1/trace?id=88.118.8%2FPART&direction=up&depth=7"
                                        "&remote=false HTTP/1.1\r\n"), head)
        self.assertRegex(head, r"\r\nUser-Agent: idnode/\d")

    def test_a_node_that_says_nothing_costs_its_time_once(self):
        top = self.started("top", "88", "88.7")
        silent = Garbage(None)
        self.addCleanup(silent.close)
        self.at_address(top, "88.118.8", f"http://127.0.0.1:{silent.port}")
        self.put(top, PRODUCT, ("MADE_FROM", PART), ("MADE_FROM", "88.118.8/OTHER"))
        began = time.monotonic()
        nodes = self.by_name(self.trace(top, PRODUCT, direction="up"))
        self.assertLess(time.monotonic() - began, node.patience(5))
        self.assertEqual(nodes[PART]["reason"], "timed_out")
        self.assertEqual(nodes["88.118.8/OTHER"]["reason"], "timed_out")
        self.assertEqual(len(silent.asked), 1)

    def test_only_networks_that_are_allowed_are_asked(self):
        garbage = Garbage(answer(b"{}"))
        self.addCleanup(garbage.close)
        inner = f"http://127.0.0.1:{garbage.port}"
        for name, settings, reason in (
            ("usual", {"trace_networks": ""}, "not_allowed"),
            ("other", {"trace_networks": "203.0.113.0/24"}, "not_allowed"),
            ("off", {"trace_remote": "off"}, "not_asked"),
            ("loopback", {}, "unreadable"),
        ):
            with self.subTest(name):
                server = self.started(name, "88", "88.7", **settings)
                self.at_address(server, "88.118.8", inner)
                part = self.by_name(self.trace(server, PART))[PART]
                self.assertEqual((part["state"], part["reason"]), ("elsewhere", reason))
                self.at_address(server, "88.118.8", f"http://localhost:{garbage.port}/")
                part = self.by_name(self.trace(server, PART))[PART]
                self.assertEqual(part["reason"],
                                 "not_asked" if name == "off" else "no_address")
                server.kill()
        self.assertEqual(len(garbage.asked), 1)


if __name__ == "__main__":
    unittest.main()
