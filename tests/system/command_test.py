"""The subcommands: what they say, where, and with which exit code."""

import json
import re
import subprocess
import threading
import unittest

import node
from codes_file import PREFIX, gtin13

SUBCOMMANDS = (
    "serve init site enterprise prefix token register range resolve explain trace import links "
    "template application export filing directive incident stats report dossier recount log audit "
    "backup restore rehearse config doctor completion version"
).split()
CHINESE = re.compile("[\u4e00-\u9fff]")


class WordsTest(node.TestCase):
    """Without any node."""

    def test_every_subcommand_explains_itself_in_both_languages_with_examples(self):
        listed = node.command("--help")
        self.assertEqual(listed.returncode, 0)
        for name in SUBCOMMANDS:
            with self.subTest(name):
                self.assertIn(f"\n  {name} ", listed.stdout.decode())
                done = node.command(name, "--help")
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                words = done.stdout.decode()
                self.assertRegex(words, CHINESE)
                examples = words.split("Examples / 示例:\n")
                self.assertEqual(len(examples), 2, "no examples")
                self.assertIn(f"idnode {name}", examples[1])
        self.assertIn("Exit codes / 退出码", listed.stdout.decode())

    def test_the_subcommands_listed_are_those_that_are_tested(self):
        words = node.command("--help").stdout.decode().split("Subcommands:\n")[1]
        listed = re.findall(r"^  ([a-z]+) ", words.split("\n\n")[0], re.MULTILINE)
        self.assertEqual(sorted(listed), sorted(SUBCOMMANDS))

    def test_a_wrong_command_line_is_64_and_says_nothing_on_stdout(self):
        for line in (
            [],
            ["frobnicate"],
            ["stats", "--frobnicate"],
            ["resolve"],
            ["register"],
            ["register", "1/a", "--put", "--remove"],
            ["import"],
            ["import", "x.csv", "--batch", "0"],
            ["stats", "-o", "xml"],
            ["stats", "--hours", "many"],
            ["serve", "--set", "http.listen"],
            ["prefix", "allot", "88.118.1"],
            ["completion", "fish"],
            ["token"],
        ):
            with self.subTest(line):
                done = node.command(*line)
                self.assertEqual((done.returncode, done.stdout), (64, b""))
                self.assertNotEqual(done.stderr, b"")

    def test_a_word_that_is_none_of_a_few_is_answered_with_them(self):
        done = node.command("stats", "-o", "xml")
        words = "xml: must be one of / 必须是下列之一: json, jsonl, table"
        self.assertIn(words, done.stderr.decode())
        done = node.command("version", "-o", "JSON")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_node_that_is_not_there_is_69(self):
        for line in (["stats"], ["resolve", "1/a"], ["token", "list"], ["recount"]):
            with self.subTest(line):
                done = node.command("--node", f"unix:{self.directory}/none", "--timeout", 5, *line)
                self.assertEqual((done.returncode, done.stdout), (69, b""))
                self.assertRegex(done.stderr.decode(), CHINESE)

    def test_the_completion_scripts_can_be_read_by_their_shell(self):
        for shell in ("bash", "zsh"):
            done = node.command("completion", shell)
            self.assertEqual(done.returncode, 0)
            for name in SUBCOMMANDS:
                self.assertIn(name.encode(), done.stdout)
        script = self.file("idnode.bash", node.command("completion", "bash").stdout)
        subprocess.run(["bash", "-n", script], check=True)
        offered = subprocess.run(
            [
                "bash",
                "-c",
                f"source {script}; COMP_WORDS=(idnode pre); COMP_CWORD=1; _idnode; "
                'printf "%s\\n" "${COMPREPLY[@]}"',
            ],
            cwd=self.directory,
            capture_output=True,
            check=True,
        )
        self.assertEqual(offered.stdout.decode().split(), ["prefix"])

    def test_the_example_configuration_passes_its_own_check(self):
        example = node.command("config", "example")
        self.assertEqual(example.returncode, 0)
        shipped = (node.SOURCE / "deploy/idnode.toml").read_bytes()
        self.assertEqual(example.stdout, shipped)
        file = self.file("idnode.toml", example.stdout)
        done = node.command("config", "check", "--config", file, "--set", "node.prefix=88.118")
        self.assertEqual(done.returncode, 0, done.stderr)

        # Every option set to the default that it shows, but for those that are empty.
        lines = example.stdout.decode().replace('#prefix = ""', 'prefix = "88.118"')
        everything = re.sub(r'^#([a-z_]+ = (?!""$))', r"\1", lines, flags=re.MULTILINE)
        file.write_text(everything)
        done = node.command("config", "check", "--config", file)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, b"")

    def identity(self, command, *arguments, listen="192.0.2.7:2641, [2001:db8::7]:2641"):
        """`init` or `site` of a data directory of this test's own."""
        return node.command(
            "--set", f"data.directory={self.directory}/identity", "--set", "node.prefix=88.118",
            "--set", f"handle.listen={listen}", command, *arguments)

    def test_init_makes_keys_once_and_tells_what_the_node_above_must_know(self):
        first = self.identity("init", "-o", "json")
        self.assertEqual(first.returncode, 0, first.stderr)
        told = json.loads(first.stdout)
        self.assertEqual((told["role"], told["prefix"]), ("secondary", "88.118"))
        self.assertEqual(len(told["node_id"]), 32)
        self.assertTrue(told["rsa_public_key"].startswith("-----BEGIN PUBLIC KEY-----"))
        self.assertEqual([site["type"] for site in told["site"]], ["HS_SITE", "HS_SITE.6"])
        self.assertRegex(first.stderr.decode(), CHINESE)
        keys = self.directory / "identity/keys"
        self.assertEqual(sorted(file.name for file in keys.iterdir()),
                         ["ed25519.pem", "rsa.pem", "sealing.key", "sm2.pem", "witness.pem"])
        for file in keys.iterdir():
            self.assertEqual(file.stat().st_mode & 0o777, 0o600, file.name)

        again = self.identity("init", "-o", "json")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(json.loads(again.stdout), told)
        self.assertIn(b"were there already", again.stderr)

    def test_site_shows_one_record_in_three_forms(self):
        self.identity("init")
        sites = [json.loads(line) for line in self.identity("site").stdout.splitlines()]
        self.assertEqual([site["servers"][0]["address"] for site in sites],
                         ["192.0.2.7", "2001:db8::7"])
        self.assertEqual([(each["protocol"], each["port"])
                          for each in sites[0]["servers"][0]["interfaces"]],
                         [("TCP", 2641), ("UDP", 2641)])
        values = json.loads(self.identity("site", "values").stdout)
        self.assertEqual([value["type"] for value in values], ["HS_SITE", "HS_SITE.6"])
        self.assertEqual([value["data"]["value"] for value in values], sites)
        binary = self.identity("site", "binary").stdout
        self.assertEqual(binary[:6], bytes.fromhex("0001020b0001"))
        self.assertIn(bytes([0] * 12 + [192, 0, 2, 7]), binary)

    def test_site_asks_for_an_address_that_clients_can_reach(self):
        self.identity("init")
        done = self.identity("site", listen="0.0.0.0:2641")
        self.assertEqual((done.returncode, done.stdout), (65, b""))
        self.assertIn(b"handle.public_addresses", done.stderr)

    def test_site_without_keys_says_which_are_missing(self):
        done = self.identity("site")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"keys", done.stderr)

    def test_show_says_where_each_value_comes_from_and_gives_the_same_again(self):
        file = self.file("idnode.toml", '[node]\nprefix = "88.118"\n')
        shown = node.command(
            "config",
            "show",
            "--config",
            file,
            "--set",
            "log.level=debug",
            environment={"IDNODE_HTTP_THREADS": "3"},
        )
        self.assertEqual(shown.returncode, 0, shown.stderr)
        for word in (b'"88.118"', b'"debug"', b"threads = 3"):
            self.assertIn(word, shown.stdout)
        again = node.command("config", "check", "--config", self.file("again.toml", shown.stdout))
        self.assertEqual(again.returncode, 0, again.stderr)

    def test_each_option_is_explained_and_an_unknown_one_is_not(self):
        done = node.command("config", "explain", "http.listen")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"IDNODE_HTTP_LISTEN", done.stdout)
        self.assertRegex(done.stdout.decode(), CHINESE)
        everything = node.command("config", "explain").stdout
        for option in (b"node.prefix", b"log.format", b"ledger.queue_items"):
            self.assertIn(option, everything)
        done = node.command("config", "explain", "http.lisen")
        self.assertEqual((done.returncode, done.stdout), (64, b""))
        self.assertIn(b"did you mean http.listen", done.stderr)

    def test_version_in_every_format(self):
        version = json.loads(node.command("version", "-o", "json").stdout)
        self.assertEqual(version["counting_rules"], "idnode-counting-2")
        self.assertIn(version["idnode"].encode(), node.command("version").stdout)


