"""`idnode rehearse`: every item that is built passes; what is broken from outside fails, and says
so; whatever happens, no process and no folder is left."""

import json
import os
import pathlib
import re
import signal
import subprocess
import unittest

import node

ITEMS = range(1, 13)
CHINESE = re.compile("[\u4e00-\u9fff]")
WHOLE_SECONDS = 120
INTERRUPTED = 128 + signal.SIGINT


def commands():
    """Process id → command line of what runs now."""
    running = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
        except OSError:
            continue  # It has ended.
        if line:
            running[int(folder.name)] = line.decode(errors="replace").split("\0")
    return running


class Rehearse(node.TestCase):
    def setUp(self):
        super().setUp()
        self.scratch = self.directory / "scratch"
        self.scratch.mkdir()
        self.report = self.directory / "report"

    def environment(self):
        return {"TMPDIR": str(self.scratch)}

    def rehearse(self, *arguments):
        return node.command("rehearse", "--report", self.report, *arguments,
                            environment=self.environment())

    def begun(self, *arguments):
        """A rehearsal that runs beside the test."""
        process = subprocess.Popen(
            [node.IDNODE, "rehearse", "--report", self.report, *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**node.ENVIRONMENT, **self.environment()})

        def end():
            process.kill()
            process.wait()
            process.stdout.close()

        self.addCleanup(end)
        return process

    def nodes(self):
        """Name → process id of the nodes of this test's rehearsal."""
        found = {}
        for process, line in commands().items():
            if "serve" in line and line[-2].startswith(str(self.scratch)):
                found[pathlib.Path(line[-2]).stem] = process
        return found

    def wait_for_line(self, name, event):
        """Until a node has written a line of this event."""
        def written():
            for log in self.scratch.glob(f"*/{name}.log"):
                if f" {event} " in log.read_text(errors="replace"):
                    return True
            return False
        node.wait_until(written, 60, f"{name}: {event}", pause=0.002)

    def assertNothingIsLeft(self):
        self.assertEqual(self.nodes(), {})
        self.assertEqual(list(self.scratch.iterdir()), [])

    def document(self):
        return json.loads((self.report / "report.json").read_text())

    def verdicts(self):
        return {item["item"]: item["verdict"] for item in self.document()["items"]}

    def test_a_whole_run_passes_every_item_that_is_built_and_names_the_others(self):
        done = self.rehearse()
        printed = done.stdout.decode()
        self.assertEqual(done.returncode, 0, printed + done.stderr.decode())
        document = self.document()
        self.assertEqual(document["outcome"], "passed")
        self.assertEqual([item["item"] for item in document["items"]], list(ITEMS))
        passed = [item for item in document["items"] if item["verdict"] == "passed"]
        self.assertLessEqual({2, 3, 6, 7, 8, 9, 10, 11, 12}, {item["item"] for item in passed})
        for item in document["items"]:
            self.assertRegex(item["zh"], r"[\u4e00-\u9fff]|IIIDAP|HTTP")
            if item["verdict"] == "not built":
                self.assertTrue(item["lacking_en"] and CHINESE.search(item["lacking_zh"]), item)
                self.assertIn(item["lacking_en"], printed)
            else:
                self.assertEqual(item["verdict"], "passed", item)
                self.assertTrue(all(step["evidence"] for step in item["steps"]), item["en"])
        took = sum(item["milliseconds"] for item in document["items"]) / 1000
        print(f"{len(passed)} items in {took:.1f} s")
        self.assertLess(took, node.patience(WHOLE_SECONDS))
        page = (self.report / "report.html").read_text()
        for part in ("@page { size: A4", "对接演练报告", "<td>通过 / passed</td>"):
            self.assertIn(part, page)
        self.assertNotIn("src=", page, "it needs nothing but itself")
        self.assertFalse((self.report / "logs").exists())
        self.assertNothingIsLeft()

    def test_prefix_and_name_are_the_operators_and_nothing_of_his_is_touched(self):
        data = self.directory / "data"
        config = self.file("idnode.toml", '[node]\nprefix = "86.777.5"\nname = "威海节点"\n'
                           f'[data]\ndirectory = "{data}"\n[handle]\nlisten = "127.0.0.1:1"\n')
        done = self.rehearse("--config", config, "--only", "7,11", "--lang", "en")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        first = done.stdout.decode().splitlines()[0]
        for part in (str(config), "86.777.5", "威海节点", "no data of a running node is touched"):
            self.assertIn(part, first)
        self.assertEqual(self.verdicts(), {7: "passed", 11: "passed"})
        self.assertEqual(self.document()["prefix"], "86.777.5")
        self.assertFalse(data.exists())
        self.assertNothingIsLeft()

    def test_subject_data_that_has_faults_fails_its_item(self):
        subject = self.file("operator.json", '{"org_name": "某单位"}')
        done = self.rehearse("--subject", subject, "--only", "11")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(self.verdicts(), {11: "failed"})
        self.assertIn("org_crt_code", done.stdout.decode())

    def test_a_node_above_that_is_killed_fails_what_asks_it(self):
        process = self.begun("--only", "7", "--lang", "en")
        self.wait_for_line("second", "upstream_docked")
        os.kill(self.nodes()["top"], signal.SIGKILL)
        printed, _ = process.communicate(timeout=node.patience(120))
        self.assertEqual(process.returncode, 1, printed)
        item = self.document()["items"][0]
        self.assertEqual(item["verdict"], "failed")
        failed = [line for step in item["steps"] for line in step["evidence"]
                  if line.get("right") is False]
        self.assertTrue(failed)
        self.assertIn(b"failed", printed)
        hosted = [step for step in item["steps"] if step["en"].startswith("a hosted identifier")]
        self.assertEqual(hosted[0]["verdict"], "passed", "the others are checked still")
        self.assertTrue((self.report / "logs/top.log").exists())
        self.assertNothingIsLeft()

    def test_an_interrupt_leaves_nothing(self):
        process = self.begun()
        self.wait_for_line("second", "upstream_docked")
        self.assertGreaterEqual(len(self.nodes()), 4)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=node.patience(60))
        self.assertEqual(process.returncode, INTERRUPTED)
        self.assertNothingIsLeft()

    def test_nodes_do_not_outlive_a_rehearsal_that_is_killed(self):
        process = self.begun()
        self.wait_for_line("second", "upstream_docked")
        process.kill()
        process.communicate(timeout=node.patience(60))
        node.wait_until(lambda: not self.nodes(), 30, "no node is left")

    def test_a_command_line_or_configuration_that_makes_no_sense_is_refused(self):
        for only in ("13", "0", "seven", "7,,9x"):
            self.assertEqual(self.rehearse("--only", only).returncode, 64, only)
        enterprise = self.file("enterprise.toml",
                               '[node]\nrole = "enterprise"\nprefix = "88.118.9"\n')
        self.assertEqual(self.rehearse("--config", enterprise).returncode, 78)
        self.assertEqual(self.rehearse("--subject", self.directory / "none").returncode, 1)
        self.assertNothingIsLeft()


if __name__ == "__main__":
    unittest.main()
