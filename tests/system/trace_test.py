"""Where wine comes from and where it went, over two enterprises and two schemes; what any text is;
and what was withdrawn."""

import json
import unittest
import urllib.parse

import node
import tracing

WINERY, STORE = "88.118.1", "88.118.2"
GRAPES = "88.118.1/GRAPES-2026"
BATCH = "01/06901234567892/10/L1"
BOTTLES = ["01/06901234567892/21/B1", "01/06901234567892/21/B2"]
CASE = "88.118.2/CASE-1"
PALLET = "00/069012345678901238"


class TraceTest(tracing.TestCase):
    def started(self):
        server = self.node().start()
        for code, prefixes in (
            ("winery", [("handle", WINERY), ("gs1", "6901234")]),
            ("store", [("handle", STORE)]),
        ):
            server.run("enterprise", "put", code, "--name", code.title())
            for scheme, prefix in prefixes:
                server.run("prefix", "allot", prefix, "--scheme", scheme, "--enterprise", code)
        return server

    def wine(self):
        server = self.started()
        self.put(server, GRAPES)
        self.put(server, BATCH, ("MADE_FROM", GRAPES))
        for bottle in BOTTLES:
            self.put(server, bottle, ("MADE_FROM", "(01)06901234567892(10)L1"), ("PACKED_IN", CASE))
        self.put(server, CASE, ("PACKED_IN", PALLET))
        return server

    def names(self, trace):
        return {each["identifier"] for each in trace["nodes"]}

    def explained(self, server, text):
        # A plus means itself, as in every query of the node: identifiers hold it.
        status, body = server.get("/api/v1/resolve?id=" + urllib.parse.quote(text, safe=""))
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def test_a_pallet_comes_from_the_grapes_and_the_grapes_went_to_the_pallet(self):
        server = self.wine()
        everything = {GRAPES, BATCH, *BOTTLES, CASE, PALLET}
        up = self.trace(server, PALLET, direction="up")
        self.assertEqual(self.names(up), everything)
        self.assertEqual({each["identifier"]: each["depth"] for each in up["nodes"]}[GRAPES], 4)
        down = self.trace(server, GRAPES, direction="down")
        self.assertEqual(self.names(down), everything)
        self.assertFalse(down["truncated"])
        self.assertEqual(self.names(self.trace(server, CASE)), everything)
        self.assertEqual(self.names(self.trace(server, PALLET, direction="down")), {PALLET})
        states = {each["identifier"]: each["state"] for each in up["nodes"]}
        self.assertEqual(states[PALLET], "not_found")
        self.assertEqual(len(up["edges"]), 6)
        self.assertRecounted(server)

    def test_the_command_prints_the_same_as_a_tree(self):
        server = self.wine()
        done = server.run("trace", CASE, "--direction", "up", "--lang", "en")
        self.assertEqual(
            done.stdout.decode().splitlines(),
            [
                CASE,
                f"  <- packs: {BOTTLES[0]}",
                f"    <- made_from: {BATCH}",
                f"      <- made_from: {GRAPES}",
                f"  <- packs: {BOTTLES[1]}",
                f"    <- made_from: {BATCH} ...",
            ],
        )
        self.assertEqual(server.json("trace", CASE), self.trace(server, CASE))

    def test_the_index_follows_replacement_removal_and_a_restart(self):
        server = self.wine()
        self.put(server, BOTTLES[1], ("MADE_FROM", BATCH), replace=True)
        self.assertEqual(
            self.names(self.trace(server, CASE, direction="up")), {CASE, BOTTLES[0], BATCH, GRAPES}
        )
        server.run("register", BOTTLES[0], "--remove")
        self.assertEqual(self.names(self.trace(server, CASE, direction="up")), {CASE})
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(self.names(self.trace(server, CASE, direction="up")), {CASE})
        self.assertEqual(
            self.names(self.trace(server, GRAPES, direction="down")), {GRAPES, BATCH, BOTTLES[1]}
        )
        self.assertRecounted(server)

    def test_circles_end_and_bombs_are_cut(self):
        server = self.started()
        for number in range(3):
            self.put(server, f"{WINERY}/R{number}", ("MADE_FROM", f"{WINERY}/R{(number + 1) % 3}"))
        ring = self.trace(server, f"{WINERY}/R0")
        self.assertEqual((len(ring["nodes"]), len(ring["edges"])), (3, 3))
        self.assertFalse(ring["truncated"])

        lines = b"".join(
            json.dumps(
                {
                    "identifier": f"{WINERY}/BOMB-{number}",
                    "values": [
                        {"index": 1, "type": "TRACE.MADE_FROM", "data": f"{WINERY}/BOMB"}
                    ],
                }
            ).encode()
            + b"\n"
            for number in range(3_000)
        )
        token = server.token("--role", "operator")
        server.request(
            "POST",
            "/api/v1/identifiers:batch",
            lines,
            token=token,
            Content_Type="application/x-ndjson",
        )
        bomb = self.trace(server, f"{WINERY}/BOMB", direction="down")
        self.assertEqual(len(bomb["nodes"]), 1_000)
        self.assertTrue(bomb["truncated"])

        for number in range(20):
            self.put(server, f"{WINERY}/C{number}", ("PACKED_IN", f"{WINERY}/C{number + 1}"))
        chain = self.trace(server, f"{WINERY}/C0", depth=16)
        self.assertEqual((len(chain["nodes"]), chain["truncated_by"]), (17, "depth"))
        status, _ = server.get(f"/api/v1/trace?id={WINERY}/C0&depth=17")
        self.assertEqual(status, 400)

    def test_targets_may_be_required(self):
        server = self.node("strict", trace_require_targets="yes").start()
        server.run("enterprise", "put", "winery", "--name", "Winery")
        server.run("prefix", "allot", WINERY, "--enterprise", "winery")
        words = ["register", f"{WINERY}/A", "--value", f"1:TRACE.MADE_FROM={WINERY}/B"]
        server.run(*words, expect=1)
        self.put(server, f"{WINERY}/B")
        server.run(*words)

    def test_what_was_withdrawn_is_gone_with_its_day_until_it_is_registered_again(self):
        server = self.wine()
        server.run("register", GRAPES, "--remove")
        server.run("register", BATCH, "--remove")
        path = "/api/v1/identifiers/" + urllib.parse.quote(GRAPES, safe="")
        status, body = server.get(path)
        self.assertEqual(status, 410, body)
        problem = json.loads(body)
        self.assertEqual(problem["code"], "withdrawn")
        self.assertRegex(problem["detail"], r"^withdrawn on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(server.get("/" + BATCH)[0], 410)
        self.assertEqual(server.get("/01/06901234567892")[0], 404)
        status, body = server.get("/api/handles/" + GRAPES)
        self.assertEqual((status, json.loads(body)["responseCode"]), (404, 100))
        self.assertEqual(self.explained(server, GRAPES)["end"], "withdrawn")
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(server.get(path)[0], 410)
        self.put(server, GRAPES)
        self.assertEqual(server.get(path)[0], 200)
        self.assertRecounted(server)

    def test_the_search_box_says_what_a_text_is_and_counts_nothing(self):
        server = self.wine()
        before = server.json("stats")["evaluation"]
        told = self.explained(server, " https://id.example.cn/01/06901234567892/21/B1 ")
        self.assertEqual(told["end"], "found")
        self.assertEqual(told["owner"]["enterprise_code"], "winery")
        self.assertEqual(told["forms"]["gtin_13"], "6901234567892")
        self.assertEqual(told["forms"]["epc_urn"], "urn:epc:id:sgtin:6901234.056789.B1")
        self.assertEqual(told["steps"][-1]["target"], self.URL)
        wrong = self.explained(server, "6901234567893")
        self.assertEqual(wrong["readings"][0]["fault"]["right"], "2")
        self.assertEqual(server.get("/api/v1/resolve")[0], 400)

        done = server.run("explain", "6901234567893", "--lang", "en", expect=65)
        self.assertIn("wrong at character 13", done.stdout.decode())
        self.assertEqual(server.json("explain", BATCH)["end"], "found")
        done = node.command("explain", "--offline", "(01)06901234567892", "-o", "json")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(json.loads(done.stdout)["end"], "not_asked")
        self.assertEqual(server.json("stats")["evaluation"], before)


if __name__ == "__main__":
    unittest.main()
