"""Ranges of serials: one row for millions of members, each of which can be resolved, has a record
of its own when somebody registers it, and is counted once."""

import json
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
        node.wait_until(
            lambda: server.json("stats")["upstream"].get("acknowledged_evaluation", {})
            == server.json("stats")["evaluation"],
            60,
            "the node above has acknowledged every figure",
            pause=0.1,
        )
        (child,) = top.json("stats")["children"]
        self.assertEqual((child["registered"], child["allocated"]), (2, MEMBERS - 2))
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


if __name__ == "__main__":
    unittest.main()
