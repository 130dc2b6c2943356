"""The dossier of a node: its figures are those of the log in every form, read back with another
program's library, and the same export gives the same octets."""

import html.parser
import json
import pathlib
import subprocess
import unittest

import node

# Debian's interpreter, which has its packages.
SYSTEM_PYTHON = "/usr/bin/python3"
READ_SPREADSHEET = """
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
print(json.dumps({sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
                  for sheet in book}))
"""
WORDS = {
    "node_name": "济南 <二级节点> & Co",
    "docking_certificate": "=1+1",
    "construction_and_application": {"risks": "第一行\n第二行"},
    "best": {"registered": 8, "resolutions": 1_000, "connected_enterprises": 2},
    "construction_score": 12,
}


class Text(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.pieces = []
        self.feed(page)

    def handle_data(self, data):
        self.pieces.append(data)


class DossierTest(node.TestCase):
    def exported(self):
        """Of a node with 6 identifiers of two enterprises, one of them suspended: its figures in
        stats.json, and its export."""
        server = self.node().start()
        for code, name in (("haier", "海尔"), ("demo", "演示")):
            server.run("enterprise", "put", code, "--name", name)
        server.run("prefix", "allot", "88.118.8", "--enterprise", "haier")
        server.run("prefix", "allot", "88.118.9", "--enterprise", "demo")
        for number in range(4):
            server.run("register", f"88.118.8/SN-{number}", "--value", "1:URL=https://example.cn/")
        for number in range(3):
            server.run("register", f"88.118.9/SN-{number}", "--value", "1:URL=https://example.cn/")
        server.run("register", "88.118.9/SN-0", "--remove")
        server.run("enterprise", "put", "demo", "--state", "suspended")
        self.path("stats.json").write_bytes(
            server.run("stats", "--enterprises", "-o", "json").stdout)
        folder = self.path("export")
        server.run("log", "export", str(folder), "-q")
        return folder

    def dossier(self, folder, *words):
        done = node.command("dossier", str(folder), "-q", *words)
        self.assertEqual(done.returncode, 0, done.stderr)

    def path(self, name):
        return pathlib.Path(self.directory, name)

    def test_every_form_has_the_figures_of_the_log(self):
        folder = self.exported()
        self.path("words.json").write_text(json.dumps(WORDS))
        files = [str(self.path("dossier." + form)) for form in ("json", "html", "xlsx")]
        to = [word for file in files for word in ("--to", file)]
        self.dossier(folder, "--words", str(self.path("words.json")), "--against",
                     str(self.path("stats.json")), *to)

        document = json.loads(self.path("dossier.json").read_text())
        self.assertEqual(document["evaluation"]["registered"], 6)
        self.assertEqual(document["evaluation"]["registered_gross"], 7)
        self.assertEqual(document["evaluation"]["connected_enterprises"], 1)
        self.assertFalse(document["thresholds_met"])
        self.assertEqual(document["reconciliation"], {"equal": True, "differences": []})
        self.assertEqual(document["active_prefixes"], {"handle": 2})
        scores = {row["criterion"]: row["simulated_score"] for row in document["criteria"]}
        self.assertEqual(scores, {"registered": "22.50", "resolutions": "0.00",
                                  "connected_enterprises": "5.00"})
        self.assertEqual(document["simulated_score"], "39.50")
        self.assertEqual(sum(day["registered_net"] for day in document["days_shanghai"]), 6)

        sheets = json.loads(subprocess.run(
            [SYSTEM_PYTHON, "-c", READ_SPREADSHEET, files[2]], check=True,
            stdout=subprocess.PIPE).stdout)
        summary = {row[0]: row[1] for row in sheets["概要"] if len(row) > 1}
        self.assertEqual(summary["当前注册量 Registered"], 6)
        self.assertEqual(summary["节点名称 Node"], WORDS["node_name"])
        self.assertEqual(summary["对接证明编号 Docking certificate"], "=1+1")  # No formula.
        names = {row[1]: row[5] for row in sheets["接入企业"] if isinstance(row[0], int)}
        self.assertEqual(names, {"haier": 4, "demo": 2})
        pieces = Text(self.path("dossier.html").read_text()).pieces
        for words in (WORDS["node_name"], "第一行", "第二行", "22.50", "39.50"):
            self.assertTrue(any(words in piece for piece in pieces), words)

        recounted = subprocess.run([node.RECOUNT, str(folder), "-o", "json"], check=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout
        self.assertEqual(json.loads(recounted)["evaluation"], document["evaluation"])

    def test_the_same_export_gives_the_same_octets(self):
        folder = self.exported()
        for form in ("json", "html", "xlsx"):
            for name in ("one", "two"):
                self.dossier(folder, "--to", str(self.path(f"{name}.{form}")))
            self.assertEqual(self.path(f"one.{form}").read_bytes(),
                             self.path(f"two.{form}").read_bytes(), form)
        self.assertEqual(sorted(self.path(".").glob("*.xlsx*")),
                         [self.path("one.xlsx"), self.path("two.xlsx")])

    def test_an_export_that_was_touched_gives_none(self):
        folder = self.exported()
        records = next((folder / "records").iterdir())
        octets = bytearray(records.read_bytes())
        octets[len(octets) // 2] ^= 1
        records.write_bytes(octets)
        done = node.command("dossier", str(folder), "-q", "--to", str(self.path("x.html")))
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse(self.path("x.html").exists())

    def test_the_form_can_be_filled_in_and_wrong_words_are_named(self):
        folder = self.exported()
        form = node.command("dossier", "--form")
        self.assertEqual(form.returncode, 0)
        self.path("words.json").write_bytes(form.stdout)
        self.dossier(folder, "--words", str(self.path("words.json")), "--to",
                     str(self.path("x.json")))
        for words, member in ((b'{"colour":1}', b"colour"), (b'{"best":{"registered":0}}', b"best"),
                              (b'{"construction_score":21}', b"construction_score")):
            self.path("words.json").write_bytes(words)
            done = node.command("dossier", str(folder), "-q", "--words",
                                str(self.path("words.json")), "--to", str(self.path("y.json")))
            self.assertEqual(done.returncode, 65, done.stderr)
            self.assertIn(member, done.stderr)
        self.assertFalse(self.path("y.json").exists())

    def test_a_word_of_the_node_that_its_log_does_not_bear_out_is_shown(self):
        folder = self.exported()
        stats = json.loads(self.path("stats.json").read_text())
        stats["evaluation"]["registered"] += 1
        self.path("stats.json").write_text(json.dumps(stats))
        done = node.command("dossier", str(folder), "-q", "--against",
                            str(self.path("stats.json")), "--to", str(self.path("x.json")))
        self.assertEqual(done.returncode, 1)
        told = json.loads(self.path("x.json").read_text())["reconciliation"]
        self.assertEqual(told["differences"], [
            {"what": "evaluation.registered", "by_log": "6", "by_node": "7"}])


if __name__ == "__main__":
    unittest.main()
