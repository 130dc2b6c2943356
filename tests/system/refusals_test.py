"""What the program refuses: wrong starts, words and callers; and what goes on meanwhile."""

import json
import os
import shutil
import socket
import unittest

import node

FORMAT_OTHER = "999\n"


class StartTest(node.TestCase):
    """A node that must not start says why, and exits with the code for it."""

    def assertStartFails(self, server, code, *words):
        server.launch()
        self.assertEqual(server.wait(), code, server.log.text())
        for word in words:
            self.assertIn(word, server.log.text())

    def stopped_node(self):
        """A data directory with an identifier in it."""
        server = self.node().start()
        server.run("enterprise", "put", "acme")
        server.run("prefix", "allot", "88.118.1", "--enterprise", "acme")
        server.run("register", "88.118.1/a", "--value", "1:URL=https://example.cn/a")
        self.assertEqual(server.stop(), 0)
        return server

    def test_a_directory_that_is_in_use(self):
        self.node().start()
        self.assertStartFails(self.node(), 73, "in_use", "数据目录正被使用")

    def test_a_directory_of_another_format_version(self):
        server = self.stopped_node()
        (server.directory / "FORMAT").write_text(FORMAT_OTHER)
        self.assertStartFails(server, 78, "format_version")
        self.assertEqual(
            node.command("recount", "--quiet", "--directory", server.directory).returncode, 78
        )

    def test_a_directory_of_another_role(self):
        server = self.stopped_node()
        server.set(node_role="enterprise")
        self.assertStartFails(server, 78, "other_node")

    def test_a_directory_of_another_prefix(self):
        server = self.stopped_node()
        server.set(node_prefix="88.119")
        self.assertStartFails(server, 78, "other_node")

    def test_a_directory_that_holds_other_things(self):
        server = self.node()
        server.directory.mkdir()
        (server.directory / "thesis.txt").write_text("not ours")
        self.assertStartFails(server, 78, "format_version")
        self.assertEqual(os.listdir(server.directory), ["thesis.txt"])

    def test_a_node_keeps_its_identity_over_restarts(self):
        server = self.node().start()
        node_id = server.node_id
        self.assertEqual(server.stop(), 0)
        self.assertEqual(server.start().node_id, node_id)

    def test_damaged_rows_are_never_taken_for_an_empty_store(self):
        pristine = self.stopped_node()
        rows = sorted(p.name for p in (pristine.directory / "rows").iterdir())
        damages = {
            "a table is lost": self.lose_tables,
            "a table is cut": self.cut_tables,
            "CURRENT is lost": lambda directory: (directory / "CURRENT").unlink(),
            "the manifest is cut to nothing": self.cut_manifest,
            "all rows are lost": shutil.rmtree,
        }
        self.assertIn("CURRENT", rows)
        for name, damage in damages.items():
            with self.subTest(name):
                server = self.node("damaged")
                shutil.copytree(
                    pristine.directory,
                    server.directory,
                    ignore=lambda _, names: [n for n in names if n.endswith(".sock")],
                )
                damage(server.directory / "rows")
                self.assertFoundOrFailed(server)
                shutil.rmtree(server.directory)

    @staticmethod
    def lose_tables(rows):
        for table in [*rows.glob("*.sst"), *rows.glob("*.log")]:
            table.unlink()

    @staticmethod
    def cut_tables(rows):
        for table in rows.glob("*.sst"):
            os.truncate(table, table.stat().st_size // 2)

    @staticmethod
    def cut_manifest(rows):
        for manifest in rows.glob("MANIFEST-*"):
            os.truncate(manifest, 0)

    def assertFoundOrFailed(self, server):
        """It does not start, or the identifier is found or an error; never "not registered"."""
        server.launch()
        try:
            ready, _ = server.log.wait_for("ready", node.START_SECONDS_MAX)
        except node.Ended:
            self.assertIn(server.wait(), (12, 70, 74, 78), server.log.text())
            return
        server.http_port = int(ready["http_port"])
        status, body = server.get("/api/handles/88.118.1/a")
        self.assertIn(status, (200, 500), f"{body!r}\n{server.log.text()}")
        server.kill()

    def test_a_store_that_is_older_than_what_was_acknowledged(self):
        server = self.stopped_node()
        old = self.directory / "old"
        shutil.copytree(server.directory / "rows", old)
        server.start()
        for number in range(3):
            server.run("register", f"88.118.1/{number}", "--value", "1:URL=https://example.cn/")
        self.assertEqual(server.stop(), 0)
        shutil.rmtree(server.directory / "rows")
        shutil.copytree(old, server.directory / "rows")
        self.assertStartFails(server, 12, "short_log")

    def test_a_port_that_is_taken(self):
        other = self.node("other").start()
        server = self.node()
        server.set(http_listen=f"127.0.0.1:{other.http_port}")
        server.launch()
        self.assertNotEqual(server.wait(), 0)
        self.assertIn("http.listen", server.log.text())


class ConfigurationTest(node.TestCase):
    def refused(self, *arguments, **environment):
        done = node.command("config", "check", *arguments, environment=environment)
        self.assertEqual(done.returncode, 78, done.stderr)
        self.assertEqual(done.stdout, b"")
        return done.stderr.decode()

    def test_an_option_that_does_not_exist_is_named_with_the_one_that_was_meant(self):
        file = self.file("idnode.toml",
                         '[node]\nprefix = "88.118"\n[http]\nlisen = "127.0.0.1:1"\n')
        words = self.refused("--config", file)
        self.assertIn("idnode.toml:4", words)
        self.assertIn("did you mean http.listen", words)
        self.assertIn("是否指 http.listen", words)

    def test_a_value_out_of_its_range_is_refused_wherever_it_comes_from(self):
        self.assertIn("--set", self.refused("--set", "http.threads=-1", "--set", "node.prefix=88"))
        self.assertIn(
            "IDNODE_HTTP_THREADS",
            self.refused("--set", "node.prefix=88", IDNODE_HTTP_THREADS="many"),
        )

    def test_all_problems_are_told_at_once(self):
        words = self.refused(
            "--set", "node.role=king", "--set", "log.level=loud", "--set", "http.listen=here"
        )
        for option in ("node.role", "log.level", "http.listen", "node.prefix"):
            self.assertIn(option, words)

    def test_plain_text_is_for_loopback_only(self):
        words = self.refused("--set", "node.prefix=88.118", "--set", "grpc.listen=0.0.0.0:9070")
        self.assertIn("grpc.ca_file", words)

    def test_a_file_that_is_not_toml_is_refused_with_its_line(self):
        file = self.file("idnode.toml", '[node]\nprefix = "88.118\n')
        self.assertIn("idnode.toml:2", self.refused("--config", file))

    def test_a_server_does_not_start_with_a_wrong_configuration(self):
        server = self.node()
        server.set(http_theads=1)
        server.launch()
        self.assertEqual(server.wait(), 78)
        self.assertIn("http.threads", server.log.text())
        self.assertFalse(server.directory.exists())

    def test_a_node_above_needs_a_token_file_that_can_be_read(self):
        server = self.node()
        server.set(upstream_address="127.0.0.1:1", upstream_token_file="/nonexistent")
        server.launch()
        self.assertNotEqual(server.wait(), 0)
        self.assertIn("upstream.token_file", server.log.text())


class CallerTest(node.TestCase):
    """One node with an enterprise; what callers may not."""

    def setUp(self):
        super().setUp()
        self.server = self.node().start()
        self.server.run("enterprise", "put", "acme")
        self.server.run("prefix", "allot", "88.118.1", "--enterprise", "acme")
        self.token = self.server.token("--role", "enterprise", "--enterprise", "acme")
        self.values = b'[{"index":1,"type":"URL","data":"https://example.cn/"}]'

    def put(self, identifier, token, body=None):
        status, answer = self.server.request(
            "PUT", "/api/handles/" + identifier, body or self.values, token
        )
        return status, json.loads(answer)["responseCode"]

    def test_callers_without_a_good_token_write_nothing(self):
        self.assertEqual(self.put("88.118.1/a", None), (401, 402))
        unknown = self.token[:-4] + "AAAA"
        self.assertEqual(self.put("88.118.1/a", unknown), (403, 403))
        self.assertEqual(self.put("88.118.1/a", self.token), (201, 1))
        self.server.run("token", "revoke", self.token.split("_")[1])
        self.assertEqual(self.put("88.118.1/b", self.token), (403, 403))
        self.assertEqual(self.server.get("/api/handles/88.118.1/b")[0], 404)

    def test_an_enterprise_writes_under_its_own_prefixes_only(self):
        self.server.run("enterprise", "put", "other")
        self.server.run("prefix", "allot", "88.118.2", "--enterprise", "other")
        self.assertEqual(self.put("88.118.2/a", self.token), (403, 400))
        self.assertEqual(self.put("88.118.3/a", self.token), (403, 400))

    def test_a_prefix_that_is_suspended_takes_no_registrations_until_it_is_resumed(self):
        self.assertEqual(self.put("88.118.1/a", self.token), (201, 1))
        self.server.run("prefix", "suspend", "88.118.1")
        self.assertEqual(self.put("88.118.1/b", self.token), (403, 400))
        self.assertEqual(self.server.get("/api/handles/88.118.1/a")[0], 200)
        refused = self.server.run(
            "register", "88.118.1/b", "--value", "1:URL=https://example.cn/", expect=77
        )
        self.assertIn(b"prefix_inactive", refused.stderr)
        self.server.run("prefix", "resume", "88.118.1")
        self.assertEqual(self.put("88.118.1/b", self.token), (201, 1))

    def test_what_no_identifier_or_body_may_hold_is_refused(self):
        deep = b"[" * 10_000 + b"]" * 10_000
        bodies = {
            "cut short": b'[{"index":1,"type":"URL","da',
            "nested 10,000 deep": deep,
            "nested deep in a value": b'[{"index":1,"type":"URL","data":' + deep + b"}]",
            "invalid UTF-8": b'[{"index":1,"type":"URL","data":"\xff\xfe"}]',
            "a type with an octet of zero": b'[{"index":1,"type":"U\\u0000L","data":"x"}]',
            "a lone surrogate": b'[{"index":1,"type":"URL","data":"\\ud800"}]',
            "an octet of zero": b'[{"index":1,"type":"URL","data":"x"}]\0',
            "nothing": b" ",
            "an index twice": b'[{"index":1,"type":"A","data":"x"},'
                              b'{"index":1,"type":"A","data":"y"}]',
        }
        for name, body in bodies.items():
            with self.subTest(name):
                status, code = self.put("88.118.1/a", self.token, body)
                self.assertIn(status, (400, 409), code)
                self.assertNotEqual(code, 1)
        for path in ("88.118.1/%00", "88.118.1/a%00b", "88.118.1/%ff", "88.118.1/%0a", "%"):
            with self.subTest(path):
                self.assertEqual(self.put(path, self.token)[0], 400)
                # Whatever is asked for: it is malformed, or it was never registered.
                self.assertIn(self.server.get("/api/handles/" + path)[0], (400, 404))
        self.assertEqual(self.server.get("/api/handles/88.118.1/a")[0], 404)
        self.assertEqual(self.server.json("stats")["evaluation"]["registered"], 0)

    def test_a_line_that_cannot_be_read_fails_by_itself(self):
        good = b'{"identifier":"88.118.1/%d","values":[{"index":1,"type":"URL","data":"x"}]}'
        lines = [
            good % 1,
            b"\0",
            b'{"identifier":"88.118.1/\xff","values":[]}',
            b"[" * 10_000,
            b'{"identifier":"88.118.1/2"',
            b'{"identifier":"88.118.1/a\\u0000b","values":[{"index":1,"type":"URL","data":"x"}]}',
            good % 3,
        ]
        status, answer = self.server.request(
            "POST", "/api/v1/identifiers:batch", b"\n".join(lines), self.token
        )
        self.assertEqual(status, 200)
        rows = [json.loads(row) for row in answer.splitlines()]
        self.assertEqual(
            [row["outcome"] for row in rows[:-1]], ["created"] + ["refused"] * 5 + ["created"]
        )
        self.assertTrue(rows[-1]["summary"]["complete"])

    def raw(self, octets):
        """Says octets as they are and reads until the server closes."""
        address = ("127.0.0.1", self.server.http_port)
        with socket.create_connection(address, timeout=node.patience(30)) as peer:
            peer.sendall(octets)
            answer = b""
            while True:
                part = peer.recv(65_536)
                if not part:
                    return answer
                answer += part

    def test_a_request_that_can_be_read_in_two_ways_ends_the_connection(self):
        head = b"PUT /api/handles/88.118.1/a HTTP/1.1\r\nHost: x\r\n"
        smuggled = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        for name, fields in {
            "both lengths": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "both, the other way round": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n",
            "two hosts": b"Host: y\r\n",
            "a space before the colon": b"Content-Length : 5\r\n",
            "a folded line": b"X-A: b\r\n c\r\n",
        }.items():
            with self.subTest(name):
                answer = self.raw(head + fields + b"\r\n0\r\n\r\n" + smuggled)
                self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer[:200])
                self.assertEqual(answer.count(b"HTTP/1.1 "), 1, "what followed was answered")