class NodeTest(node.TestCase):
    """With a node that has an enterprise and some identifiers."""

    def setUp(self):
        super().setUp()
        self.server = self.enrolled_node("node")
        for number in range(3):
            self.server.run(
                "register", f"88.118.1/{number}", "--value", f"1:URL=https://example.cn/{number}"
            )
        self.server.run("register", gtin13(1), "--value", "2000:NAME=电水壶")

    def enrolled_node(self, name):
        server = self.node(name).start()
        server.run("enterprise", "put", "acme", "--name", "Acme Kettles")
        server.run("prefix", "allot", "88.118.1", "--enterprise", "acme")
        server.run("prefix", "allot", PREFIX, "--scheme", "gs1", "--enterprise", "acme")
        return server

    def test_json_and_json_lines_can_be_read_and_messages_go_to_stderr(self):
        self.server.token("--role", "reader")
        for line in (
            ["enterprise", "list"],
            ["prefix", "list"],
            ["token", "list"],
            ["resolve", "88.118.1/0"],
            ["resolve", "88.118.1/0", "88.118.1/1"],
            ["stats"],
            ["stats", "--enterprises", "--hours", "2"],
            ["report"],
            ["recount"],
            ["export", "--digest"],
            ["version"],
        ):
            with self.subTest(line):
                json.loads(self.server.run(*line, "-o", "json").stdout)
                rows = self.server.run(*line, "-o", "jsonl").stdout.splitlines()
                self.assertGreater(len(rows), 0)
                for row in rows:
                    self.assertIsInstance(json.loads(row), dict)
                self.assertNotEqual(self.server.run(*line).stdout, b"")
        # The doctor may find something wrong with this machine; it says so in the format asked for.
        done = node.command(
            "doctor", "-o", "json", "--node", self.server.address, "--set", "node.prefix=88.118"
        )
        self.assertIn(done.returncode, (0, 1))
        findings = json.loads(done.stdout)
        self.assertTrue(all(row["en"] and row["zh"] for row in findings))

    def test_tables_keep_messages_and_data_apart(self):
        created = self.server.run("token", "create", "--role", "reader")
        self.assertRegex(created.stdout.decode(), r"^idn_[0-9a-f]{16}_[A-Za-z0-9_-]{43}\n$")
        self.assertNotIn(created.stdout.strip(), created.stderr)
        self.assertIn(b"It is shown only now", created.stderr)
        recount = self.server.run("recount", "--quiet")
        self.assertIn("核算一致", recount.stderr.decode())
        self.assertNotIn("核算一致", recount.stdout.decode())
        export = self.server.run("export", "--quiet")
        self.assertEqual(len([json.loads(row) for row in export.stdout.splitlines()]), 4)

    def test_an_enterprise_table_keeps_its_messages_on_one_stream(self):
        done = self.server.run("stats", "--enterprises")
        self.assertIn(b"Acme Kettles", done.stdout)
        self.assertEqual(done.stderr.strip(), b"")

    def test_what_is_not_there_is_1_and_what_is_wrong_is_65(self):
        done = self.server.run("resolve", "88.118.1/none", expect=1)
        self.assertEqual(done.stdout, b"")
        self.assertIn(b"not_found", done.stderr)
        self.server.run("register", "88.118.1/none", "--remove", expect=1)
        done = self.server.run("register", "6901230000001", "--value", "1:URL=x", expect=65)
        self.assertIn(b"check_digit", done.stderr)
        self.server.run("register", "88.118.1/0", "--value", "1:URL=other", expect=1)
        self.server.run("register", "88.119.1/0", "--value", "1:URL=other", expect=77)
        self.server.run("resolve", "99.1/0", expect=1)

    def test_registering_is_repeated_with_its_key_and_changed_with_words(self):
        register = ("register", "88.118.1/k", "--value", "1:URL=a", "--idempotency-key", "key-1")
        first = self.server.json(*register)
        self.assertEqual(first["outcome"], "created")
        self.assertEqual(self.server.json(*register), first)
        replace = ("register", "88.118.1/k", "--value", "1:URL=b")
        self.assertEqual(self.server.json(*replace, "--replace")["outcome"], "replaced")
        self.assertEqual(self.server.json(*replace, "--put")["outcome"], "unchanged")
        remove = ("register", "88.118.1/k", "--remove")
        self.assertEqual(self.server.json(*remove)["outcome"], "removed")
        self.server.run("resolve", "88.118.1/k", expect=1)
        stats = self.server.json("stats")["evaluation"]
        self.assertEqual((stats["registered"], stats["registered_gross"]), (4, 5))

    def test_a_token_lives_from_its_creation_to_its_revocation(self):
        created = self.server.json(
            "token", "create", "--role", "enterprise", "--enterprise", "acme", "--note", "night"
        )
        secret = self.file("acme.token", created["token"] + "\n")
        address = f"127.0.0.1:{self.server.grpc_port}"

        def remotely(*arguments):
            return node.command("--node", address, "--token-file", secret, *arguments)

        registered = ("register", "88.118.1/t", "--value", "1:URL=a")
        self.assertEqual(node.command("--node", address, *registered).returncode, 77)
        done = remotely(*registered)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(remotely("enterprise", "put", "mallory").returncode, 77)
        self.assertEqual(remotely("token", "create", "--role", "operator").returncode, 77)

        listed = {row["id"]: row for row in self.server.json("token", "list")}
        self.assertEqual(listed[created["id"]]["note"], "night")
        self.assertFalse(listed[created["id"]]["revoked"])
        self.assertNotIn(created["token"].split("_", 2)[2], json.dumps(listed))
        self.assertTrue(self.server.json("token", "revoke", created["id"])["revoked"])
        done = remotely("register", "88.118.1/u", "--value", "1:URL=a")
        self.assertEqual(done.returncode, 77)
        self.assertIn(b"token_revoked", done.stderr)
        self.server.run("token", "revoke", "0" * 16, expect=1)
        stored = b"".join(
            path.read_bytes()
            for path in sorted(self.server.directory.rglob("*"))
            if path.is_file()
        )
        self.assertNotIn(created["token"].split("_", 2)[2].encode(), stored)

    def register_everything_a_value_can_have(self):
        token = self.server.token("--role", "enterprise", "--enterprise", "acme")
        values = [
            {"index": 1, "type": "URL", "data": "https://example.cn/", "ttl": 60},
            {"index": 2, "type": "PHOTO", "data": {"format": "base64", "value": "/wABAgM="}},
            {"index": 3, "type": "SECRET", "data": "内部", "permissions": "1100"},
            {"index": 4, "type": "OLD", "data": "", "ttl": "2030-01-01T00:00:00Z"},
            {
                "index": 5,
                "type": "PART",
                "data": "see",
                "references": [{"index": 1, "handle": "88.118.1/0"}],
            },
        ]
        status, answer = self.server.request(
            "PUT", "/api/handles/88.118.1/all", json.dumps(values), token
        )
        self.assertEqual(status, 201, answer)

    def test_an_export_that_is_imported_elsewhere_has_the_same_digest(self):
        self.register_everything_a_value_can_have()
        everything = self.directory / "all.jsonl"
        self.server.run("export", "--quiet", "--output-file", everything)
        other = self.enrolled_node("other")
        done = other.json("import", everything, "--quiet")
        self.assertEqual((done["registered"], done["refused"]), (5, 0))
        digest = ("export", "--digest", "--quiet")
        self.assertEqual(other.json(*digest), self.server.json(*digest))

    def test_an_export_is_piped_into_an_import(self):
        other = self.enrolled_node("other")
        exported = self.started(
            "--node",
            self.server.address,
            "export",
            "--quiet",
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        done = subprocess.run(
            [node.IDNODE, "--node", other.address]
            + ["import", "-", "--format", "jsonl", "--quiet", "-o", "json"],
            stdin=exported.stdout,
            capture_output=True,
            cwd=self.directory,
            env=node.ENVIRONMENT,
            timeout=node.patience(node.COMMAND_SECONDS_MAX),
        )
        self.assertEqual(exported.wait(node.patience(60)), 0)
        self.assertEqual(done.returncode, 0, done.stderr)
        digest = ("export", "--digest", "--quiet")
        self.assertEqual(other.json(*digest), self.server.json(*digest))

    def test_a_backup_taken_while_writing_is_restored_whole(self):
        token = self.server.token("--role", "enterprise", "--enterprise", "acme")
        stopping = threading.Event()
        written = []

        def write():
            connection = self.server.http()
            while not stopping.is_set():
                first = len(written)
                lines = b"".join(
                    b'{"identifier":"88.118.1/w%d",'
                    b'"values":[{"index":1,"type":"URL","data":"x"}]}\n'
                    % number
                    for number in range(first, first + 50)
                )
                connection.request(
                    "POST",
                    "/api/v1/identifiers:batch",
                    lines,
                    {"Authorization": "Bearer " + token},
                )
                if connection.getresponse().read().count(b'"created"') < 50:
                    return
                written.extend(range(first, first + 50))
            connection.close()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            node.wait_until(lambda: len(written) > 200, 60, "some writes")
            before = len(written)
            backup = self.directory / "backup"
            done = self.server.json("backup", backup, "--quiet")
            after = len(written)
            node.wait_until(lambda: len(written) > after + 200, 60, "some more writes")
        finally:
            stopping.set()
            writer.join(node.patience(60))
        verified = json.loads(node.command("backup", "--verify", backup, "-o", "json").stdout)
        self.assertTrue(verified["verified"])
        self.assertEqual(verified["position"], done["position"])
        self.server.run("backup", backup, "--quiet", expect=1)

        restored = self.node("restored")
        for expect in (0, 1):  # Not over a directory that holds anything.
            done = node.command("restore", backup, restored.directory, "--quiet")
            self.assertEqual(done.returncode, expect, done.stderr)
        recount = node.command(
            "recount", "--quiet", "--directory", restored.directory, "-o", "json"
        )
        self.assertEqual(recount.returncode, 0, recount.stderr)
        self.assertEqual(json.loads(recount.stdout)["difference"], 0)
        restored.start()
        self.assertEqual(restored.node_id, self.server.node_id)
        numbers = {
            json.loads(row)["identifier"] for row in restored.run("export").stdout.splitlines()
        }
        kept = sum(name.startswith("88.118.1/w") for name in numbers)
        self.assertGreaterEqual(kept, before)
        self.assertLess(kept, len(written))
        self.assertLessEqual({f"88.118.1/w{n}" for n in range(kept)}, numbers)

    def test_a_backup_of_a_node_at_rest_has_the_same_digest(self):
        backup = self.directory / "backup"
        self.server.run("backup", backup, "--quiet")
        restored = self.node("restored")
        self.assertEqual(
            node.command("restore", backup, restored.directory, "--quiet").returncode, 0
        )
        restored.start()
        digest = ("export", "--digest", "--times", "--quiet")
        self.assertEqual(restored.json(*digest), self.server.json(*digest))

    def test_a_backup_that_was_changed_is_neither_verified_nor_restored(self):
        backup = self.directory / "backup"
        self.server.run("backup", backup, "--quiet")
        table = max(
            (path for path in backup.rglob("*") if path.is_file()),
            key=lambda path: (path.suffix == ".sst", path.stat().st_size),
        )
        octets = bytearray(table.read_bytes())
        octets[len(octets) // 2] ^= 1
        table.write_bytes(octets)
        self.assertEqual(node.command("backup", "--verify", backup, "--quiet").returncode, 70)
        directory = self.directory / "restored"
        self.assertEqual(node.command("restore", backup, directory, "--quiet").returncode, 70)
        self.assertFalse((directory / "FORMAT").exists())

    def test_the_report_holds_the_figures_against_the_thresholds(self):
        report = self.server.json("report")
        criteria = {row["name"]: row for row in report["criteria"]}
        self.assertEqual(criteria["registered"]["own"], 4)
        self.assertEqual(
            [criteria[name]["threshold"]
             for name in ("registered", "resolutions", "connected_enterprises")],
            [1_000_000, 500_000, 5],
        )
        self.assertFalse(report["eligible"])
        self.assertFalse(report["docked"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
