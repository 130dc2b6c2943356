"""What monitoring and machines read: names that others rely upon do not change by accident."""

import json
import os
import re
import unittest

import node

GOLDEN = node.SOURCE / "tests/golden/metrics.txt"
ROUTES = sorted((node.SOURCE / "node/front/http").glob("*routes.cc"))
SAMPLE = re.compile(r'^([a-z_]+)(\{[^}]*\})? (-?[0-9.e+-]+|NaN|[+-]Inf)$')


class MetricsTest(node.TestCase):
    def setUp(self):
        super().setUp()
        top = self.node("top", node_role="top-level", node_prefix="88").start()
        token = self.file("dock.token", top.token("--role", "child", "--prefix", "88.118"))
        # With a node above, so that every family has samples.
        self.server = self.node(
            upstream_address=f"127.0.0.1:{top.grpc_port}", upstream_token_file=token
        ).start()
        self.server.log.wait_for("upstream_docked")

    def metrics(self):
        connection = self.server.http()
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        self.assertEqual(answer.status, 200)
        self.assertTrue(
            answer.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
        )
        return text

    def test_the_families_are_those_of_the_golden_list(self):
        families = [
            " ".join(line.split(" ")[2:4])
            for line in self.metrics().splitlines()
            if line.startswith("# TYPE ")
        ]
        golden = [line for line in GOLDEN.read_text().splitlines() if not line.startswith("#")]
        self.assertEqual(families, golden)

    def test_the_text_is_open_metrics(self):
        text = self.metrics()
        self.assertTrue(text.endswith("\n# EOF\n"))
        self.assertEqual(text.count("# EOF"), 1)
        family, kinds, sampled = None, {}, set()
        for line in text.splitlines()[:-1]:
            if line.startswith("# TYPE "):
                _, _, family, kind = line.split(" ")
                self.assertNotIn(family, kinds)
                kinds[family] = kind
                continue
            if line.startswith("# "):
                self.assertEqual(line.split(" ")[2], family)
                continue
            match = SAMPLE.match(line)
            self.assertIsNotNone(match, line)
            self.assertTrue(match[1].startswith(family), line)
            suffix = {"counter": "_total", "info": "_info", "gauge": ""}.get(kinds[family])
            if suffix is not None:
                self.assertEqual(match[1], family + suffix)
            else:
                parts = ("_bucket", "_count", "_sum")
                self.assertIn(match[1], [family + part for part in parts])
            sampled.add(family)
        self.assertEqual(sampled, set(kinds))

    def value(self, name, text=None):
        for line in (text or self.metrics()).splitlines():
            if line.startswith(name + " "):
                return float(line.split(" ")[1])
        self.fail(f"no sample {name}")

    def test_the_figures_are_those_of_the_node(self):
        self.server.run("enterprise", "put", "acme")
        self.server.run("prefix", "allot", "88.118.1", "--enterprise", "acme")
        self.server.run("register", "88.118.1/a", "--value", "1:URL=https://example.cn/")
        for _ in range(3):
            self.assertEqual(self.server.get("/api/handles/88.118.1/a")[0], 200)
        self.assertEqual(self.server.get("/api/handles/88.118.1/none")[0], 404)
        text = self.metrics()
        self.assertEqual(self.value("idnode_registered", text), 1)
        self.assertEqual(self.value("idnode_connected_enterprises", text), 1)
        resolutions = 'idnode_resolutions_total{protocol="http",outcome="%s"}'
        self.assertEqual(self.value(resolutions % "found", text), 3)
        self.assertEqual(self.value(resolutions % "not_found", text), 1)
        self.assertEqual(self.value("idnode_resolution_duration_seconds_count", text), 4)
        self.assertEqual(self.value("idnode_unclean_start", text), 0)
        self.assertEqual(self.value("idnode_sync_connected", text), 1)
        self.server.kill()
        self.server.start()
        self.assertEqual(self.value("idnode_unclean_start"), 1)

    def test_a_node_that_takes_no_writes_says_so(self):
        self.assertEqual(self.value("idnode_writable"), 1)
        self.assertEqual(self.server.stop(), 0)
        facts = os.statvfs(self.server.directory)
        free_gib = facts.f_bavail * facts.f_frsize >> 30
        self.server.set(data_reserve=f"{free_gib + 1_024}GiB")
        self.server.start()
        self.assertEqual(self.value("idnode_writable"), 0)

    def test_resolutions_are_counted_in_the_figures_that_are_reported(self):
        self.server.run("enterprise", "put", "acme")
        self.server.run("prefix", "allot", "88.118.1", "--enterprise", "acme")
        self.server.run("register", "88.118.1/a", "--value", "1:URL=https://example.cn/")
        for _ in range(5):
            self.server.get("/api/handles/88.118.1/a")
        self.server.get("/api/handles/88.118.1/none")
        self.assertEqual(self.server.stop(), 0)  # What was counted is folded in at the latest here.
        self.server.start()
        evaluation = self.server.json("stats")["evaluation"]
        self.assertEqual((evaluation["resolutions"], evaluation["resolution_requests"]), (5, 6))
        self.assertRecounted(self.server)

    def test_health_and_readiness(self):
        status, body = self.server.get("/healthz")
        self.assertEqual((status, json.loads(body)), (200, {"alive": True}))
        status, body = self.server.get("/readyz")
        self.assertEqual((status, json.loads(body)), (200, {"ready": True, "state": "ready"}))

    def test_the_description_names_every_route(self):
        status, body = self.server.get("/openapi.json")
        self.assertEqual(status, 200)
        described = json.loads(body)
        self.assertTrue(described["openapi"].startswith("3.1"))
        table = "".join(file.read_text() for file in ROUTES)
        for name, path in re.findall(r'string_view (k[A-Za-z]+) = ("/[^"]*");', table):
            table = table.replace(f" {name},", f" {path},")
        routes = re.findall(r'\{\s*Method::k([A-Z][a-z]+),\s*"([^"]+)",\s*Needs::', table)
        self.assertGreater(len(routes), 10)
        for method, path in routes:
            with self.subTest(f"{method} {path}"):
                self.assertIn(method.lower(), described["paths"][path])
        self.assertEqual(
            sum(len([m for m in path if m != "parameters"])
                for path in described["paths"].values()),
            len(routes),
        )
        names = [o["operationId"] for p in described["paths"].values() for o in p.values()]
        self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
