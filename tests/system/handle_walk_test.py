"""`idnode resolve --handle-server`: from one server of the Handle protocol on, over the handles of
prefixes and referrals, to the server that answers."""

import json
import pathlib
import socket
import tempfile
import unittest

import node

NAME = "88.118.8/SN-1"
SUCCESS, NOT_FOUND, NOT_RESPONSIBLE, PREFIX_REFERRAL = 1, 100, 301, 303


def free_port():
    """One that is free for UDP and for TCP: servers have both at one address."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return tcp.getsockname()[1]


def handle_server(of):
    return of.settings["handle.listen"]


class HandleWalk(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.top = self.node("top", node_role="top-level", node_prefix="88")
        self.middle = self.node("middle")
        self.bottom = self.node("bottom", node_prefix="88.118.9")
        self.middle.run("enterprise", "put", "ENT-8", "--name", "八号")
        self.middle.run("prefix", "allot", "88.118.8", "--enterprise", "ENT-8")
        self.middle.run("register", NAME, "--value", "1:URL=https://example.cn/1")
        self.bottom.run("enterprise", "put", "ENT-9", "--name", "九号")
        self.bottom.run("prefix", "allot", "88.118.9.1", "--enterprise", "ENT-9")
        self.bottom.run("register", "88.118.9.1/X", "--value", "1:URL=https://example.cn/9")

    def node(self, name, **settings):
        directory = pathlib.Path(self.folder.name, name)
        listen = f"127.0.0.1:{free_port()}"
        made = node.Node(directory, handle_listen=listen, **settings).start()
        self.addCleanup(made.kill)
        return made

    def site_of(self, prefix, of):
        """The data of the HS_SITE value by which a node answers for a prefix that it hosts."""
        found, _ = self.resolve(f"0.NA/{prefix}", handle_server(of))
        return next(value["data_base64"] for value in found["values"]
                    if value["type"] == "HS_SITE")

    def put_site(self, at, prefix, value_type, data):
        rows = pathlib.Path(self.folder.name, "site.jsonl")
        value = {"index": 2, "type": value_type, "data_base64": data}
        rows.write_text(json.dumps({"identifier": f"0.NA/{prefix}", "values": [value]}) + "\n")
        at.run("import", rows, "-q")

    def resolve(self, name, server, *more, expect=0):
        """What is printed, and who was asked for what."""
        done = node.command("resolve", name, "--handle-server", server, "--trace", "-o", "json",
                            *more)
        self.assertEqual(done.returncode, expect, done.stderr.decode())
        printed = json.loads(done.stdout)
        return printed, [(hop["server"], hop["asked"], hop["code"]) for hop in printed["hops"]]

    def test_asks_one_server_that_answers(self):
        server = handle_server(self.middle)
        found, hops = self.resolve(NAME, server, "--type", "URL")
        self.assertEqual([value["data"] for value in found["values"]], ["https://example.cn/1"])
        self.assertEqual(found["server"], server)
        self.assertEqual(hops, [(server, NAME, SUCCESS)])

    def test_follows_a_referral_of_the_prefix(self):
        self.put_site(self.top, "88.118", "HS_SITE.PREFIX", self.site_of("88.118.8", self.middle))
        top, middle = handle_server(self.top), handle_server(self.middle)
        found, hops = self.resolve(NAME, top)
        self.assertEqual(found["server"], middle)
        self.assertEqual(hops, [(top, NAME, NOT_RESPONSIBLE),
                                (top, "0.NA/88.118.8", PREFIX_REFERRAL),
                                (middle, "0.NA/88.118.8", SUCCESS),
                                (middle, NAME, SUCCESS)])

    def test_goes_down_more_than_one_level(self):
        self.put_site(self.top, "88.118", "HS_SITE.PREFIX", self.site_of("88.118.8", self.middle))
        bottoms = self.site_of("88.118.9.1", self.bottom)
        self.put_site(self.middle, "88.118.9", "HS_SITE.PREFIX", bottoms)
        found, hops = self.resolve("88.118.9.1/X", handle_server(self.top))
        self.assertEqual(found["server"], handle_server(self.bottom))
        self.assertEqual(hops[-1], (handle_server(self.bottom), "88.118.9.1/X", SUCCESS))

    def test_ends_where_servers_name_each_other(self):
        middles = self.site_of("88.118.8", self.middle)
        bottoms = self.site_of("88.118.9.1", self.bottom)
        self.put_site(self.top, "88.118", "HS_SITE.PREFIX", middles)
        self.put_site(self.middle, "88.118.9", "HS_SITE.PREFIX", bottoms)
        self.put_site(self.bottom, "88.118.9", "HS_SITE.PREFIX", middles)
        _, hops = self.resolve("88.118.9.7/X", handle_server(self.top), expect=1)
        self.assertEqual(len(hops), len(set(hops)), "nobody is asked the same twice")
        self.assertEqual(len({server for server, _, _ in hops}), 3)
        self.assertLess(len(hops), 10)

    def test_says_what_is_absent_and_who_is_not_there(self):
        server = handle_server(self.middle)
        _, hops = self.resolve("88.118.8/NO", server, expect=1)
        self.assertEqual(hops[0], (server, "88.118.8/NO", NOT_FOUND))
        self.middle.kill()
        done = node.command("resolve", NAME, "--handle-server", server)
        self.assertEqual(done.returncode, 69, done.stderr.decode())
        done = node.command("resolve", NAME, "--handle-server", "handle.example:2641")
        self.assertEqual(done.returncode, 64, done.stderr.decode())

    def test_prints_tables_for_people(self):
        done = node.command("resolve", NAME, "--handle-server", handle_server(self.middle),
                            "--trace")
        printed = done.stdout.decode()
        for text in ("SERVER", "ASKED", NAME, "https://example.cn/1"):
            self.assertIn(text, printed)


if __name__ == "__main__":
    unittest.main()
