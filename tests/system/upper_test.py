"""The node above as witness, giver of directives, prober, and as a difficult partner on demand."""

import json
import subprocess
import unittest

import levels
import node
from levels import HOSTED

WAIT_SECONDS = 40


class Upper(node.TestCase):
    def setUp(self):
        super().setUp()
        nodes = levels.ThreeLevels(self.directory)
        self.addCleanup(nodes.kill)
        nodes.start()
        self.top, self.secondary = nodes.top, nodes.secondary

    def cosigned(self):
        """The last checkpoint of the secondary node that the node above has signed."""
        done = node.command("--node", self.secondary.address, "log", "checkpoint", "--cosigned")
        return done.stdout.decode() if done.returncode == 0 else ""

    def covers_the_log(self):
        stats = self.secondary.json("stats")
        lines = self.cosigned().splitlines()
        return len(lines) > 2 and int(lines[1]) >= stats["head"]

    def recount(self, folder, *more):
        return subprocess.run([node.RECOUNT, folder, "--quiet", "-o", "json", *more],
                              capture_output=True, timeout=node.patience(60))

    def directive(self, *words):
        given = self.top.json("directive", *words, "--child", "88.118")[0]
        node.wait_until(lambda: self.listed(given["id"])["state"] != "open", WAIT_SECONDS,
                        f"{words}: answered")
        return self.listed(given["id"])

    def listed(self, number):
        return next(each for each in self.top.json("directive", "list") if each["id"] == number)

    def test_the_node_above_signs_what_it_holds(self):
        node.wait_until(self.covers_the_log, WAIT_SECONDS, "cosigned")
        key = self.top.run("log", "witness").stdout.decode().strip()
        other = self.secondary.run("log", "witness").stdout.decode().strip()
        folder = self.directory / "export"
        self.secondary.run("log", "export", folder, "--witness", key, "--quiet")
        own = self.secondary.run("log", "keys").stdout.decode().split()
        keys = [word for each in own for word in ("--key", each)]
        done = self.recount(folder, *keys, "--witness", key)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["tree_size"], int((folder / "checkpoint")
                                                                   .read_text().split("\n")[1]))
        self.assertEqual(self.recount(folder, *keys, "--witness", other).returncode, 1)
        self.assertEqual(self.recount(folder, *keys, "--witness", own[0]).returncode, 1)
        # Who signed for nobody else: the node above has nobody above it.
        self.assertNotEqual(
            node.command("--node", self.top.address, "log", "checkpoint", "--cosigned").returncode,
            0)
        status, body = self.secondary.get("/log/cosigned")
        self.assertEqual(status, 200)
        self.assertEqual(body.decode().splitlines()[1], self.cosigned().splitlines()[1])
        # It is there after a restart, too.
        before = int(self.cosigned().splitlines()[1])
        self.assertEqual(self.secondary.stop(), 0)
        self.secondary.start()
        self.assertGreaterEqual(int(self.cosigned().splitlines()[1]), before)

    def test_directives_are_carried_out(self):
        done = self.directive("suspend", "88.118.8", "--reason", "court order")
        self.assertEqual(done["state"], "done", done)
        prefixes = {each["prefix"]: each for each in self.secondary.json("prefix", "list")}
        self.assertEqual(prefixes["88.118.8"]["state"], "suspended")
        more = ("register", "88.118.8/SN-2", "--value", "1:URL=https://example.cn/2")
        refused = node.command("--node", self.secondary.address, *more)
        self.assertNotEqual(refused.returncode, 0, "at once")
        self.assertEqual(self.directive("resume", "88.118.8")["state"], "done")
        self.secondary.run(*more)

        self.assertEqual(
            self.directive("allot", "88.118.77", "--enterprise", "ENT-8")["state"], "done")
        refused = self.directive("allot", "88.118.78", "--enterprise", "NOBODY")
        self.assertEqual((refused["state"], refused["code"]), ("refused", "not_found"))
        said = json.loads(self.directive("query", "version")["answer"])
        self.assertEqual(said["node"], self.secondary.node_id)
        self.assertEqual(self.directive("query", "nothing")["code"], "unsupported")
        proved = self.directive("challenge", HOSTED)
        self.assertEqual(proved["state"], "verified", proved)
        self.assertEqual(json.loads(proved["answer"])["event"], "created")
        self.assertEqual(self.directive("challenge", "88.118.8/NONE")["code"], "not_found")

    def test_a_directive_waits_for_a_node_that_is_away(self):
        self.assertEqual(self.secondary.stop(), 0)
        given = self.top.json("directive", "query", "version", "--child", "88.118", "--id", "q1")
        self.assertEqual(given[0]["state"], "open")
        self.secondary.start()
        node.wait_until(lambda: self.listed("q1")["state"] == "done", WAIT_SECONDS, "answered")


