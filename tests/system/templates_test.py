"""Templates and applications of a node below another: put, published, registered by, resolved by
every protocol, withdrawn, and filed above."""

import json
import time
import unittest

import node
from levels import free_port
from template_document import HANDLE, application, template

NAMED = ("--value", f"1000:TEMPLATE_ID={HANDLE}", "--value", "1001:TEMPLATE=1.0")


class TemplatesTest(node.TestCase):
    def started(self):
        self.above = self.node("above", node_role="top-level", node_prefix="88").start()
        token = self.file("child.token", self.above.token("--role", "child", "--prefix", "88.118"))
        self.port = free_port("127.0.0.1")
        below = self.node("below", handle_listen=f"127.0.0.1:{self.port}",
                          upstream_token_file=token,
                          upstream_address=f"127.0.0.1:{self.above.grpc_port}").start()
        below.log.wait_for("upstream_docked")
        below.run("enterprise", "put", "acme")
        below.run("prefix", "allot", "88.118.8", "--enterprise", "acme")
        return below

    def put(self, server, kind, document, expect=0, **options):
        path = self.file("document.json", json.dumps(document))
        return server.run(kind, "put", path, expect=expect, **options)

    def register(self, server, identifier, *values, expect=0):
        words = [word for value in values for word in ("--value", value)]
        return server.run("register", identifier, *NAMED, *words, "--put", expect=expect)

    def filed(self, table):
        rows = self.above.json("filing", "list", "--table", table)
        return {row["key"]: row["title"] for row in rows}

    def resolved(self, server):
        """What the handle of the template answers over HTTP; its status when that is none."""
        status, body = server.get("/api/handles/" + HANDLE)
        if status != 200:
            return status
        return [json.loads(value["data"]["value"])["version"]
                for value in json.loads(body)["values"]]

    def over_handle(self):
        return node.command("resolve", HANDLE, "--handle-server", f"127.0.0.1:{self.port}",
                            "-o", "json")

    def test_from_draft_to_withdrawal(self):
        server = self.started()
        self.put(server, "template", template())
        self.register(server, "88.118.8/k1", "2000:name=one", expect=1)
        self.assertEqual(self.resolved(server), 404)
        self.assertEqual(self.filed(11), {})

        server.run("template", "publish", HANDLE, "1.0")
        begun = time.monotonic()
        key = HANDLE.upper()
        node.wait_until(lambda: self.filed(11), 20, "filed above")
        self.assertLess(time.monotonic() - begun, node.patience(1))
        self.assertEqual(self.filed(11), {f"H{key}|1.0": "KETTLE 1.0"})
        self.assertEqual(self.resolved(server), ["1.0"])
        done = self.over_handle()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("TEMPLATE_DOCUMENT", done.stdout.decode())

        self.register(server, "88.118.8/k1", "2000:name=one", "2001:weight=1.5")
        words = self.register(server, "88.118.8/k2", "2000:name=two", "2001:weight=heavy",
                              "2002:made=2026-02-30", expect=65).stderr.decode()
        self.assertIn("2001: not_number; 2002: not_date", words)
        words = self.register(server, "88.118.8/k2", "2000:name=one", expect=1).stderr.decode()
        self.assertIn("该取值已被其他标识使用", words)
        self.register(server, "88.118.8/k2", "2000:name=two", "2004:part=88.118.8/k1",
                      "2008:cost=9.9")
        status, body = server.get("/api/handles/88.118.8/k2")
        self.assertEqual((status, b"9.9" in body), (200, False))

        self.put(server, "template", template(), expect=1)  # It never changes.
        self.put(server, "template", template(version="2.0"))
        server.run("template", "publish", HANDLE, "2.0")
        self.assertEqual(self.resolved(server), ["1.0", "2.0"])
        states = {row["version"]: row["state"] for row in server.json("template", "list")}
        self.assertEqual(states, {"1.0": "published", "2.0": "published"})

        for version in ("1.0", "2.0"):
            server.run("template", "withdraw", HANDLE, version)
        node.wait_until(lambda: not self.filed(11), 20, "withdrawn above")
        self.assertEqual(self.resolved(server), 404)
        self.assertEqual(server.get("/api/handles/88.118.8/k1")[0], 200)
        self.register(server, "88.118.8/k3", "2000:name=three", expect=1)

        # After a restart it is as it was; the figures are those of the log; both ends agree.
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(len(server.json("template", "list", "--state", "withdrawn")), 2)
        self.assertRecounted(server)
        compared = server.json("filing", "reconcile")
        self.assertTrue(all(table["equal"] for table in compared), compared)

    def test_of_the_nodes_own_prefix_and_applications_are_filed_in_tables_of_their_own(self):
        server = self.started()
        self.put(server, "template", template("88.118/META_own"))
        server.run("template", "publish", "88.118/META_own", "1.0")
        self.put(server, "application", application())
        server.run("application", "put", "-",
                   input=json.dumps(application("88.118/App_own")).encode())
        node.wait_until(lambda: self.filed(4) and self.filed(5) and self.filed(10), 20, "filed")
        self.assertEqual(self.filed(4), {"H88.118/META_OWN|1.0": "KETTLE 1.0"})
        self.assertEqual(self.filed(5), {"H88.118/APP_OWN": "电水壶商城"})
        self.assertEqual(self.filed(10), {"H88.118.8/APP_SHOP": "电水壶商城"})
        self.assertEqual(len(server.json("application", "list")), 2)
        server.run("application", "remove", "88.118.8/App_shop")
        node.wait_until(lambda: not self.filed(10), 20, "removed above")
        server.run("application", "remove", "88.118.8/App_shop", expect=1)
        self.assertEqual(server.get("/api/handles/88.118/META_own")[0], 200)
        self.assertRecounted(server)

    def test_faults_are_told_in_both_languages(self):
        server = self.started()
        document = template(name="", kind=7)
        words = self.put(server, "template", document, expect=65).stderr.decode()
        for told in ("name (", "模板名称", "A required field is missing.", "kind ("):
            self.assertIn(told, words)
        words = self.put(server, "application", application(kind=9), expect=65).stderr.decode()
        self.assertIn("应用类型", words)
        self.assertEqual(server.json("template", "list"), [])


if __name__ == "__main__":
    unittest.main()
