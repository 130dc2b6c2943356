"""Real product codes are imported, some of them get a link, and each is followed as a GS1 Digital
Link in every number of digits that it has.

The codes are the sample of the demonstration. With IDNODE_TEST_ALL=1 they are the file that
IDNODE_DATA names (shared/data/products beside the sources, otherwise), if it is there.
"""

import contextlib
import csv
import io
import json
import os
import pathlib
import random
import subprocess
import unittest

import node

SAMPLE = node.SOURCE / "deploy/demo/products-sample.csv"
DEMO_ENTERPRISES = node.SOURCE / "deploy/demo/enterprises.csv"
DATA = pathlib.Path(os.environ.get("IDNODE_DATA", node.SOURCE.parent / "shared/data/products"))
ALL_CODES = DATA / "products-1200k.tsv.zst"
TAKES_ALL = node.TEST_ALL and ALL_CODES.exists()
DRAWN = 10_000 if TAKES_ALL else 1_000
SEED = 20261122
LENGTHS = (8, 12, 13, 14)


def text_of(path):
    if path.suffix != ".zst":
        return path.read_text(encoding="utf-8")
    return subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout.decode()


def codes_of(path):
    """The first column of each row, as it is printed on the package."""
    delimiter = "\t" if ".tsv" in path.name else ","
    quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    rows = csv.reader(io.StringIO(text_of(path), newline=""), delimiter=delimiter, quoting=quoting)
    next(rows)
    return [row[0] for row in rows]


def forms_of(gtin):
    """A GTIN of 14 digits, and the same number in fewer where its first digits are zeros (GS1
    General Specifications 3.3.2: zeros on the left fill the field, and are no part of the
    number)."""
    return [gtin[14 - length:] for length in LENGTHS if not gtin[:14 - length].strip("0")]


def target_of(gtin):
    return f"https://brand.example/p/{gtin}?from=label"


class RealCodesTest(node.TestCase):
    def test_each_is_followed_in_every_number_of_digits_that_it_has(self):
        path = ALL_CODES if TAKES_ALL else SAMPLE
        memory = {"storage_block_cache": "512MiB"} if TAKES_ALL else {}
        server = self.node(**memory).start()
        server.run("enterprise", "load", DEMO_ENTERPRISES)
        registered = self.imported(server, path)
        drawn = random.Random(SEED).sample(registered, DRAWN + 100)
        linked, unlinked = drawn[:DRAWN], drawn[DRAWN:]
        self.link(server, linked)

        asked = {length: 0 for length in LENGTHS}
        with contextlib.closing(server.http()) as connection:
            for gtin in linked:
                for form in forms_of(gtin):
                    status, place = self.follow(connection, form)
                    self.assertEqual((status, place), (307, target_of(gtin)), form)
                    asked[len(form)] += 1
            for gtin in unlinked:
                self.assertEqual(self.follow(connection, gtin), (404, None), gtin)
        print(f"{len(registered)} codes; followed by number of digits: {asked}")
        self.assertEqual(asked[14], DRAWN)
        for length in (8, 12, 13) if TAKES_ALL else (12, 13):
            self.assertGreater(asked[length], 0, length)
        self.assertRecounted(server)

    def imported(self, server, path):
        """The GTINs of the file that were registered, with 14 digits."""
        refused_file = self.directory / "refused.csv"
        codes = codes_of(path)
        done = node.command("--node", server.address, "import", path, "--quiet", "-o", "json",
                            "--refused", refused_file)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        summary = json.loads(done.stdout)
        self.assertEqual(summary["rows"], len(codes))
        refused = set()
        if refused_file.exists():
            with open(refused_file, encoding="utf-8", newline="") as file:
                refused = {int(row["row"]) for row in csv.DictReader(file)}
        # The header is line 1.
        kept = {code.zfill(14) for line, code in enumerate(codes, 2) if line not in refused}
        self.assertEqual(len(kept), summary["registered"])
        return sorted(kept)

    def link(self, server, gtins):
        """Gives each product a link, which is its default, by one import."""
        entries = [{"identifier": gtin, "action": "add",
                    "links": [{"linktype": "gs1:pip", "href": target_of(gtin), "title": "产品",
                               "type": "text/html", "default": True}]} for gtin in gtins]
        path = self.file("links.jsonl", "".join(json.dumps(each) + "\n" for each in entries))
        for arguments, outcome in ((["--dry-run"], "replaced"), ([], "replaced"),
                                   ([], "unchanged")):
            summary = server.json("links", "import", path, "--quiet", *arguments)
            self.assertEqual((summary["identifiers"], summary[outcome], summary["refused"]),
                             (len(gtins), len(gtins), 0), summary)

    def follow(self, connection, code):
        connection.request("GET", f"/01/{code}")
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location")


if __name__ == "__main__":
    unittest.main(verbosity=2)
