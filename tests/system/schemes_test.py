"""One identifier of each scheme: enrolled, registered, resolved and counted like any other."""

import json
import socket
import struct
import unittest
import urllib.parse

import node

ENVELOPE = struct.Struct(">BBBBIIII")  # Version, flags and suggestion, ids, sequence, length.
HEADER = struct.Struct(">IIIHBBII")
SUCCESS = 1

# The scheme, what its enterprise is allotted, an identifier below it, another way to write that,
# and one that the prefix does not cover.
SCHEMES = [
    ("handle", "88.118.1", "88.118.1/Sn-产品", "88.118.1/SN-产品", "88.118.2/a"),
    ("gs1", "6901234", "01/06901234567892", "6901234567892", "01/06971234567895"),
    ("oid", "1.2.156.3001", "1.2.156.3001.11.1.1", "urn:oid:1.2.156.3001.11.1.1", "1.2.156.300"),
    ("ecode", "10001", "E=1000112345678", "ecode:1000112345678", "E=1000212345678"),
    ("vaa", "VAA86100", "VAA8610012345/S1", "vaa8610012345/s1", "VAA8710012345"),
    (
        "bid",
        "did:bid",
        "did:bid:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2",
        "did:bid:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2",
        "did:bid:ac1x:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2",
    ),
    ("did", "web", "did:web:example.org", "did:web:example.org", "did:key:z6Mk"),
]


def question(identifier):
    """A resolution of all values (spec/handle-protocol.md 3)."""
    name = identifier.encode()
    body = struct.pack(">I", len(name)) + name + bytes(8)
    message = HEADER.pack(1, 0, 0x19000000, 0xFFFF, 0, 0, 0, len(body)) + body + bytes(4)
    return ENVELOPE.pack(2, 3, 2, 11, 0, 77, 0, len(message)) + message


def read_answer(stream):
    """The response code and the whole message."""
    octets = stream.read(ENVELOPE.unpack(stream.read(ENVELOPE.size))[7])
    return HEADER.unpack_from(octets)[1], octets


class SchemesTest(node.TestCase):
    def enrolled(self, name="node", **settings):
        server = self.node(name, **settings).start()
        for scheme, prefix, *_ in SCHEMES:
            server.run("enterprise", "put", scheme)
            server.run("prefix", "allot", prefix, "--scheme", scheme, "--enterprise", scheme)
        return server

    def registered(self, **settings):
        server = self.enrolled(**settings)
        for scheme, _, identifier, *_ in SCHEMES:
            value = f"1:URL=https://{scheme}.example/"
            server.run("register", identifier, "--value", value)
        return server

    def test_each_is_registered_under_its_prefix_only(self):
        server = self.registered()
        for scheme, _, identifier, other, outside in SCHEMES:
            done = server.json("resolve", other)
            self.assertEqual(done["identifier"], identifier)
            self.assertEqual(done["values"][0]["data"], f"https://{scheme}.example/")
            refused = server.run("register", outside, "--value", "1:URL=x", expect=77)
            self.assertIn(b"outside_prefix", refused.stderr + refused.stdout, outside)
        self.assertRecounted(server)

    def test_each_is_counted_once_when_registered_and_once_when_resolved(self):
        server = self.registered()
        for scheme, _, _, other, _ in SCHEMES:
            status, body = server.get("/api/handles/" + urllib.parse.quote(other, safe=""))
            self.assertEqual(status, 200, other)
            self.assertIn(f"https://{scheme}.example/", body.decode())
        self.assertEqual(server.stop(), 0)  # What was counted is folded in at the latest here.
        server.start()
        stats = server.json("stats")
        evaluation = stats["evaluation"]
        self.assertEqual(evaluation["registered"], len(SCHEMES))
        self.assertEqual(evaluation["resolutions"], len(SCHEMES))
        self.assertEqual(evaluation["resolution_requests"], len(SCHEMES))
        self.assertEqual(evaluation["connected_enterprises"], len(SCHEMES))
        self.assertRecounted(server)

    def test_each_answers_over_grpc_and_is_counted_there_too(self):
        server = self.registered()
        server.run("resolve", *[other for _, _, _, other, _ in SCHEMES])
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(server.json("stats")["evaluation"]["resolutions"], len(SCHEMES))

    def test_the_handle_protocol_answers_for_each(self):
        server = self.registered()
        ready, _ = server.log.wait_for("ready")
        address = ("127.0.0.1", int(ready["handle_tcp_port"]))
        with socket.create_connection(address, timeout=node.patience(30)) as connection:
            stream = connection.makefile("rwb")
            for scheme, _, identifier, _, _ in SCHEMES:
                stream.write(question(identifier))
                stream.flush()
                code, answer = read_answer(stream)
                self.assertEqual(code, SUCCESS, identifier)
                self.assertIn(f"https://{scheme}.example/".encode(), answer)
            stream.close()

    def test_each_is_exported_and_imported_as_it_is(self):
        server = self.registered()
        exported = server.run("export", "--quiet").stdout
        rows = [json.loads(line) for line in exported.decode().splitlines()]
        self.assertEqual({row["identifier"] for row in rows}, {each[2] for each in SCHEMES})
        for scheme, prefix, identifier, *_ in SCHEMES:
            part = server.run(
                "export", "--quiet", "--scheme", scheme, "--prefix", prefix
            ).stdout.decode().splitlines()
            self.assertEqual([json.loads(line)["identifier"] for line in part], [identifier])
        other = self.enrolled("other")
        path = self.file("exported.jsonl", exported)
        summary = other.json("import", path, "--quiet")
        self.assertEqual((summary["registered"], summary["refused"]), (len(SCHEMES), 0))
        digest = server.json("export", "--digest", "--quiet")
        self.assertEqual(other.json("export", "--digest", "--quiet"), digest)
        self.assertRecounted(other)

    def test_each_reaches_the_node_above(self):
        top = self.node("top", node_role="top-level", node_prefix="88").start()
        token = self.file("dock.token", top.token("--role", "child", "--prefix", "88.118"))
        server = self.registered(
            upstream_address=f"127.0.0.1:{top.grpc_port}", upstream_token_file=token
        )

        node.wait_until(
            lambda: server.json("stats")["upstream"].get("acknowledged_evaluation", {})
            == server.json("stats")["evaluation"],
            60,
            "the node above has acknowledged every figure",
            pause=0.1,
        )
        (child,) = top.json("stats")["children"]
        self.assertEqual(child["registered"], len(SCHEMES))
        self.assertRecounted(top, "--child", child["number"])

    def test_the_prefixes_are_listed_by_the_names_of_their_schemes(self):
        server = self.enrolled()
        listed = server.json("prefix", "list")
        self.assertEqual({row["scheme"] for row in listed}, {each[0] for each in SCHEMES})


if __name__ == "__main__":
    unittest.main()
