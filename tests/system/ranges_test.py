"""Ranges of serials: one row for millions of members, each of which can be resolved, has a record
of its own when somebody registers it, and is counted once."""

import csv
import json
import subprocess
import threading
import unittest

import node

PRODUCT = "01/06901234567892"
MEMBERS = 10_000_000
RANGE = f"{PRODUCT}/10/L1/21/00000001-10000000"
ENDS_AND_MIDDLE = ("00000001", "05000000", "10000000")
RANGE_LINK = "https://brand.example/range"
THREADS = 4


def value(data, type="URL", index=1):
    return f"{index}:{type}={data}"


def link(address):
    return json.dumps({"href": address, "title": "Kettle"})


class RangesTest(node.TestCase):
    def enrolled(self, name="node", **settings):
        server = self.node(name, **settings).start()
        server.run("enterprise", "put", "acme")
        server.run("prefix", "allot", "6901234", "--scheme", "gs1", "--enterprise", "acme")
        return server

    def allocated(self, **settings):
        server = self.enrolled(**settings)
        done = server.json("range", "allocate", RANGE, "--value", value(RANGE_LINK))
        self.assertEqual((done["outcome"], done["members"]), ("allocated", MEMBERS))
        return server

    def place(self, server, serial, query=""):
        """Where a Digital Link of the serial leads."""
        connection = server.http()
        try:
            connection.request("GET", f"/{PRODUCT}/21/{serial}{query}")
            answer = connection.getresponse()
            answer.read()
            return answer.getheader("Location") if answer.status == 307 else answer.status
        finally:
            connection.close()

    def figures(self, server):
        evaluation = server.json("stats")["evaluation"]
        return evaluation["registered"], evaluation["allocated"]

    def test_ten_million_members_answer_at_every_door_from_one_row(self):
        server = self.allocated()
        for serial in ENDS_AND_MIDDLE:
            identifier = f"{PRODUCT}/21/{serial}"
            status, body = server.get("/api/handles/" + identifier)
            self.assertEqual(status, 200, serial)
            self.assertEqual(json.loads(body)["handle"], identifier)
            self.assertIn(RANGE_LINK, body.decode())
            over_grpc = server.json("resolve", identifier)
            self.assertEqual(over_grpc["identifier"], identifier)
            self.assertEqual(over_grpc["values"][0]["data"], RANGE_LINK)
            self.assertEqual(self.place(server, serial), RANGE_LINK)
        for serial in ("00000000", "10000001", "1", "000000001", "0000000X"):
            self.assertEqual(server.get(f"/api/handles/{PRODUCT}/21/{serial}")[0], 404, serial)
            self.assertEqual(self.place(server, serial), 404, serial)
        self.assertEqual(self.figures(server), (0, MEMBERS))
        self.assertRecounted(server)
        self.assertEqual(server.stop(), 0)
        server.start()
        evaluation = server.json("stats")["evaluation"]
        self.assertEqual(evaluation["resolutions"], 3 * len(ENDS_AND_MIDDLE))
        self.assertEqual(evaluation["allocated"], MEMBERS)
        self.assertEqual(self.place(server, "05000000"), RANGE_LINK)

    def test_a_digital_link_goes_by_the_range_then_its_lot_then_the_product(self):
        server = self.enrolled()
        server.run("range", "allocate", RANGE)
        product = value(link("https://brand.example/product"), "gs1:defaultLink")
        server.run("register", PRODUCT, "--value", product)
        self.assertEqual(self.place(server, "00000007"), "https://brand.example/product")
        lot = value(link("https://brand.example/lot"), "gs1:defaultLink")
        server.run("register", f"{PRODUCT}/10/L1", "--value", lot)
        self.assertEqual(self.place(server, "00000007"), "https://brand.example/lot")
        server.run("range", "withdraw", RANGE)
        self.assertEqual(self.place(server, "00000007"), "https://brand.example/product")
        server.run("range", "allocate", RANGE, "--value", value(RANGE_LINK))
        self.assertEqual(self.place(server, "00000007"), RANGE_LINK)

    def test_a_member_with_a_record_of_its_own_has_the_lot_of_its_range_behind(self):
        server = self.allocated()
        lot = f"{PRODUCT}/10/L1"
        for of, name in ((PRODUCT, "product"), (lot, "lot")):
            server.run("register", of, "--value", value(f"https://brand.example/{name}"),
                       "--value", value(link(f"https://brand.example/{name}/recall"),
                                        "gs1:recallStatus", 2))
        member = "00000042"
        server.run("register", f"{PRODUCT}/21/{member}", "--value",
                   value("https://brand.example/own"))
        recall = "?linkType=gs1:recallStatus"
        for serial in (member, "00000043"):
            self.assertEqual(self.place(server, serial, recall),
                             "https://brand.example/lot/recall" + recall, serial)
        self.assertEqual(self.place(server, member), "https://brand.example/own")
        # What the lot says changes at once, and is asked for first when it comes anew.
        server.run("register", lot, "--remove")
        for _ in range(2):
            self.assertEqual(self.place(server, member, recall),
                             "https://brand.example/product/recall" + recall)
        server.run("register", lot, "--value",
                   value(link("https://brand.example/recalled"), "gs1:recallStatus"))
        self.assertEqual(self.place(server, member, recall),
                         "https://brand.example/recalled" + recall)
        steps = json.loads(server.get(f"/api/v1/resolve?id={PRODUCT}/21/{member}")[1])["steps"]
        self.assertEqual(
            [(step["hop"], step["state"], step["identifier"]) for step in steps][:3],
            [("level", "found", f"{PRODUCT}/21/{member}"), ("level", "found", lot),
             ("level", "found", PRODUCT)])

    def test_a_member_is_overridden_and_counted_once(self):
        server = self.allocated()
        member = f"{PRODUCT}/21/00000042"
        server.run("register", member, "--value", value("https://brand.example/own"))
        self.assertEqual(self.place(server, "00000042"), "https://brand.example/own")
        self.assertEqual(self.place(server, "00000043"), RANGE_LINK)
        self.assertEqual(self.figures(server), (1, MEMBERS - 1))
        refused = server.run("range", "withdraw", RANGE, expect=75)
        self.assertIn(member.encode(), refused.stderr)
        self.assertRecounted(server)
        server.run("register", member, "--remove")
        self.assertEqual(self.place(server, "00000042"), RANGE_LINK)
        self.assertEqual(self.figures(server), (0, MEMBERS))
        server.run("range", "withdraw", RANGE)
        self.assertEqual(self.figures(server), (0, 0))
        self.assertEqual(self.place(server, "00000042"), 410)
        self.assertEqual(self.place(server, "00000043"), 404)
        stats = server.json("stats")
        self.assertEqual(stats["evaluation"]["registered_gross"], 1)
        report = server.json("report")
        self.assertEqual(report["allocated"], 0)
        self.assertRecounted(server)

    def test_overlapping_ranges_and_ranges_over_registered_serials_are_refused(self):
        server = self.allocated()
        again = server.json("range", "allocate", RANGE, "--value", value(RANGE_LINK))
        self.assertEqual(again["outcome"], "unchanged")
        for serials in ("00000000-00000001", "10000000-10000001", "00000005-00000006"):
            refused = server.run(
                "range", "allocate", f"{PRODUCT}/21/{serials}", expect=1
            )
            self.assertIn(RANGE.encode(), refused.stderr, serials)
        server.run("register", f"{PRODUCT}/21/500", "--value", value("https://brand.example/500"))
        refused = server.run("range", "allocate", f"{PRODUCT}/21/400-600", expect=1)
        self.assertIn(f"{PRODUCT}/21/500".encode(), refused.stderr)
        server.run("range", "allocate", f"{PRODUCT}/21/400-499")
        listed = server.json("range", "list", PRODUCT)
        self.assertEqual(
            [row["range"] for row in listed], [f"{PRODUCT}/21/400-499", RANGE]
        )
        self.assertEqual(self.figures(server), (1, MEMBERS + 100))
        self.assertRecounted(server)

    def test_the_node_above_counts_members_apart(self):
        top = self.node("top", node_role="top-level", node_prefix="88").start()
        token = self.file("dock.token", top.token("--role", "child", "--prefix", "88.118"))
        server = self.allocated(
            upstream_address=f"127.0.0.1:{top.grpc_port}", upstream_token_file=token
        )
        for serial in ENDS_AND_MIDDLE:
            server.run(
                "register", f"{PRODUCT}/21/{serial}", "--value", value("https://brand.example/own")
            )
        server.run("register", f"{PRODUCT}/21/{ENDS_AND_MIDDLE[0]}", "--remove")
        more = "".join(f"{PRODUCT}/21/{first}0-{first}9\n" for first in "234")
        summary, _ = self.imported(server, self.file("more.csv", "range\n" + more))
        self.assertEqual(summary["ranges_allocated"], 3)
        node.wait_until(
            lambda: server.json("stats")["upstream"].get("acknowledged_evaluation", {})
            == server.json("stats")["evaluation"],
            60,
            "the node above has acknowledged every figure",
            pause=0.1,
        )
        (child,) = top.json("stats")["children"]
        self.assertEqual((child["registered"], child["allocated"]), (2, MEMBERS - 2 + 30))
        self.assertRecounted(server)
        self.assertRecounted(top)
        self.assertRecounted(top, "--child", child["number"])

    def test_registrations_and_ranges_that_race_leave_figures_that_add_up(self):
        server = self.enrolled()
        token = server.token("--role", "enterprise", "--enterprise", "acme")
        serials = 40 if node.SLOW else 200
        created, allocated = [], []

        def register(first):
            for serial in range(first, serials, THREADS):
                body = json.dumps(
                    {"values": [{"index": 1, "type": "URL", "data": f"https://b.example/{serial}"}]}
                )
                path = f"/api/handles/{PRODUCT}/21/{serial:04}"
                for _ in range(100):
                    status, _ = server.request("PUT", path, body, token)
                    if status != 503:  # Who loses again and again is told so, and asks again.
                        break
                created.append(status)

        def allocate():
            for first in range(serials - 10, -1, -10):
                status, answer = server.request(
                    "PUT",
                    f"/api/v1/ranges/{PRODUCT}/21/{first:04}-{first + 9:04}",
                    json.dumps({"values": []}),
                    token,
                )
                if status == 201:
                    allocated.append(json.loads(answer)["members"])
                else:
                    self.assertEqual((status, json.loads(answer)["code"]), (409, "exists"))

        threads = [threading.Thread(target=register, args=(i,)) for i in range(THREADS)]
        threads.append(threading.Thread(target=allocate))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(created, [201] * serials)
        stats = server.json("stats")
        self.assertEqual(stats["evaluation"]["registered"], serials)
        self.assertEqual(stats["evaluation"]["allocated"], 0)  # Each member is registered.
        gross = {row["metric"]: row["sum"] for row in stats["figures"]}
        self.assertEqual(gross.get("allocated", 0), sum(allocated))
        self.assertRecounted(server)

    # Moved and loaded by file.

    def imported(self, server, path, *arguments, expect=0):
        """The summary, and the result file's rows by the number of their line."""
        refused = self.directory / "refused.csv"
        refused.unlink(missing_ok=True)
        summary = server.json("import", path, "--quiet", "--refused", refused, *arguments,
                              expect=expect)
        if not refused.exists():
            return summary, {}
        with open(refused, encoding="utf-8", newline="") as file:
            return summary, {int(row["row"]): row for row in csv.DictReader(file)}

    def told(self, server):
        """What two nodes with the same ranges and identifiers say alike."""
        ranges = server.json("range", "list")
        for row in [ranges] if isinstance(ranges, dict) else ranges:
            del row["version"]
        return server.json("export", "--digest", "--quiet"), ranges, self.figures(server)

    def test_an_export_carries_ranges_and_an_import_into_a_fresh_node_takes_them_back(self):
        server = self.allocated()
        server.run("range", "allocate", "01/06901234567908/21/100-199", "--value",
                   value(link("https://brand.example/{21}"), "gs1:pip", 7), "--value",
                   value("号段", "NAME", 8))
        server.run("range", "allocate", f"{PRODUCT}/10/%2F-%22/21/7-9")
        # A member, one that lies between 100 and 199 without being a member, and others.
        for identifier in (f"{PRODUCT}/21/00000042", "01/06901234567908/21/15",
                           "01/06901234567908/21/150", PRODUCT, f"{PRODUCT}/10/L1"):
            server.run("register", identifier, "--value", value("https://brand.example/own"))
        before = self.told(server)
        self.assertEqual(before[0]["ranges"], 3)
        self.assertEqual(before[2], (5, MEMBERS - 1 + 99 + 3))
        exported = server.run("export", "--quiet").stdout
        rows = [json.loads(row) for row in exported.splitlines()]
        self.assertEqual([row.get("range") for row in rows[:3]],
                         [f"{PRODUCT}/21/7-9".replace("/21", "/10/%2F-%22/21"), RANGE,
                          "01/06901234567908/21/100-199"])
        self.assertTrue(all("identifier" in row for row in rows[3:]))

        fresh = self.enrolled("fresh")
        path = self.file("moved.jsonl", exported.decode())
        summary, refused = self.imported(fresh, path, "--dry-run")
        self.assertEqual((summary["registered"], summary["ranges_allocated"], refused), (5, 3, {}))
        self.assertEqual(self.figures(fresh), (0, 0))
        summary, refused = self.imported(fresh, path)
        self.assertEqual((summary["rows"], summary["registered"], summary["ranges_allocated"]),
                         (8, 5, 3))
        self.assertEqual(self.told(fresh), before)
        summary, _ = self.imported(fresh, path)
        self.assertEqual((summary["unchanged"], summary["ranges_unchanged"]), (5, 3))
        self.assertEqual((summary["registered"], summary["ranges_allocated"]), (0, 0))
        # The other way about the identifiers come first in the file, and last in the ledger.
        turned = self.enrolled("turned")
        path = self.file("turned.jsonl", b"\n".join(exported.splitlines()[::-1]).decode())
        self.imported(turned, path)
        self.assertEqual(self.told(turned), before)
        for each in (server, fresh, turned):
            self.assertRecounted(each)
        gs1 = ["export", "--digest", "--quiet", "--scheme", "gs1"]
        self.assertEqual(server.json(*gs1)["ranges"], 3)
        self.assertEqual(server.json("export", "--digest", "--scheme", "handle")["ranges"], 0)

    def test_ten_thousand_lots_are_loaded_from_a_table_and_every_row_is_accounted_for(self):
        server = self.enrolled()
        lots = 1_000 if node.SLOW else 10_000
        lines = ["range,URL"]
        for lot in range(lots):
            product = "01/06901234567892" if lot % 2 else "01/6901234567908"
            lines.append(f"{product}/10/L{lot}/21/{lot * 100:08}-{lot * 100 + 99:08},"
                         f"https://brand.example/lots/{lot}")
        wrong = {
            "01/06901234567893/21/1-2,": "check_digit",
            "01/06901234567892/21/1,": "invalid_identifier",
            "01/06901234567892/22/V/21/1-2,": "invalid_identifier",
            "01/06901234567892/21/2-1,": "malformed",
            "01/06901234567892/21/1-10,": "wrong_length",
            "01/06901234567892/21/a-b,": "not_digits",
            "01/06901234567892/21/0000000000000-9999999999999,": "too_large",
            "01/06971234567895/21/1-2,": "outside_prefix",
            "01/06901234567892/21/00000150-00000160,": "exists",
            "01/06901234567892/21/600-800,": "exists",
            "01/06901234567892/21/601-602,a,b": "malformed",
            ",https://brand.example/": "missing_field",
        }
        lines += wrong
        lines.append(lines[1])  # The same again, from another batch.
        path = self.file("lots.csv", "\n".join(lines) + "\n")
        server.run("register", f"{PRODUCT}/21/7", "--value", value("https://brand.example/7"))
        expected = {lots + 2 + at: code for at, code in enumerate(wrong.values())}
        for dry_run in (True, False):
            summary, refused = self.imported(server, path, *["--dry-run"] * dry_run, expect=3)
            if dry_run:
                self.assertEqual(self.figures(server), (1, 0))
                # It does not see what an earlier batch of the file would have allocated.
                codes = {row: each["code"] for row, each in refused.items()}
                self.assertLessEqual(codes.items(), expected.items())
                continue
            self.assertEqual({row: each["code"] for row, each in refused.items()}, expected)
        for row in refused.values():
            self.assertTrue(row["reason"] and row["reason_zh"], row)
        in_the_way = [each["reason"] for each in refused.values() if each["code"] == "exists"]
        self.assertIn("/10/L1/21/00000100-00000199", in_the_way[0])
        self.assertIn(f"{PRODUCT}/21/7", in_the_way[1])
        self.assertEqual((summary["rows"], summary["ranges_allocated"],
                          summary["ranges_unchanged"], summary["refused"]),
                         (lots + len(wrong) + 1, lots, 1, len(wrong)))
        self.assertEqual(self.figures(server), (1, lots * 100))
        self.assertEqual(self.place(server, "00000150"), "https://brand.example/lots/1")
        print(f"{summary['rows_per_second']} ranges a second")
        self.assertRecounted(server)

    def test_an_import_of_ranges_whose_node_is_killed_ends_like_one_whose_is_not(self):
        ranges = 600 if node.SLOW else 6_000
        lines = [json.dumps({"range": f"{PRODUCT}/21/{i * 10:07}-{i * 10 + 9:07}", "values": []})
                 for i in range(ranges)]
        lines += [json.dumps({"identifier": f"{PRODUCT}/21/{i * 10:07}", "values": [
            {"index": 1, "type": "URL", "data": "https://brand.example/"}]})
            for i in range(0, ranges, 7)]
        path = self.file("ranges.jsonl", "\n".join(lines))
        undisturbed = self.enrolled("undisturbed")
        self.imported(undisturbed, path)
        server = self.enrolled("killed")
        importer = self.started("--node", server.address, "import", path, "--quiet",
                                stdout=subprocess.DEVNULL)
        for threshold in (ranges, ranges * 4, ranges * 7):
            node.wait_until(lambda: self.figures(server)[1] > threshold or
                            importer.poll() is not None, 60, f"{threshold} members", pause=0)
            server.kill()
            server.start()
        self.assertEqual(importer.wait(node.patience(node.COMMAND_SECONDS_MAX)), 0)
        self.assertEqual(self.told(server), self.told(undisturbed))
        self.assertRecounted(server)


if __name__ == "__main__":
    unittest.main()
