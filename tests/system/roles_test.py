"""Roles: three officers on one node, the audit of what they did, and who may dock.

Every cell of the table at every door is walked by tests/front/roles; here the program is, as it is
installed.
"""

import json
import unittest

import node

DENIED = 77
OFFICERS = {"system_officer": "Wang Wu", "security_officer": "Zhang San", "audit_officer": "Li Si"}


class RolesTest(node.TestCase):
    def by(self, server, token, *arguments, expect=0):
        """A subcommand over the network with a token."""
        path = self.file("token", token)
        done = node.command(
            "--node", f"127.0.0.1:{server.grpc_port}", "--token-file", path, *arguments)
        self.assertEqual(done.returncode, expect, (arguments, done.stderr.decode()))
        return done

    def acts(self, server, token, *arguments):
        return json.loads(self.by(server, token, "audit", "list", *arguments, "-o", "json").stdout)

    def apart(self):
        """A node whose duties are separate, and the token of each officer."""
        server = self.node(security_separate_duties="yes").start()
        tokens = {
            role: server.token("--role", role, "--person", person)
            for role, person in OFFICERS.items()
        }
        return server, tokens

    def test_three_officers_run_a_node_that_nobody_runs_alone(self):
        server, tokens = self.apart()
        system, security, audit = (tokens[role] for role in OFFICERS)
        backup = self.directory / "backup"

        self.by(server, system, "enterprise", "put", "acme")
        self.by(server, system, "prefix", "allot", "88.118.8", "--enterprise", "acme")
        self.by(server, system, "backup", backup)
        self.by(server, security, "token", "create", "--role", "reviewer")
        self.by(server, security, "token", "list")
        self.by(server, audit, "recount", "--quiet")
        self.by(server, audit, "audit", "list")

        for token in (security, audit):
            self.by(server, token, "enterprise", "put", "mill", expect=DENIED)
            self.by(server, token, "backup", self.directory / "another", expect=DENIED)
        for token in (system, audit):
            self.by(server, token, "token", "create", "--role", "reader", expect=DENIED)
            self.by(server, token, "token", "list", expect=DENIED)
        for token in (system, security):
            self.by(server, token, "audit", "list", expect=DENIED)
            self.by(server, token, "recount", "--quiet", expect=DENIED)
        self.assertFalse((self.directory / "another").exists())
        codes = [row["code"] for row in json.loads(
            self.by(server, system, "enterprise", "list", "-o", "json").stdout)]
        self.assertEqual(codes, ["acme"])

    def test_nobody_is_two_of_the_officers_nor_an_operator(self):
        server, tokens = self.apart()
        for role in OFFICERS:
            for other, person in OFFICERS.items():
                expect = 0 if role == other else DENIED
                server.run("token", "create", "--role", role, "--person", person, expect=expect)
            server.run("token", "create", "--role", role, expect=DENIED)
        server.run("token", "create", "--role", "operator", expect=DENIED)
        # The local socket gives out tokens, and does nothing else.
        for arguments in (["stats"], ["enterprise", "put", "acme"], ["audit", "list"], ["recount"],
                          ["backup", self.directory / "b"], ["export"]):
            server.run(*arguments, expect=DENIED)

    def test_an_operators_token_of_before_is_not_accepted_any_more(self):
        server = self.node().start()
        operating = server.token("--role", "operator")
        self.by(server, operating, "stats")
        server.stop()
        server.set(security_separate_duties="yes")
        server.start()
        words = self.by(server, operating, "stats", expect=DENIED).stderr.decode()
        self.assertIn("duties are separate", words)
        status, body = server.get("/api/v1/audit", token=operating)
        self.assertEqual((status, json.loads(body)["code"]), (403, "denied"))

    def test_the_audit_tells_who_did_and_who_was_refused_what(self):
        server, tokens = self.apart()
        system, audit = tokens["system_officer"], tokens["audit_officer"]
        actor = "token:" + system[4:20]
        self.by(server, system, "enterprise", "put", "acme")
        self.by(server, system, "enterprise", "list")
        self.by(server, system, "token", "list", expect=DENIED)
        rows = self.acts(server, audit, "--actor", actor)
        self.assertEqual([(row["act"], row["refused"]) for row in rows],
                         [("put_enterprise", False), ("list_directory", False),
                          ("list_tokens", True)])
        self.assertEqual(rows[0]["subject"], "acme active")
        self.assertEqual(rows[2]["why"], "denied")
        given = self.acts(server, audit, "--act", "create_token")
        self.assertEqual({row["actor"] for row in given}, {"local"})
        self.assertEqual({row["subject"] for row in given},
                         {token[4:20] for token in tokens.values()})

        status, body = server.get(f"/api/v1/audit?actor={actor}&count=1000", token=audit)
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(body)["acts"], rows)
        self.assertEqual(self.acts(server, audit, "--since", "2999-01-01T00:00:00Z"), [])
        self.by(server, audit, "audit", "list", "--since", "yesterday", expect=65)
        self.by(server, audit, "audit", "list", "--act", "frobnicate", expect=65)

        # It outlives the node: it is its log.
        server.stop()
        server.start()
        self.assertEqual(self.acts(server, audit, "--actor", actor), rows)

    def test_refusals_do_not_fill_the_log(self):
        server, tokens = self.apart()
        audit = tokens["audit_officer"]
        refused = 200
        connection = server.http()
        headers = {"Authorization": "Bearer " + audit}
        for _ in range(refused):
            connection.request("GET", "/api/v1/identifiers?prefix=88.118", headers=headers)
            answer = connection.getresponse()
            answer.read()
            self.assertEqual(answer.status, 403)
        connection.close()

        def told():
            rows = self.acts(server, audit, "--actor", "token:" + audit[4:20])
            rows = [row for row in rows if row["refused"]]
            counted = sum(row["left_out"] + (row["act"] != "refusals_left_out") for row in rows)
            self.assertLess(len(rows), 30)  # Ten of each minute, and how many more there were.
            return counted == refused

        # The rest is told when the minute is over.
        node.wait_until(told, 90, "all refusals are accounted for", pause=1)

    def test_the_table_is_the_golden_one(self):
        rows = json.loads(node.command("audit", "roles", "-o", "json").stdout)
        lines = (node.SOURCE / "tests/golden/permissions.txt").read_text().splitlines()
        legend = {}
        for line in lines:
            words = line.split()[1:] if line.startswith("#") else []
            pairs = dict(zip(words[0::2], words[1::2]))
            if all(role in rows[0] for role in pairs.values()):
                legend.update(pairs)
        head, *table = [line.split() for line in lines if line and not line.startswith("#")]
        self.assertEqual(len(legend), len(head) - 2)
        for row, cells in zip(rows, table, strict=True):
            self.assertEqual([row["act"], row["kept"]], cells[:2])
            for name, cell in zip(head[2:], cells[2:], strict=True):
                self.assertEqual(row[legend[name]], cell.replace(".", "-"), (row["act"], name))

    def test_a_childs_token_docks_and_no_other(self):
        parent = self.node("parent", node_role="top-level", node_prefix="88").start()
        parent.run("enterprise", "put", "acme")
        roles = [name for name in json.loads(
            node.command("audit", "roles", "-o", "jsonl").stdout.splitlines()[0])
            if name not in ("act", "kept", "en", "zh")]
        self.assertEqual(len(roles), 12)
        roles.append(roles.pop(roles.index("child")))
        for role in roles:
            of = []
            if role.startswith("enterprise") or role == "application":
                of = ["--enterprise", "acme"]
            elif role == "child":
                of = ["--prefix", "88.118"]
            token = parent.token("--role", role, *of)
            child = self.node(
                f"child-{role}", upstream_address=f"127.0.0.1:{parent.grpc_port}",
                upstream_token_file=self.file(f"{role}.token", token)).start()

            def refused(actor="token:" + token[4:20]):
                rows = parent.json("audit", "list", "--act", "dock", "--actor", actor)
                return rows and rows[0]["refused"]

            if role == "child":
                node.wait_until(lambda: parent.json("stats")["children"], 30, "it is docked")
            else:
                node.wait_until(refused, 30, f"{role} is refused")
                self.assertEqual(parent.json("stats")["children"], [])
            child.kill()


if __name__ == "__main__":
    unittest.main()
