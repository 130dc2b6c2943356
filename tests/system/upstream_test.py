"""A secondary node and the node above it, in step whatever becomes of either."""

import json
import subprocess
import time
import unittest

import node
from codes_file import PREFIX, CodesFile

ROWS = 40_000 if not node.SLOW else 12_000
KILLS = 6 if not node.SLOW else 3
IN_STEP_SECONDS = 10


class UpstreamTest(node.TestCase):
    def setUp(self):
        super().setUp()
        self.top = self.node("top", node_role="top-level", node_prefix="88").start()
        # It comes back where it was.
        self.top.set(grpc_listen=f"127.0.0.1:{self.top.grpc_port}")
        self.token_file = self.file("dock.token", self.child_token("88.118"))

    def child_token(self, prefix):
        return self.top.token("--role", "child", "--prefix", prefix)

    def secondary(self, name="secondary", token_file=None, **settings):
        return self.node(
            name,
            node_name="演示",
            upstream_address=f"127.0.0.1:{self.top.grpc_port}",
            upstream_token_file=token_file or self.token_file,
            **settings,
        )

    def docked(self, **settings):
        """A secondary node with an enterprise, docked."""
        child = self.secondary(**settings).start()
        child.run("enterprise", "put", "acme", "--name", "Acme Kettles")
        child.run("prefix", "allot", PREFIX, "--scheme", "gs1", "--enterprise", "acme")
        child.run("prefix", "allot", "88.118.1", "--enterprise", "acme")
        child.log.wait_for("upstream_docked")
        return child

    def registered(self, server):
        status, body = server.get("/api/v1/stats")
        self.assertEqual(status, 200)
        return json.loads(body)["evaluation"]["identifiers_registered"]

    def wait_for_registered(self, child, count, importer):
        """False: the import was faster."""
        node.wait_until(
            lambda: self.registered(child) >= count or importer.poll() is not None,
            300,
            f"{count} registered",
            pause=0.005,
        )
        return importer.poll() is None

    def parts(self, child, codes, importer):
        """Comes back while the import runs, at more and more registered identifiers."""
        for part in range(1, KILLS + 1):
            running = self.wait_for_registered(child, codes.good * part // (KILLS + 1), importer)
            if not running:
                self.assertGreater(part, 2, "the import was over too soon to disturb it")
                return
            yield part

    def start_import(self, child, codes):
        return self.started(
            "--node",
            child.address,
            "import",
            codes.path,
            "--quiet",
            "--batch",
            "10",
            "--refused",
            self.directory / "refused.csv",
            stdout=subprocess.DEVNULL,
        )

    def in_step(self, child):
        """Whether the node above has acknowledged everything, its figures included."""
        stats = child.json("stats")
        upstream = stats["upstream"]
        acknowledged = upstream.get("acknowledged_evaluation", {})
        return (
            upstream["connected"]
            and upstream["lag"] == 0
            and acknowledged.get("registered") == stats["evaluation"]["registered"]
            and acknowledged.get("connected_enterprises")
            == stats["evaluation"]["connected_enterprises"]
        )

    def assertInStep(self, child, registered, seconds=IN_STEP_SECONDS):
        """Both sides come to the same figures, and both can prove them."""
        started = time.monotonic()
        node.wait_until(lambda: self.in_step(child), seconds, "in step", pause=0.1)
        print(f"in step after {time.monotonic() - started:.2f} s")
        above = self.top.json("stats")["children"]
        self.assertEqual(len(above), 1)
        self.assertEqual(above[0]["node_id"], child.node_id)
        self.assertEqual(above[0]["registered"], registered)
        self.assertEqual(above[0]["registered_gross"], registered)
        own = child.json("stats")
        self.assertEqual(own["evaluation"]["registered"], registered)
        own_count = self.assertRecounted(child)
        count_above = self.assertRecounted(self.top, "--child", above[0]["number"])
        self.assertEqual(count_above["log_items"], own_count["log_items"])
        self.assertRecounted(self.top)

    def test_the_node_above_is_away_for_the_middle_third_of_an_import(self):
        codes = CodesFile(self.directory / "codes.tsv.zst", ROWS, seed=3)
        child = self.docked()
        importer = self.start_import(child, codes)
        self.assertTrue(self.wait_for_registered(child, codes.good // 3, importer))
        self.assertEqual(self.top.stop(), 0)
        child.log.wait_for("upstream_lost")
        self.assertTrue(self.wait_for_registered(child, codes.good * 2 // 3, importer))
        self.assertFalse(child.json("stats")["upstream"]["connected"])
        self.top.start()
        self.assertEqual(importer.wait(node.patience(node.COMMAND_SECONDS_MAX)), 3)
        self.assertInStep(child, codes.good)

    def test_the_node_above_is_killed_again_and_again_during_an_import(self):
        codes = CodesFile(self.directory / "codes.tsv.zst", ROWS, seed=4)
        child = self.docked()
        importer = self.start_import(child, codes)
        for part in self.parts(child, codes, importer):
            self.top.kill()
            self.top.start()
        self.assertEqual(importer.wait(node.patience(node.COMMAND_SECONDS_MAX)), 3)
        # A node that comes and goes is asked again after ever longer pauses.
        self.assertInStep(child, codes.good, 60)

    def test_both_nodes_are_killed_during_an_import(self):
        codes = CodesFile(self.directory / "codes.tsv.zst", ROWS, seed=5)
        child = self.docked()
        importer = self.start_import(child, codes)
        for part in self.parts(child, codes, importer):
            self.top.kill()
            child.kill()
            child.start()
            self.top.start()
        self.assertEqual(importer.wait(node.patience(node.COMMAND_SECONDS_MAX)), 3)
        self.assertInStep(child, codes.good, 60)

    def test_local_work_goes_on_while_the_node_above_is_away(self):
        child = self.docked()
        self.assertEqual(self.top.stop(), 0)
        child.log.wait_for("upstream_lost")
        child.run("register", "88.118.1/a", "--value", "1:URL=https://example.cn/a")
        self.assertEqual(child.json("resolve", "88.118.1/a")["identifier"], "88.118.1/a")
        upstream = child.json("stats")["upstream"]
        self.assertFalse(upstream["connected"])
        self.assertGreater(upstream["lag"], 0)
        # First it says why it left; asked again, it is not there.
        node.wait_until(
            lambda: child.json("stats")["upstream"]["problem"] == "unavailable", 60, "gone"
        )
        self.top.start()
        self.assertInStep(child, 1, 60)

    def test_a_token_that_is_revoked_ends_the_docking(self):
        child = self.docked()
        token = self.token_file.read_text().split("_")[1]
        self.top.run("token", "revoke", token)
        # The node above looks at the token again with each heartbeat, every 15 s.
        refused, _ = child.log.wait_for("upstream_refused", 60)
        self.assertRegex(refused["error"], "token_revoked|unauthenticated")
        self.top.log.wait_for("child_refused", 60)
        child.run("register", "88.118.1/b", "--value", "1:URL=https://example.cn/b")
        node.wait_until(
            lambda: not child.json("stats")["upstream"]["connected"], 60, "undocked", pause=0.1
        )
        self.assertEqual(self.top.json("stats")["children"][0]["registered"], 0)

        self.token_file.write_text(self.child_token("88.118"))
        self.assertEqual(child.stop(), 0)
        child.start()
        self.assertInStep(child, 1, 60)

    def test_another_node_is_refused_under_a_prefix_that_is_taken(self):
        child = self.docked()
        other = self.secondary("other").start()
        other.log.wait_for("upstream_refused")
        self.top.log.wait_for("child_refused")
        self.assertFalse(other.json("stats")["upstream"]["connected"])
        self.assertTrue(child.json("stats")["upstream"]["connected"])
        self.assertEqual(len(self.top.json("stats")["children"]), 1)

    def test_a_node_is_refused_under_a_prefix_that_its_token_does_not_name(self):
        token = self.file("other.token", self.child_token("88.119"))
        other = self.secondary("other", token).start()
        other.log.wait_for("upstream_refused")
        self.assertEqual(self.top.json("stats")["children"], [])

    def test_a_change_is_with_the_node_above_at_once(self):
        child = self.docked()
        self.assertInStep(child, 0)
        for number in range(1, 6):
            child.run("register", f"88.118.1/{number}", "--value", "1:URL=https://example.cn/")
            node.wait_until(lambda: self.in_step(child), 2, "in step", pause=0.02)

    def test_a_restarted_node_knows_at_once_what_was_acknowledged(self):
        child = self.docked()
        child.run("register", "88.118.1/a", "--value", "1:URL=https://example.cn/a")
        self.assertInStep(child, 1)
        before = child.json("stats")["upstream"]
        self.assertEqual(self.top.stop(), 0)
        self.assertEqual(child.stop(), 0)
        child.start()
        report = child.json("report")
        self.assertFalse(report["docked"])
        self.assertEqual(report["acknowledged_position"], before["acknowledged"])
        registered = report["criteria"][0]
        self.assertEqual((registered["name"], registered["acknowledged"]), ("registered", 1))
        after = child.json("stats")["upstream"]
        self.assertEqual(after["acknowledged_evaluation"], before["acknowledged_evaluation"])
        self.assertEqual(after["last_acknowledged"], before["last_acknowledged"])

    def test_a_node_above_that_was_restored_from_an_older_backup_is_sent_again_what_it_lost(self):
        child = self.docked()
        child.run("register", "88.118.1/before", "--value", "1:URL=https://example.cn/")
        self.assertInStep(child, 1)
        held = child.json("stats")["upstream"]["acknowledged"]
        backup = self.directory / "backup"
        self.top.run("backup", backup, "--quiet")
        child.run("register", "88.118.1/a", "--value", "1:URL=https://example.cn/a")
        self.assertInStep(child, 2)
        self.assertEqual(self.top.stop(), 0)
        child.log.wait_for("upstream_lost")
        before = child.json("stats")["upstream"]["acknowledged"]

        self.top = self.restored_top(backup)
        told, _ = child.log.wait_for("upstream_set_back", 60)
        self.assertEqual(int(told["acknowledged_before"]), before)
        self.assertEqual(int(told["resumes_after"]), held)
        child.run("register", "88.118.1/later", "--value", "1:URL=https://example.cn/later")
        self.assertInStep(child, 3, 60)

        self.assertWarnedOfTheSetback(child, held, before)
        self.assertIn("idnode_sync_setbacks_total 1\n", child.get("/metrics")[1].decode())
        self.assertEqual(child.stop(), 0)
        child.start()
        self.assertInStep(child, 3, 60)
        self.assertWarnedOfTheSetback(child, held, before)

    def assertWarnedOfTheSetback(self, child, held, before):
        upstream = child.json("stats")["upstream"]
        self.assertEqual((upstream["set_back_from"], upstream["set_back_to"]), (before, held))
        # It may find something wrong with this machine, too: only its words are looked at.
        done = node.command(
            "doctor", "-o", "json", "--node", child.address, "--set", "node.prefix=88.118"
        )
        rows = done.stdout.decode()
        self.assertIn(f"had acknowledged position {before} and resumed after {held}", rows)
        self.assertIn(f"上级节点曾确认到位置 {before}", rows)

    def restored_top(self, backup):
        directory = self.directory / "restored"
        self.assertEqual(node.command("restore", backup, directory, "--quiet").returncode, 0)
        restored = self.node(
            "restored",
            node_role="top-level",
            node_prefix="88",
            grpc_listen=f"127.0.0.1:{self.top.grpc_port}",
        )
        return restored.start()

    def assertRefusedAndAtWork(self, child, code, acknowledged):
        """The log says so as an error, the figures say so, and registering and resolving go on."""
        refused, line = child.log.wait_for("upstream_refused", 60)
        self.assertIn(code, refused["error"])
        self.assertIn(" error upstream_refused", child.log.line(line))
        upstream = child.json("stats")["upstream"]
        self.assertFalse(upstream["connected"])
        self.assertEqual(upstream["problem"], code)
        self.assertEqual(upstream["acknowledged"], acknowledged)
        child.run("register", "88.118.1/later", "--value", "1:URL=https://example.cn/later")
        self.assertEqual(
            child.json("resolve", "88.118.1/later")["identifier"], "88.118.1/later"
        )

    def test_a_node_above_that_is_empty_is_refused_until_somebody_docks_the_node_again(self):
        child = self.docked()
        child.run("register", "88.118.1/a", "--value", "1:URL=https://example.cn/a")
        self.assertInStep(child, 1)
        self.assertEqual(self.top.stop(), 0)
        child.log.wait_for("upstream_lost")
        before = child.json("stats")["upstream"]["acknowledged"]

        address = f"127.0.0.1:{self.top.grpc_port}"
        empty = self.node("empty", node_role="top-level", node_prefix="88", grpc_listen=address)
        self.top = empty.start()
        self.assertRefusedAndAtWork(child, "unauthenticated", before)

        # A new token is an operator's word that this is the node above now: it is told everything.
        self.token_file.write_text(self.child_token("88.118"))
        self.assertEqual(child.stop(), 0)
        child.start()
        self.assertInStep(child, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