class Probed(node.TestCase):
    def test_a_node_whose_resolver_is_away_is_to_be_taken_over_until_it_is_back(self):
        host, port = "127.0.0.1", levels.free_port("127.0.0.1")
        top = self.node("top", node_role="top-level", node_prefix="88", probes_seconds=1,
                        probes_window_minutes=1, probes_sources="127.0.0.1, 127.0.0.7").start()
        token = self.file("dock.token", top.token("--role", "child", "--prefix", "88.118"))
        below = self.node("below", handle_listen=f"{host}:{port}", upstream_token_file=token,
                          upstream_address=f"127.0.0.1:{top.grpc_port}").start()
        below.log.wait_for("upstream_docked")
        reader = top.token("--role", "reader")

        def probes():
            status, body = top.get("/api/v1/stats", token=reader)
            self.assertEqual(status, 200)
            return json.loads(body)["children"][0]["probes"]

        # UDP and TCP, from each of two addresses.
        node.wait_until(lambda: probes()["resolution"] >= 12, WAIT_SECONDS, "probed")
        self.assertEqual(probes()["resolution_failed"], 0)
        self.assertFalse(probes()["takeover_due"])
        below.kill()
        due, line = top.log.wait_for("takeover_due", 120)
        self.assertEqual(due["prefix"], "88.118")
        self.assertTrue(top.json("stats")["children"][0]["takeover_due"])
        metrics = top.get("/metrics")[1].decode()
        self.assertIn('idnode_child_takeover_due{prefix="88.118"} 1', metrics)
        below.start()
        top.log.wait_for("takeover_over", 180, after=line)


class Rehearsed(node.TestCase):
    def test_everything_arrives_once_from_a_node_above_that_goes_wrong_on_purpose(self):
        top = self.node("top", node_role="top-level", node_prefix="88",
                        rehearsal_faults="late,lost,doubled,refused,garbled,slow",
                        rehearsal_seed=7).start()
        top.log.wait_for("rehearsal_fault")
        token = self.file("dock.token", top.token("--role", "child", "--prefix", "88.118"))
        below = self.node("below", upstream_token_file=token,
                          upstream_address=f"127.0.0.1:{top.grpc_port}").start()
        levels.hold(below, "88.118.8", HOSTED)
        top.log.wait_for("fault_injected", 60)

        def level():
            stats = below.json("stats")
            return stats["upstream"]["connected"] and stats["upstream"]["lag"] == 0

        node.wait_until(level, 120, "level")
        children = top.json("stats")["children"]
        self.assertEqual(children[0]["registered"], 1)
        self.assertRecounted(top, "--child", children[0]["number"])

    def test_no_other_node_may(self):
        for settings in ({"node_role": "secondary"},
                         {"node_role": "top-level", "grpc_listen": "0.0.0.0:0"}):
            words = self.node("other", rehearsal_faults="late", **settings).arguments()
            done = node.command(*words)
            self.assertEqual(done.returncode, 78, done.stderr)
            self.assertIn(b"rehearsal.faults", done.stderr)


if __name__ == "__main__":
    unittest.main()
