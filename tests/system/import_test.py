"""Files of codes are imported: exactly, once, and to the same end whatever is killed on the way."""

import csv
import json
import random
import subprocess
import time
import unittest

import node
from codes_file import PREFIX, CodesFile, Refused, gtin13

ROWS = 60_000 if not node.SLOW else 6_000
KILLS = 10 if not node.SLOW else 4
REAL_FILE = node.SOURCE.parent / "shared/data/products/products-1200k.tsv.zst"
SAMPLE = node.SOURCE / "deploy/demo/products-sample.csv"
DEMO_ENTERPRISES = node.SOURCE / "deploy/demo/enterprises.csv"


def enrol(server):
    server.run("enterprise", "put", "acme", "--name", "Acme Kettles")
    server.run("prefix", "allot", PREFIX, "--scheme", "gs1", "--enterprise", "acme")


def enrol_demo(server):
    server.run("enterprise", "load", DEMO_ENTERPRISES)


class ImportTest(node.TestCase):
    def ready_node(self, name, enrolled=enrol, **settings):
        server = self.node(name, **settings).start()
        enrolled(server)
        return server

    def imported(self, server, path, expect, *arguments):
        """The summary of an import, and the rows of its result file."""
        refused = self.directory / "refused.csv"
        refused.unlink(missing_ok=True)
        summary = server.json(
            "import", path, "--quiet", "--refused", refused, *arguments, expect=expect
        )
        if not refused.exists():
            return summary, []
        with open(refused, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            self.assertTrue(row["reason"] and row["reason_zh"], row)
        return summary, [Refused(int(r["row"]), r["code"], r["identifier"]) for r in rows]

    def digest(self, server):
        return server.json("export", "--digest", "--quiet")

    def check_import(self, name):
        codes = CodesFile(self.directory / name, ROWS, seed=name)
        self.assertGreater(len({each.code for each in codes.refused}), 6)
        server = self.ready_node("node")
        summary, refused = self.imported(server, codes.path, 3)
        self.assertEqual(summary["rows"], codes.rows)
        self.assertEqual(summary["registered"], codes.good)
        self.assertEqual(summary["replaced"], 0)
        self.assertEqual(summary["unchanged"], codes.rows - codes.good - len(codes.refused))
        self.assertEqual(summary["refused"], len(codes.refused))
        self.assertEqual(sorted(refused), sorted(codes.refused))
        first = self.digest(server)
        self.assertEqual(first["identifiers"], codes.good)

        summary, again = self.imported(server, codes.path, 3)
        self.assertEqual(summary["registered"], 0)
        self.assertEqual(summary["unchanged"], codes.rows - len(codes.refused))
        self.assertEqual(sorted(again), sorted(codes.refused))
        self.assertEqual(self.digest(server), first)
        self.assertRecounted(server)
        return server

    def test_every_row_of_a_tsv_zst_file_is_registered_or_refused_by_its_line(self):
        self.check_import("codes.tsv.zst")

    def test_every_row_of_a_csv_gz_file_is_registered_or_refused_by_its_line(self):
        self.check_import("codes.csv.gz")

    def test_every_row_of_a_json_lines_file_is_registered_or_refused_by_its_line(self):
        self.check_import("codes.jsonl")

    def test_a_file_is_read_from_standard_input(self):
        server = self.ready_node("node")
        codes = CodesFile(self.directory / "codes.csv", 40, seed=1)
        self.assertEqual(codes.refused, [])
        summary = json.loads(
            server.run(
                "import",
                "-",
                "--format",
                "csv",
                "--quiet",
                "-o",
                "json",
                input=codes.path.read_bytes(),
            ).stdout
        )
        self.assertEqual(summary["registered"], 40)

    def test_values_come_from_the_columns_that_were_named(self):
        server = self.ready_node("node")
        code = gtin13(17)
        path = self.file("items.csv", f'sku,title\n{code},"Kettle, ""large"""\n')
        summary, refused = self.imported(
            server,
            path,
            0,
            "--identifier",
            "sku",
            "--value",
            "2000:NAME=title",
            "--link",
            "https://id.example.cn/{text}?n={title}",
        )
        self.assertEqual((summary["registered"], refused), (1, []))
        record = server.json("resolve", code)
        self.assertEqual(
            [(value["index"], value["type"], value["data"]) for value in record["values"]],
            [
                (
                    1,
                    "URL",
                    f"https://id.example.cn/01/0{code}?n=Kettle%2C%20%22large%22",
                ),
                (2000, "NAME", 'Kettle, "large"'),
            ],
        )

    def test_the_sample_of_the_demonstration_is_imported_whole(self):
        server = self.ready_node("node", enrol_demo)
        with open(SAMPLE, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        summary, refused = self.imported(server, SAMPLE, 0)
        self.assertEqual(refused, [])
        self.assertEqual(summary["registered"], len({row["gtin"] for row in rows}))
        record = server.json("resolve", rows[1]["gtin"])
        self.assertIn(rows[1]["name"], [value["data"] for value in record["values"]])
        summary, _ = self.imported(server, SAMPLE, 0)
        self.assertEqual((summary["registered"], summary["unchanged"]), (0, len(rows)))

    def test_an_import_that_is_killed_ten_times_ends_like_one_that_is_not(self):
        codes = CodesFile(self.directory / "codes.tsv.zst", ROWS, seed=2)
        undisturbed = self.ready_node("undisturbed")
        self.imported(undisturbed, codes.path, 3)
        expected = self.digest(undisturbed)
        self.assertEqual(undisturbed.stop(), 0)
        self.check_killed_import(self.ready_node("killed"), codes.path, codes.good, expected)

    def check_killed_import(self, server, path, registered, expected):
        seed = random.SystemRandom().randrange(2**32)
        chance = random.Random(seed)
        print(f"seed {seed}")
        thresholds = sorted(chance.sample(range(1, registered), KILLS))
        importer = self.start_import(server, path)
        for at, threshold in enumerate(thresholds):
            self.wait_for_registered(server, importer, threshold)
            self.assertIsNone(importer.poll(), "the import ended before it was killed")
            if at % 2 == 0:
                server.kill()
                server.start()
            else:
                importer.kill()
                importer.wait()
                importer = self.start_import(server, path)
        self.assertEqual(importer.wait(node.patience(node.COMMAND_SECONDS_MAX)), 3)
        self.assertEqual(self.digest(server), expected)
        self.assertEqual(server.json("stats")["evaluation"]["registered_gross"], registered)
        self.assertRecounted(server)

    def start_import(self, server, path):
        return self.started(
            "--node",
            server.address,
            "import",
            path,
            "--quiet",
            "--batch",
            "200",
            "--refused",
            self.directory / "killed.csv",
            stdout=subprocess.DEVNULL,
        )

    def wait_for_registered(self, server, importer, threshold):
        def passed():
            status, body = server.get("/api/v1/stats")
            self.assertEqual(status, 200)
            registered = json.loads(body)["evaluation"]["identifiers_registered"]
            return registered >= threshold or importer.poll() is not None

        node.wait_until(passed, 300, f"{threshold} registered", pause=0.005)

    @unittest.skipUnless(node.TEST_ALL and REAL_FILE.exists(), "IDNODE_TEST_ALL=1 and the file")
    def test_a_million_real_codes_are_imported_to_the_same_end_whatever_is_killed(self):
        # Rows that are there are read and compared: memory for a million of them.
        memory = {"storage_block_cache": "512MiB"}
        undisturbed = self.ready_node("undisturbed", enrol_demo, **memory)
        started = time.monotonic()
        summary, refused = self.imported(undisturbed, REAL_FILE, 3)
        print(f"{summary} in {time.monotonic() - started:.1f} s")
        self.assertGreater(summary["registered"], 1_000_000)
        self.assertEqual(
            summary["rows"], summary["registered"] + summary["unchanged"] + len(refused)
        )
        expected = self.digest(undisturbed)
        again, refused_again = self.imported(undisturbed, REAL_FILE, 3)
        self.assertEqual(again["registered"], 0)
        self.assertEqual(sorted(refused_again), sorted(refused))
        self.assertEqual(undisturbed.stop(), 0)
        killed = self.ready_node("killed", enrol_demo, **memory)
        self.check_killed_import(killed, REAL_FILE, summary["registered"], expected)


if __name__ == "__main__":
    unittest.main(verbosity=2)
