"""The published log: exported by `idnode log export`, checked and counted by `idnode-recount`,
which comes to what the node says of itself and finds whatever was altered."""

import json
import os
import random
import shutil
import struct
import subprocess
import unittest

import node

PRODUCT = "01/06901234567892"
ALTERATIONS = 1_000 if node.TEST_ALL else 250


def recount(*arguments):
    done = subprocess.run(
        [node.RECOUNT, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=node.patience(node.COMMAND_SECONDS_MAX),
        env=node.ENVIRONMENT,
    )
    node.require_no_report(done.stderr.decode(errors="replace"))
    return done


def records_in(octets):
    records, at = [], 0
    while at < len(octets):
        size, = struct.unpack_from(">I", octets, at)
        records.append(octets[at:at + 4 + size])
        at += 4 + size
    return records


class LogTest(node.TestCase):
    def busy_node(self, name="node", **settings):
        """Some of everything that counts."""
        server = self.node(name, **settings).start()
        for code, prefix in (("acme", "88.118.8"), ("other", "88.118.9"), ("third", "88.118.10")):
            server.run("enterprise", "put", code)
            server.run("prefix", "allot", prefix, "--enterprise", code)
        server.run("prefix", "allot", "6901234", "--scheme", "gs1", "--enterprise", "acme")
        server.run("prefix", "suspend", "88.118.10")
        lines = "".join(f"88.118.{8 + n % 2}/SN-{n}\tvalve {n}\n" for n in range(1_000))
        codes = self.file(f"{name}.tsv", "identifier\tname\n" + lines)
        server.run("import", codes, "--link", "https://a.example/{text}", "--quiet")
        server.run("register", "88.118.8/SN-0", "--value", "1:URL=https://b.example", "--put")
        server.run("register", "88.118.8/SN-2", "--remove")
        server.run("range", "allocate", f"{PRODUCT}/21/0001-9999",
                   "--value", "1:URL=https://c.example")
        server.run("register", f"{PRODUCT}/21/0007", "--value", "1:URL=https://d.example")
        for path in ("88.118.8/SN-0", "88.118.9/SN-1", "88.118.9/NONE", f"{PRODUCT}/21/0008"):
            for _ in range(5):
                server.get("/api/handles/" + path)
        # Resolutions are in the log once they were folded into it.
        node.wait_until(lambda: server.json("stats")["evaluation"]["resolution_requests"] >= 20,
                        30, "20 resolutions counted")
        return server

    def keys(self, server):
        return self.file("node.vkeys", server.run("log", "keys").stdout)

    def export(self, server, folder, *arguments):
        return json.loads(server.run("log", "export", folder, "--quiet", "-o", "json",
                                     *arguments).stdout)

    def exported_past(self, server, folder, size, *arguments):
        """Exports until the signed checkpoint covers so much: it is a second behind, at most."""
        return node.wait_until(
            lambda: (done := self.export(server, folder, *arguments))["tree_size"] >= size and done,
            30, f"a checkpoint of {size} records")

    def assertSame(self, folder, keys, stated):
        file = self.file("stats.json", json.dumps(stated))
        done = recount(folder, "--key-file", keys, "--against", file, "-o", "json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def test_a_stranger_comes_to_the_figures_of_the_node(self):
        server = self.busy_node()
        stated = server.json("stats", "--enterprises", "--hours", "3")
        self.assertEqual(stated["evaluation"]["registered"], 1_000)
        self.assertEqual(stated["evaluation"]["allocated"], 9_998)
        self.assertEqual(stated["evaluation"]["connected_enterprises"], 2)
        folder, keys = self.directory / "export", self.keys(server)
        exported = self.exported_past(server, folder, stated["tree_size"])
        report = self.assertSame(folder, keys, stated)
        self.assertEqual(report["tree_size"], exported["tree_size"])
        self.assertEqual(report["origin"], f"idnode/88.118/{server.node_id}")
        self.assertEqual(sum(day["registered"] for day in report["days_utc"]), 1_000)
        self.assertEqual(sum(day["registered"] for day in report["days_shanghai"]), 1_000)
        # The same octets whenever it is asked, and a table for people.
        again = recount(folder, "--key-file", keys, "-o", "json")
        self.assertEqual(json.loads(again.stdout), report)
        table = recount(folder, "--key-file", keys)
        self.assertIn("acme", table.stdout.decode())
        self.assertRecounted(server)

        # One figure that is not the log's is named.
        stated["evaluation"]["registered"] += 1
        stated["enterprises"][1]["resolutions"] += 1
        done = recount(folder, "--key-file", keys, "--against",
                       self.file("wrong.json", json.dumps(stated)))
        self.assertEqual(done.returncode, 1)
        words = done.stderr.decode()
        self.assertIn("evaluation.registered: by the log 1000, by the node 1001", words)
        self.assertIn("enterprise 2: resolutions", words)

    def test_an_export_goes_on_where_it_ended_over_grpc_and_http(self):
        server = self.busy_node()
        folder, keys = self.directory / "export", self.keys(server)
        first = self.export(server, folder)
        self.assertEqual(first["new_records"], first["tree_size"])
        older = self.directory / "older"
        shutil.copy(folder / "checkpoint", older)
        server.run("register", "88.118.8/LATER", "--value", "1:URL=https://e.example")
        stated = server.json("stats")
        root = f"http://127.0.0.1:{server.http_port}/"
        done = node.command("log", "export", self.directory / "none", "--url", root, "--quiet")
        self.assertEqual(done.returncode, 77, done.stderr)
        token = self.file("token", server.token("--role", "reader"))
        second = self.exported_past(server, folder, stated["tree_size"], "--url", root,
                                    "--token-file", token)
        self.assertGreater(second["tree_size"], first["tree_size"])
        self.assertSame(folder, keys, stated)
        done = recount(folder, "--key-file", keys, "--since", older)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("extends", done.stderr.decode())
        done = recount(folder, "--since", older)
        self.assertIn("NO KEY WAS GIVEN", done.stderr.decode())

        # Another node's log does not extend this one, whichever keys are believed.
        other = self.busy_node("other")
        mine = server.run("log", "keys").stdout.decode().split()
        done = other.run("log", "export", folder, "--vkey", mine[0], "--vkey", mine[1], expect=70)
        self.assertIn("not signed by a key that is known", done.stderr.decode())
        self.assertSame(folder, keys, stated)

    def test_records_are_public_only_where_the_operator_says_so(self):
        server = self.busy_node(log_public_records="yes", log_origin="id.example.cn/log")
        folder = self.directory / "export"
        root = f"http://127.0.0.1:{server.http_port}"
        done = node.command("log", "export", folder, "--url", root, "--quiet", "-o", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["origin"], "id.example.cn/log")
        self.assertEqual(recount(folder).returncode, 0)

    def test_an_export_over_https_believes_only_its_authority(self):
        certificate, key = self.directory / "node.pem", self.directory / "node.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
            check=True, capture_output=True)
        server = self.busy_node(http_tls_listen="127.0.0.1:0", http_certificate_file=certificate,
                                http_key_file=key)
        port = server.log.wait_for("ready")[0]["https_port"]
        token = self.file("token", server.token("--role", "reader"))
        folder = self.directory / "export"
        line = ["log", "export", folder, "--url", f"https://localhost:{port}", "--quiet",
                "--token-file", token]
        done = node.command(*line)
        self.assertEqual(done.returncode, 70)
        self.assertIn("certificate is not trusted", done.stderr.decode())
        done = node.command("--ca", certificate, *line)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(recount(folder, "--key-file", self.keys(server)).returncode, 0)
        # No secret goes to another machine in plain text.
        line[line.index("--url") + 1] = "http://192.0.2.1"
        done = node.command(*line)
        self.assertEqual(done.returncode, 69)
        self.assertIn("HTTPS only", done.stderr.decode())

    def test_one_record_is_proved_by_one_text(self):
        server = self.busy_node()
        folder, keys = self.directory / "export", self.keys(server)
        self.export(server, folder)
        done = recount(folder, "--key-file", keys, "--prove", 3)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith(b"c2sp.org/tlog-proof@v1\nextra "))
        proof = self.file("3.tlog-proof", done.stdout)
        done = recount("--key-file", keys, "--verify", proof)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("record 3 is in the log", done.stdout.decode())
        wrong = self.file("4.tlog-proof", proof.read_bytes().replace(b"index 2\n", b"index 3\n"))
        self.assertEqual(recount("--key-file", keys, "--verify", wrong).returncode, 1)
        self.assertEqual(recount(folder, "--key-file", keys, "--prove", 10 ** 9).returncode, 1)
        self.assertEqual(recount("--verify", proof).returncode, 64)
        self.assertEqual(recount().returncode, 64)

    def alter(self, chance, files, folder):
        """One alteration of the folder; what it was."""
        name = chance.choice([name for name in files if name != "checkpoint"])
        octets = files[name]
        kind = chance.randrange(7)
        if kind == 0 or kind == 1:
            name = "checkpoint" if kind else name
            changed = bytearray(files[name])
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
            (folder / name).write_bytes(changed)
            return f"a bit of {name}"
        if kind == 2:
            (folder / name).write_bytes(octets[:chance.randrange(len(octets))])
            return f"truncated {name}"
        records = records_in(octets)
        if len(records) < 2:  # The last file may have one.
            (folder / name).unlink()
            return f"removed {name}"
        at = chance.randrange(len(records) - 1)
        if kind == 3:
            records[at], records[at + 1] = records[at + 1], records[at]
        elif kind == 4:
            del records[at]
        elif kind == 5:
            records.insert(at, records[at])
        else:
            (folder / name).unlink()
            return f"removed {name}"
        (folder / name).write_bytes(b"".join(records))
        return f"records of {name} ({kind})"

    def test_whatever_is_altered_is_found_and_named(self):
        server = self.busy_node()
        folder, keys = self.directory / "export", self.keys(server)
        self.export(server, folder)
        for n in range(5):
            server.run("register", f"88.118.8/MORE-{n}", "--value", "1:URL=https://e.example")
        self.exported_past(server, folder, server.json("stats")["tree_size"])
        paths = [folder / "checkpoint", *(folder / "records").iterdir()]
        files = {str(path.relative_to(folder)): path.read_bytes() for path in paths}
        self.assertGreater(len(files), 2)
        chance = random.Random(20_261_122)
        for _ in range(ALTERATIONS):
            what = self.alter(chance, files, folder)
            done = recount(folder, "--key-file", keys)
            self.assertEqual(done.returncode, 1, what)
            self.assertRegex(done.stderr.decode(), r"^idnode-recount: (records|checkpoint).*: .+")
            for name, octets in files.items():
                (folder / name).write_bytes(octets)
        self.assertEqual(recount(folder, "--key-file", keys).returncode, 0)

    def test_a_log_that_was_set_back_is_not_signed_under_its_name(self):
        server = self.busy_node()
        backup = self.directory / "backup"
        server.run("backup", backup)
        server.run("register", "88.118.8/LOST", "--value", "1:URL=https://e.example")
        size = server.json("stats")["tree_size"]
        self.exported_past(server, self.directory / "export", size)
        self.assertEqual(server.stop(), 0)
        restored = self.directory / "restored"
        done = node.command("restore", backup, restored)
        self.assertEqual(done.returncode, 0, done.stderr)
        shutil.copytree(server.directory / "keys", restored / "keys")
        shutil.copy(server.directory / "checkpoint", restored / "checkpoint")
        again = self.node("restored").start()
        again.log.wait_for("log_not_signed")
        status, body = again.get("/log/checkpoint")
        self.assertEqual((status, json.loads(body)["code"]), (500, "short_log"))
        again.run("log", "export", self.directory / "export", expect=12)
        # What is registered now does not make it the log that was signed.
        for n in range(20):
            again.run("register", f"88.118.8/OTHER-{n}", "--value", "1:URL=https://f.example")
        again.stop()
        again.start()
        status, body = again.get("/log/checkpoint")
        self.assertEqual((status, json.loads(body)["code"]), (500, "short_log"))
        self.assertIn("not the one that was signed", json.loads(body)["detail"])
        again.stop()
        again.set(log_origin="node.example/second")
        again.start()
        self.assertEqual(again.get("/log/checkpoint")[0], 200)

    def test_the_program_has_nothing_of_a_server_in_it(self):
        needed = subprocess.run(["readelf", "-d", node.RECOUNT], capture_output=True,
                                check=True).stdout
        for library in (b"librocksdb", b"libgrpc", b"libprotobuf"):
            self.assertNotIn(library, needed)
        self.assertLess(os.path.getsize(node.RECOUNT), os.path.getsize(node.IDNODE))
        done = recount("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("Examples / 示例".encode(), done.stdout)


if __name__ == "__main__":
    unittest.main()
