"""Subject data: put, checked, sealed, masked, put on record, restarted, backed up and restored."""

import json
import pathlib
import unittest

import node
import subject_document


class SubjectTest(node.TestCase):
    def started(self):
        server = self.node().start()
        server.run("enterprise", "put", "jinan")
        server.run("enterprise", "put", "other")
        return server

    def put(self, server, code, document, *flags, expect=0):
        path = self.file(f"{code}.json", json.dumps(document))
        return server.run("enterprise", "subject", code, "--set", path, *flags, expect=expect)

    def shown(self, server, *arguments):
        return json.loads(server.run("enterprise", "subject", *arguments, "-o", "json").stdout)

    def test_a_template_names_every_member_in_both_languages(self):
        empty = json.loads(node.command("enterprise", "subject", "--template").stdout)
        self.assertLessEqual(set(subject_document.enterprise()), set(empty))
        self.assertIn("单位名称 / Name of the organisation", empty["org_name"])
        self.assertIn("必填 required", empty["org_name"])
        self.assertIn("选填 optional", empty["website"])
        operator = json.loads(
            node.command("enterprise", "subject", "--operator", "--template").stdout)
        self.assertLessEqual(set(subject_document.operator()), set(operator))

    def test_every_fault_is_told_and_nothing_is_kept(self):
        server = self.started()
        document = subject_document.enterprise(org_crt_code="91350100M000100Y44", colour="red")
        del document["org_desc"]
        words = self.put(server, "jinan", document, "--lang", "en", expect=65).stderr.decode()
        for told in ("org_crt_code", "check digit", "colour", "org_desc",
                     "A required field is missing."):
            self.assertIn(told, words)
        server.run("enterprise", "subject", "jinan", expect=1)

    def test_a_command_line_without_anybody_is_refused(self):
        self.assertEqual(node.command("enterprise", "subject").returncode, 64)
        self.assertEqual(node.command("enterprise", "subject", "a", "--draft").returncode, 64)

    def test_a_certificate_belongs_to_one_enterprise(self):
        server = self.started()
        self.put(server, "jinan", subject_document.enterprise())
        done = self.put(server, "other", subject_document.enterprise(), expect=1)
        self.assertIn("该证件已属于其他企业", done.stderr.decode())

    def test_completeness_is_listed(self):
        server = self.started()
        self.put(server, "jinan", subject_document.enterprise())
        self.put(server, "other", {"org_name": "Other"}, "--draft")
        rows = server.json("enterprise", "subject", "--list")
        self.assertEqual([(row.get("enterprise"), row["state"]) for row in rows],
                         [(None, "none"), ("jinan", "complete"), ("other", "draft")])

    def test_personal_members_are_masked_sealed_and_looked_at_on_record_only(self):
        server = self.started()
        document = subject_document.enterprise()
        self.put(server, "jinan", document)
        reader = server.token("--role", "reader")
        path = "/api/v1/enterprises/jinan/subject"
        status, body = server.get(path, reader)
        self.assertEqual(status, 200)
        for field in subject_document.PERSONAL:
            self.assertNotIn(document[field], body.decode(), field)
        self.assertEqual(server.get(path + "?personal=true", reader)[0], 403)

        # The refusal is a record, too, for which nobody waited.
        refusals = node.wait_until(
            lambda: server.json("audit", "list", "--act", "see_personal"), 30, "a refusal")
        self.assertEqual([(row["subject"], row["why"]) for row in refusals], [("jinan", "denied")])

        before = self.head(server)
        self.assertEqual(self.shown(server, "jinan")["subject"]["legal_name"], "张*")
        self.assertEqual(self.head(server), before)
        clear = self.shown(server, "jinan", "--personal")
        self.assertEqual(clear["subject"], document)
        self.assertEqual(self.head(server), before + 1)

        # Neither while it runs nor when it rests does a file of the node hold them.
        self.assertEqual(server.stop(), 0)
        self.assertSealed(server.directory, document)
        server.start()
        self.assertEqual(self.shown(server, "jinan", "--personal")["subject"], document)
        self.assertRecounted(server)

    def test_a_backup_keeps_them_sealed_and_is_restored_with_the_key(self):
        server = self.started()
        operator = subject_document.operator()
        path = self.file("operator.json", json.dumps(operator))
        server.run("enterprise", "subject", "--operator", "--set", path)
        self.assertEqual(self.shown(server, "--operator", "--personal")["subject"], operator)
        self.assertIn("org_crt_image", self.shown(server, "--operator")["withheld"])
        backup = self.directory / "backup"
        server.run("backup", backup, "--quiet")
        self.assertSealed(backup, operator)
        restored = self.node("restored")
        done = node.command("restore", backup, restored.directory, "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        # Without the node's keys what is sealed stays sealed.
        restored.start()
        restored.run("enterprise", "subject", "--operator", expect=70)
        self.assertEqual(restored.stop(), 0)
        self.copy_keys(server, restored)
        restored.start()
        self.assertEqual(self.shown(restored, "--operator", "--personal")["subject"], operator)

    def copy_keys(self, server, restored):
        keys = [path for path in pathlib.Path(server.directory).rglob("sealing.key")]
        self.assertEqual(len(keys), 1)
        place = pathlib.Path(restored.directory) / keys[0].relative_to(server.directory)
        place.write_bytes(keys[0].read_bytes())

    def assertSealed(self, directory, document):
        octets = b"".join(
            path.read_bytes() for path in pathlib.Path(directory).rglob("*") if path.is_file())
        for field in subject_document.PERSONAL:
            self.assertNotIn(document[field].encode(), octets, field)
        self.assertNotIn(subject_document.JPEG[4:], octets)

    def head(self, server):
        """How long the log is."""
        return server.json("stats")["tree_size"]


if __name__ == "__main__":
    unittest.main()
