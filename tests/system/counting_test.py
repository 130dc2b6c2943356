"""Counting by classes and outcomes: known resolutions over UDP, TCP, HTTP and gRPC, and everything
that says how many there were (stats, a day's tables, recount, the exported log) says just that."""

import collections
import datetime
import http.client
import json
import random
import socket
import subprocess
import unittest
import urllib.parse

import node
from handle_refusals_test import ENVELOPE, read_message, text, whole

PUBLIC_ONLY = 0x01
PRODUCT = "01/06901234567892"
HANDLED = "01/06950123000019"  # Of a company prefix that another resolver has.
NETWORKS = {"127.0.0.1": "external", "127.0.0.2": "internal", "127.0.0.3": "probe",
            "127.0.0.4": "load_test"}
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
ROUNDS = 3 if node.SLOW else 10
# Of each outcome: what is asked over HTTP, what over the Handle protocol, and whose it counts as.
OUTCOMES = {
    "found": ("/api/handles/88.118.8/SN-{}", "88.118.8/SN-{}", "acme"),
    "not_found": ("/api/handles/88.118.9/NONE-{}", "88.118.9/NONE-{}", "other"),
    "denied": ("/api/handles/88.118.9/SECRET?publicOnly=false", "88.118.9/SECRET", "other"),
    "refused": ("/api/handles/99.999/X-{}", "99.999/X-{}", None),
    "malformed": ("/01/06901234567893", "01/06901234567893", None),
    "referred": ("/" + HANDLED, None, None),
}
IDENTIFIERS = 30
REGISTERED = IDENTIFIERS + 1 + 1 + 1  # And SECRET, the product, and what is removed again.


def question(name):
    """A resolution, also of what is not public."""
    octets = bytearray(whole(1, text(name.encode()) + bytes(8)))
    octets[ENVELOPE.size + 8] &= ~PUBLIC_ONLY  # The first octet of the flags.
    return bytes(octets)


