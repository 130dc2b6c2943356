"""Identifiers of three levels resolve from the address of the topmost alone: what nodes file
upwards is what resolves."""

import base64
import json
import unittest

import levels
import node
import subject_document
from levels import HOSTED, LINKED, OTHER, SELF_BUILT

SUCCESS, NOT_FOUND, SERVICE_REFERRAL, PREFIX_REFERRAL = 1, 100, 302, 303


class Levels(node.TestCase):
    def setUp(self):
        super().setUp()
        nodes = levels.ThreeLevels(self.directory)
        self.addCleanup(nodes.kill)
        nodes.start()
        self.top, self.secondary = nodes.top, nodes.secondary
        self.first, self.second = nodes.first, nodes.second

    def server(self, of):
        return of.settings["handle.listen"]

    def resolve(self, name, *more):
        """What is printed by who knows the top-level node alone, and the hops."""
        done = node.command("resolve", name, "--handle-server", self.server(self.top), "--trace",
                            "-o", "json", *more)
        if not done.stdout:
            return {}, []
        printed = json.loads(done.stdout)
        return printed, [(hop["server"], hop["asked"], hop["code"]) for hop in printed["hops"]]

    def answers(self, name):
        found, _ = self.resolve(name, "--type", "URL")
        return [value["data"] for value in found.get("values", [])] == [LINKED + name]

    def wait_for(self, name, answered=True):
        node.wait_until(lambda: self.answers(name) == answered, 20, f"{name}: {answered}")

    def filings(self, at, *more):
        return at.json("filing", "list", *more)

    def test_everything_resolves_from_the_top_level_nodes_address_alone(self):
        self.wait_for(HOSTED)
        self.wait_for(SELF_BUILT)
        self.wait_for(OTHER)
        top, secondary, first = map(self.server, (self.top, self.secondary, self.first))

        _, hops = self.resolve(HOSTED)
        self.assertEqual(hops, [(top, HOSTED, SERVICE_REFERRAL), (secondary, HOSTED, SUCCESS)])
        _, hops = self.resolve(SELF_BUILT)
        self.assertEqual(hops, [(top, SELF_BUILT, SERVICE_REFERRAL), (first, SELF_BUILT, SUCCESS)])
        # What clients ask first: the handle of the prefix, or the bare prefix.
        for prefix, server in (("88.118", secondary), ("88.118.8", secondary), ("88.118.9", first)):
            for name in (f"0.NA/{prefix}", prefix):
                found, hops = self.resolve(name, "--type", "HS_SITE")
                self.assertEqual([hop[2] for hop in hops], [SUCCESS], name)
                self.assertEqual(self.address_in(found), server)

    def address_in(self, found):
        """Where the only site says that its server takes questions over TCP."""
        sites = [value for value in found["values"] if value["type"] == "HS_SITE"]
        self.assertEqual(len(sites), 1)
        octets = base64.b64decode(sites[0]["data_base64"])
        at = octets.index(b"\x00" * 12 + b"\x7f\x00\x00") + 12
        key = int.from_bytes(octets[at + 4:at + 8], "big")
        interfaces = octets[at + 12 + key:]
        host = ".".join(map(str, octets[at:at + 4]))
        for begin in range(0, len(interfaces), 6):
            if interfaces[begin + 1] == 1:
                return f"{host}:{int.from_bytes(interfaces[begin + 2:begin + 6], 'big')}"
        return None

    def told(self, at, path):
        status, body = at.get(path)
        return status, json.loads(body)

    def test_whoever_wants_it_is_answered_by_the_node_that_he_asks(self):
        self.wait_for(SELF_BUILT)
        path = f"/api/v1/identifiers/{SELF_BUILT}"
        status, body = self.told(self.secondary, path)
        self.assertEqual((status, body["code"]), (404, "not_homed"))
        status, body = self.told(self.secondary, path + "?forward=yes")
        self.assertEqual(status, 200, body)
        self.assertEqual([value["data"]["value"] for value in body["values"]],
                         [LINKED + SELF_BUILT])
        self.assertEqual(body["forwarded"], {"answered_by": "tcp://" + self.server(self.first)})
        # Down two levels; and what nobody below has.
        status, body = self.told(self.top, path + "?forward=yes")
        self.assertEqual(status, 200, body)
        status, body = self.told(self.secondary, "/api/v1/identifiers/88.118.9/NONE?forward=yes")
        self.assertEqual((status, body["code"]), (404, "not_found"))
        status, body = self.told(self.secondary, "/api/v1/identifiers/88.999.9/X?forward=yes")
        self.assertEqual((status, body["code"]), (404, "not_homed"))
        # The node below is gone: what it said holds on, other questions end in time.
        self.first.kill()
        status, body = self.told(self.secondary, path + "?forward=yes")
        self.assertEqual(status, 200, body)
        status, body = self.told(self.secondary, "/api/v1/identifiers/88.118.9/OTHER?forward=yes")
        self.assertEqual(status, 503, body)
        # Its prefix is suspended: nobody is told what it said any more.
        self.secondary.run("enterprise", "put", "ENT-9", "--name", "ENT-9")
        self.secondary.run("prefix", "allot", "88.118.9", "--enterprise", "ENT-9")
        self.secondary.run("prefix", "suspend", "88.118.9")
        status, body = self.told(self.secondary, path + "?forward=yes")
        self.assertNotEqual(status, 200, body)

    def test_over_http_and_grpc_too(self):
        self.wait_for(HOSTED)
        status, body = self.top.get("/api/handles/0.NA/88.118.8?type=HS_SITE")
        answer = json.loads(body)
        self.assertEqual((status, answer["responseCode"]), (200, SUCCESS))
        status, body = self.top.get("/api/handles/" + HOSTED)
        answer = json.loads(body)
        self.assertEqual((status, answer["responseCode"]), (300, SERVICE_REFERRAL))
        self.assertEqual(answer["values"][0]["type"], "HS_SITE")
        status, body = self.top.get("/api/handles/0.NA/88.118.77")
        self.assertEqual((status, json.loads(body)["responseCode"]), (300, PREFIX_REFERRAL))
        record = self.top.json("resolve", "88.118.8")
        self.assertIn("HS_SITE", json.dumps(record))

        before, external = self.counted("delegation"), self.counted("external")
        self.top.get("/api/handles/0.NA/88.118.8")
        self.top.get("/api/handles/" + HOSTED)
        node.wait_until(lambda: self.counted("delegation") >= before + 2, 10,
                        "counted as delegation")
        self.assertEqual(self.counted("external"), external, "a delegation is no resolution")

    def counted(self, traffic_class):
        figures = self.top.json("stats")["figures"]
        return sum(figure["sum"] for figure in figures
                   if figure["traffic_class"] == traffic_class)

    def test_a_suspension_takes_effect_at_once_at_either_level(self):
        self.wait_for(HOSTED)
        self.secondary.run("prefix", "suspend", "88.118.8")
        self.wait_for(HOSTED, answered=False)
        self.assertEqual(self.resolve("0.NA/88.118.8")[1][0],
                         (self.server(self.top), "0.NA/88.118.8", NOT_FOUND))
        self.assertTrue(self.answers(SELF_BUILT))
        self.top.run("enterprise", "put", "SN", "--name", "二级节点")
        self.top.run("prefix", "allot", "88.118", "--enterprise", "SN")
        self.assertTrue(self.answers(SELF_BUILT))
        self.top.run("prefix", "suspend", "88.118")
        self.assertFalse(self.answers(SELF_BUILT), "at once")

    def test_an_outage_above_loses_nothing_and_a_moved_node_is_found(self):
        self.wait_for(SELF_BUILT)
        self.top.kill()
        levels.hold(self.secondary, "88.118.11", "88.118.11/X")
        self.first.stop()
        self.first.set(handle_listen=f"127.0.0.3:{levels.free_port('127.0.0.3')}")
        self.first.start()
        self.top.start()
        self.wait_for("88.118.11/X")
        self.wait_for(SELF_BUILT)
        self.assertEqual(self.resolve(SELF_BUILT)[1][-1],
                         (self.server(self.first), SELF_BUILT, SUCCESS))

    def test_filings_are_listed_and_compared(self):
        document = json.dumps(subject_document.enterprise())
        path = self.file("subject.json", document)
        self.secondary.run("enterprise", "subject", "ENT-8", "--set", path)
        node.wait_until(lambda: self.filings(self.top, "--table", "6"), 20, "filed")
        filed = self.filings(self.top)
        self.assertEqual({row["key"] for row in filed if row["table"] == 7},
                         {"H88.118.8", "H88.118.9", "H88.118.10"})
        self.assertEqual([row["key"] for row in filed if row["table"] == 2], ["H88.118"])
        self.assertEqual([row["organisation"] for row in filed if row["table"] == 6],
                         ["济南示例机械有限公司"])
        # Whoever reads the disk of the node above reads no personal member.
        self.assertRaises(AssertionError, self.top.run, "filing", "reconcile")
        compared = self.secondary.json("filing", "reconcile")
        self.assertEqual([row["table"] for row in compared],
                         [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 21, 22, 23, 24])
        for row in compared:
            self.assertTrue(row["equal"], row)
        status, body = self.top.get("/api/v1/filings?table=7&count=2",
                                    self.top.token("--role", "reader"))
        self.assertEqual(status, 200)
        page = json.loads(body)
        self.assertEqual(len(page["filings"]), 2)
        status, body = self.top.get("/api/v1/filings?table=7&cursor=" + page["next"],
                                    self.top.token("--role", "reader"))
        self.assertEqual(len(json.loads(body)["filings"]), 1)
        self.assertEqual(self.top.get("/api/v1/filings")[0], 401)

    def test_the_figures_are_those_of_the_log_on_every_level(self):
        self.wait_for(SELF_BUILT)
        for level in (self.top, self.secondary, self.first):
            self.assertRecounted(level)


if __name__ == "__main__":
    unittest.main()
