"""Incidents pair up, by hand and by themselves; the running day survives a stop; the monthly report
names what it does not know."""

import json
import unittest
from datetime import datetime, timezone

import levels
import node


def today():
    """The day of Asia/Shanghai under way, and its month."""
    moment = datetime.fromtimestamp(datetime.now(timezone.utc).timestamp() + 8 * 3600, timezone.utc)
    return moment.strftime("%Y-%m-%d")


class Monitoring(node.TestCase):
    def incidents(self, at, *more):
        return at.json("incident", "list", *more)

    def one(self):
        return self.node()

    def test_incidents_by_hand_are_pairs(self):
        one = self.one()
        one.start()
        number = one.json("incident", "open", "机房停电 power cut", "--cause", "system")["number"]
        self.assertEqual([row["number"] for row in self.incidents(one, "--open")], [number])
        closing = one.json("incident", "close", number, "已恢复 back")["number"]
        self.assertEqual(self.incidents(one, "--open"), [])
        rows = sorted(self.incidents(one), key=lambda row: row["kind"])
        self.assertEqual([row["kind"] for row in rows], ["abnormal", "recovered"])
        self.assertEqual((rows[1]["number"], rows[1]["closes"]), (closing, number))
        one.run("incident", "close", number, "again", expect=1)
        planned = one.json("incident", "open", "升级", "--planned")["number"]
        status, body = one.get("/api/v1/incidents?open=true", one.token("--role", "reader"))
        self.assertEqual(status, 200)
        [event] = json.loads(body)["incidents"]
        self.assertEqual((event["number"], event["planned"]), (planned, True))
        status, _ = one.get("/api/v1/incidents")
        self.assertEqual(status, 401)

    def test_an_unclean_stop_is_an_incident_that_is_over(self):
        one = self.one()
        one.start()
        one.run("enterprise", "put", "E1", "--name", "one")
        one.kill()
        one.start()
        node.wait_until(lambda: len(self.incidents(one)) == 2, 20, "told")
        first, second = sorted(self.incidents(one), key=lambda row: row["kind"])
        self.assertIn("-stop-", first["number"])
        self.assertEqual(second["closes"], first["number"])
        one.stop()
        one.start()
        self.assertEqual(len(self.incidents(one)), 2, "a clean stop is none")

    def test_the_monthly_report_is_made_of_rows_and_names_the_days_without(self):
        one = self.one()
        one.start()
        month = today()[:7]
        html, document = self.directory / "month.html", self.directory / "month.json"
        done = one.run("report", "month", month, "--html", html, "--json", document)
        self.assertIn(b"due on", done.stderr)
        report = json.loads(document.read_text())
        self.assertEqual(report["month"], month)
        self.assertIn(today(), report["missing_days"])
        self.assertIsNone(report["sla_percent"])
        self.assertIn("二级节点系统运行月度报告", html.read_text())
        before = document.read_bytes(), html.read_bytes()
        one.run("report", "month", month, "--html", html, "--json", document)
        self.assertEqual((document.read_bytes(), html.read_bytes()), before)
        late = one.run("report", "month", "2025-01")
        self.assertIn("late", late.stderr.decode())
        one.run("report", "month", "2025-13", expect=65)


class BetweenNodes(node.TestCase):
    def test_what_goes_wrong_below_is_known_above_at_once(self):
        nodes = levels.ThreeLevels(self.directory)
        self.addCleanup(nodes.kill)
        nodes.start()
        number = nodes.first.json("incident", "open", "扫描 scans", "--cause", "attack")["number"]
        key = f"H88.118.9/{number}"

        def filed(at, table):
            rows = at.json("filing", "list", "--table", table)
            return [row["value"]["detail"] for row in rows if row["key"].endswith(key)]

        node.wait_until(lambda: filed(nodes.secondary, 23) == ["扫描 scans"], 20, "one level up")
        node.wait_until(lambda: filed(nodes.top, 24) == ["扫描 scans"], 20, "two levels up")


if __name__ == "__main__":
    unittest.main()