class CountingTest(node.TestCase):
    def setUp(self):
        super().setUp()
        self.expected = collections.Counter()  # (class, outcome, enterprise or None)
        self.sources = collections.Counter()
        self.resolved = set()
        self.server = self.node(
            counting_internal_networks="127.0.0.2", counting_probe_networks="127.0.0.3",
            counting_load_test_networks="127.0.0.4",
            gs1_handled_by="6950123=https://other.example").start()

    def register(self):
        run = self.server.run
        for code, prefix in (("acme", "88.118.8"), ("other", "88.118.9"), ("idle", "88.118.10")):
            run("enterprise", "put", code)
            run("prefix", "allot", prefix, "--enterprise", code)
        run("prefix", "allot", "6901234", "--scheme", "gs1", "--enterprise", "acme")
        url = {"index": 1, "type": "URL", "data": "https://a.example"}
        rows = [{"identifier": f"88.118.8/SN-{n}", "values": [url]} for n in range(IDENTIFIERS)]
        rows.append({"identifier": "88.118.9/SECRET", "values": [{**url, "permissions": 0}]})
        rows.append({"identifier": PRODUCT, "values": [url]})
        rows.append({"identifier": "88.118.8/GONE", "values": [url]})
        file = self.file("rows.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
        run("import", file, "--quiet")
        run("register", "88.118.8/GONE", "--remove")

    def refer(self):
        """Prefixes below 88.118.9 are another site's."""
        found = self.server.json("resolve", "0.NA/88.118.8")
        self.count("127.0.0.1", "delegation", "found", "acme")
        site = next(value["data_base64"] for value in found["values"] if value["type"] == "HS_SITE")
        value = {"index": 2, "type": "HS_SITE.PREFIX", "data_base64": site}
        file = self.file("site.jsonl", json.dumps({"identifier": "0.NA/88.118.9",
                                                   "values": [value]}) + "\n")
        self.server.run("import", file, "--quiet")

    def count(self, source, traffic_class, outcome, enterprise, identifier=None, times=1):
        self.expected[traffic_class, outcome, enterprise] += times
        self.sources[source] += times
        if (traffic_class, outcome) == ("external", "found"):
            self.resolved.add(identifier)

    def ask_http(self, source, path, **fields):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.http_port, timeout=node.patience(30),
            source_address=(source, 0))
        try:
            connection.request("GET", path, headers={
                name.replace("_", "-"): value for name, value in fields.items()})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def ask_udp(self, source, name):
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.settimeout(node.patience(30))
            client.bind((source, 0))
            client.sendto(question(name), ("127.0.0.1", self.handle_udp))
            return client.recv(65_536)

    def ask_tcp(self, source, name):
        with socket.create_connection(("127.0.0.1", self.handle_tcp), node.patience(30),
                                      source_address=(source, 0)) as client:
            client.sendall(question(name))
            return read_message(client)

    def resolve_all(self):
        """Every class with every outcome that it can have, by chance many times."""
        ready, _ = self.server.log.wait_for("ready")
        self.handle_udp, self.handle_tcp = int(ready["handle_udp_port"]), int(
            ready["handle_tcp_port"])
        chance = random.Random(20_261_122)
        for source, traffic_class in NETWORKS.items():
            for outcome, (path, name, enterprise) in OUTCOMES.items():
                for _ in range(chance.randrange(2, ROUNDS + 2)):
                    n = chance.randrange(IDENTIFIERS)
                    self.ask_http(source, path.format(n))
                    self.count(source, traffic_class, outcome, enterprise, f"88.118.8/SN-{n}")
                    if name is None:
                        continue
                    for ask in (self.ask_udp, self.ask_tcp):
                        n = chance.randrange(IDENTIFIERS)
                        ask(source, name.format(n))
                        self.count(source, traffic_class, outcome, enterprise,
                                   f"88.118.8/SN-{n}")
        for fields, query in (({"X_Idnode_Traffic": "page-beacon"}, ""), ({}, "?from-page=1"),
                              ({"Sec_Fetch_Dest": "image"}, ""), ({"Sec_Purpose": "prefetch"}, "")):
            for path, outcome, enterprise in (("88.118.8/SN-1", "found", "acme"),
                                              ("88.118.9/NONE", "not_found", "other")):
                self.ask_http("127.0.0.1", f"/api/handles/{path}{query}", **fields)
                self.count("127.0.0.1", "page_beacon", outcome, enterprise)
        self.ask_http("127.0.0.1", "/api/handles/88.118.8/SN-1", X_Idnode_Traffic="load-test")
        self.count("127.0.0.1", "load_test", "found", "acme")
        for source in NETWORKS:
            for ask in (self.ask_udp, self.ask_tcp):
                ask(source, "0")
                self.count(source, "heartbeat", "refused", None)
                ask(source, "0.NA/88.118.9.7")
                self.count(source, "delegation", "referred", None)
                ask(source, "88.118.8")
                self.count(source, "delegation", "found", "acme")
            self.ask_http(source, "/api/handles/0.NA/88.118.8")
            self.count(source, "delegation", "found", "acme")
        # gRPC.
        address = f"127.0.0.1:{self.server.grpc_port}"
        token = self.file("token", self.server.token("--role", "reader"))
        for name, outcome, enterprise, code in (
                ("88.118.8/SN-2", "found", "acme", 0), ("88.118.9/NONE", "not_found", "other", 1),
                ("99.999/X", "refused", None, None)):
            done = node.command("--node", address, "--token-file", token, "resolve", name)
            if code is not None:
                self.assertEqual(done.returncode, code, done.stderr)
            self.count("127.0.0.1", "external", outcome, enterprise, name)

    def restart(self):
        """Seals what is known of the hour."""
        self.assertEqual(self.server.stop(), 0)
        self.server.start()

    def expect_rows(self, rows, keys=("traffic_class", "outcome")):
        sums = collections.Counter()
        for (traffic_class, outcome, _), times in self.expected.items():
            sums[traffic_class, outcome] += times
        got = {tuple(row[key] for key in keys): row["sum"] for row in rows}
        self.assertEqual(got, dict(sums))

    def of(self, enterprise, success=False):
        return sum(times for (traffic_class, outcome, whose), times in self.expected.items()
                   if whose == enterprise and
                   (not success or (traffic_class, outcome) == ("external", "found")))

    def day_documents(self, day, zone):
        """The same octets, whoever is asked."""
        token = self.server.token("--role", "reader")
        by_command = self.server.run("stats", "--day", day, "--zone", zone, "--json").stdout
        status, by_http = self.server.get(
            f"/api/v1/stats/days/{day}?zone={urllib.parse.quote(zone)}", token)
        self.assertEqual(status, 200, by_http)
        self.assertEqual(by_command.rstrip(b"\n"), by_http)
        keys = self.file("node.vkeys", self.server.run("log", "keys").stdout)
        size = self.server.json("stats")["tree_size"]
        folder = self.directory / "export"
        node.wait_until(
            lambda: json.loads(self.server.run("log", "export", folder, "--quiet", "-o",
                                               "json").stdout)["tree_size"] >= size,
            30, f"a checkpoint of {size} records")
        done = subprocess.run(
            [node.RECOUNT, folder, "--key-file", keys, "--tables", day, "--zone", zone],
            capture_output=True, timeout=node.patience(60), env=node.ENVIRONMENT)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, by_command)
        return json.loads(by_http)

    def test_every_class_and_outcome_is_counted_as_what_it_was(self):
        begun = datetime.datetime.now(datetime.timezone.utc)
        self.register()
        self.refer()
        self.resolve_all()
        self.restart()
        ended = datetime.datetime.now(datetime.timezone.utc)
        requests = sum(self.expected.values())
        success = self.of("acme", success=True)

        stats = self.server.json("stats", "--enterprises")
        self.assertEqual(stats["rules"], "idnode-counting-2")
        self.assertEqual(stats["evaluation"]["registered"], REGISTERED - 1)
        self.assertEqual(stats["evaluation"]["registered_gross"], REGISTERED)
        self.assertEqual(stats["evaluation"]["resolution_requests"], requests)
        self.assertEqual(stats["evaluation"]["resolutions"], success)
        self.expect_rows([row for row in stats["figures"] if row["metric"] == "resolutions"])
        of_enterprise = {row["code"]: row["resolution_requests"] for row in stats["enterprises"]}
        self.assertEqual(of_enterprise,
                         {code: self.of(code) for code in ("acme", "other", "idle")})
        self.assertRecounted(self.server)

        for zone, clock in (("UTC", datetime.timezone.utc), ("Asia/Shanghai", SHANGHAI)):
            day = f"{ended.astimezone(clock):%Y-%m-%d}"
            document = self.day_documents(day, zone)
            if f"{begun.astimezone(clock):%Y-%m-%d}" != day:
                continue  # Midnight was between: the sums are of two days.
            self.expect_rows(document["classes"])
            self.assertEqual(document["enterprises"],
                             {"enrolled": 3, "active_30_days": 2, "docked_nodes": 0})
            self.expect_table_3(document["table_3"], requests, success)
            rows = {row["code"]: row for row in document["table_8"]}
            self.assertEqual(rows["acme"]["day_registrations"], REGISTERED - 1)
            self.assertEqual(rows["acme"]["total_registrations"], REGISTERED - 2)
            self.assertEqual(rows["acme"]["day_success"], success)
            self.assertEqual(rows["acme"]["unique_identifiers"], len(self.resolved))
            for code, row in rows.items():
                self.assertEqual(row["day_requests"], self.of(code), code)
                self.assertEqual(sum(source["count"] for source in row["sources"]) +
                                 row["sources_rest"], row["day_requests"])
            self.assertEqual(document["no_enterprise"]["day_requests"], self.of(None))
            self.assertEqual(document["province"]["identifiers_registered"], REGISTERED - 1)

    def expect_table_3(self, table, requests, success):
        self.assertEqual(table["day_registrations"], 4)  # Prefixes, of two schemes.
        self.assertEqual(table["total_registrations"], 4)
        self.assertEqual(table["day_requests"], requests)
        self.assertEqual(table["day_success"], success)
        self.assertEqual(table["unique_identifiers"], len(self.resolved))
        got = {row["ip"]: row["count"] for row in table["sources"]}
        self.assertEqual(got, dict(self.sources))
        self.assertEqual(table["sources_rest"], 0)
        self.assertEqual({row["error"] for row in table["sources"]}, {0})

    def test_days_are_shown_to_people_and_refused_to_strangers(self):
        self.register()
        day = f"{datetime.datetime.now(SHANGHAI):%Y-%m-%d}"
        printed = self.server.run("stats", "--day", day).stdout.decode()
        for word in ("acme", "Asia/Shanghai", "TOTAL 总量"):
            self.assertIn(word, printed)
        self.assertEqual(self.server.get(f"/api/v1/stats/days/{day}")[0], 401)
        token = self.server.token("--role", "reader")
        for path, status in (("2026-02-30", 400), (f"{day}?zone=Mars", 400),
                             (f"{day}?child=7", 404), (f"{day}?after=x", 400),
                             ("1999-12-31", 200)):
            got, body = self.server.get("/api/v1/stats/days/" + path, token)
            self.assertEqual(got, status, body)
        self.assertEqual(json.loads(body)["table_3"]["total_registrations"], 0)

    def test_a_crash_leaves_the_sources_of_its_hour_to_the_rest(self):
        self.register()
        for _ in range(20):
            self.ask_http("127.0.0.1", "/api/handles/88.118.8/SN-1")
        node.wait_until(
            lambda: self.server.json("stats")["evaluation"]["resolutions"] == 20, 30, "a tally")
        self.server.kill()
        self.server.start()
        for _ in range(5):
            self.ask_http("127.0.0.2", "/api/handles/88.118.8/SN-1")
        self.restart()
        # All are of one day, unless midnight comes between.
        day = f"{datetime.datetime.now(SHANGHAI):%Y-%m-%d}"
        table = self.day_documents(day, "Asia/Shanghai")["table_3"]
        self.assertEqual(table["day_requests"], 25)
        self.assertEqual(table["sources"], [{"ip": "127.0.0.2", "count": 5, "error": 20}])
        self.assertEqual(table["sources_rest"], 20)
        self.assertRecounted(self.server)


if __name__ == "__main__":
    unittest.main()