class DiskTest(node.TestCase):
    def test_a_disk_that_is_nearly_full_takes_no_writes_and_goes_on_answering(self):
        server = self.node().start()
        server.run("enterprise", "put", "acme")
        server.run("prefix", "allot", "88.118.1", "--enterprise", "acme")
        server.run("register", "88.118.1/a", "--value", "1:URL=https://example.cn/a")
        token = server.token("--role", "enterprise", "--enterprise", "acme")
        self.assertEqual(server.stop(), 0)

        facts = os.statvfs(server.directory)
        free_gib = facts.f_bavail * facts.f_frsize >> 30
        server.set(data_reserve=f"{free_gib + 1_024}GiB")
        server.start()
        body = b'[{"index":1,"type":"URL","data":"https://example.cn/"}]'
        status, answer = server.request("PUT", "/api/handles/88.118.1/b", body, token)
        self.assertEqual(status, 503)
        self.assertEqual(json.loads(answer)["responseCode"], 7)
        batch = b'{"identifier":"88.118.1/c","values":[]}'
        _, answer = server.request("POST", "/api/v1/identifiers:batch", batch, token)
        self.assertIn(b'"code":"disk_full"', answer)
        refused = server.run(
            "register", "88.118.1/b", "--value", "1:URL=https://example.cn/", expect=74
        )
        self.assertIn(b"disk_full", refused.stderr)
        refused = server.run("enterprise", "put", "other", expect=74)
        self.assertIn(b"disk_full", refused.stderr)
        self.assertEqual(server.get("/api/handles/88.118.1/a")[0], 200)
        self.assertEqual(server.json("stats")["evaluation"]["registered"], 1)
        self.assertEqual(server.stop(), 0)

        server.set(data_reserve="64MiB")
        server.start()
        status, _ = server.request("PUT", "/api/handles/88.118.1/b", body, token)
        self.assertEqual(status, 201)


if __name__ == "__main__":
    unittest.main(verbosity=2)
