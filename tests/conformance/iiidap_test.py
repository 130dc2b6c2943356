"""A running node as a directory service (IIIDAP), over TLS, from outside: each check is one rule of
the drafts as spec/secondary-node.md 5.9 restates them, and every code an answer may have is seen.
"""

import contextlib
import datetime
import http.client
import json
import pathlib
import shutil
import ssl
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import gs1_resolver_test  # noqa: E402  (its certificates)
import node  # noqa: E402  (tests/system/node.py)
import subject_document  # noqa: E402

ELSEWHERE = "https://sn.example.cn/iiidap"


class DirectoryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with contextlib.ExitStack() as cleanup:
            folder = pathlib.Path(tempfile.mkdtemp(prefix="idnode-"))
            cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
            authority, chain, key = gs1_resolver_test.certificates(folder)
            cls.trust = ssl.create_default_context(cafile=authority)
            cls.server = node.Node(folder / "node", http_tls_listen="127.0.0.1:0",
                                   http_certificate_file=chain, http_key_file=key,
                                   iiidap_elsewhere=f"88.118.9={ELSEWHERE}")
            cleanup.callback(cls.server.kill)
            cls.server.start()
            ready, _ = cls.server.log.wait_for("ready")
            cls.port = int(ready["https_port"])
            cls.folder = folder
            for code, prefix in (("jinan", "88.118.8"), ("qingdao", "88.118.7"),
                                 ("far", "88.118.9")):
                cls.server.run("enterprise", "put", code)
                cls.server.run("prefix", "allot", prefix, "--enterprise", code)
            cls.put("jinan", subject_document.enterprise())
            cls.server.run("prefix", "suspend", "88.118.7")
            cls.addClassCleanup(cleanup.pop_all().close)

    @classmethod
    def put(cls, code, document):
        path = cls.folder / f"{code}.json"
        path.write_text(json.dumps(document))
        cls.server.run("enterprise", "subject", code, "--set", path)

    def ask(self, path, method="GET", **fields):
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=self.trust, timeout=node.patience(60))
        with contextlib.closing(connection):
            connection.request(method, "/iiidap/" + path,
                               headers={k.replace("_", "-"): v for k, v in fields.items()})
            answer = connection.getresponse()
            answer.text = answer.read().decode()
        return answer

    def found(self, path):
        answer = self.ask(path)
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(answer.getheader("Content-Type"), "application/json")
        return json.loads(answer.text)

    def refused(self, path, status):
        answer = self.ask(path)
        self.assertEqual(answer.status, status, answer.text)
        body = json.loads(answer.text)
        self.assertEqual(body["errorCode"], status)
        self.assertEqual(body["iiidapConformance"], ["iiidap_level_0"])
        return body

    def test_answers_for_a_prefix_with_its_members(self):
        found = self.found("identifier/88.118.8")
        self.assertEqual(found["iiidapConformance"], ["iiidap_level_0"])
        self.assertEqual(found["identifier"], "88.118.8")
        self.assertEqual((found["status"], found["country"]), ("ok", "CN"))
        self.assertIn("lang", found)
        registered = datetime.datetime.strptime(found["regTime"], "%Y-%m-%dT%H:%M:%S%z")
        self.assertEqual(registered.utcoffset(), datetime.timedelta(0))
        own = found["node"]
        document = subject_document.enterprise()
        for member, field in (("name", "org_name"), ("address", "org_addr"),
                              ("idNumber", "org_crt_code"), ("introduction", "org_desc"),
                              ("type", "industry_category"), ("subType", "industry_specific")):
            self.assertEqual(own[member], document[field], member)
        self.assertEqual((own["nature"], own["idType"]), ("2", "1"))
        link = found["links"][0]
        self.assertEqual((link["rel"], link["type"]), ("self", "application/json"))
        self.assertTrue(link["href"].endswith("/iiidap/identifier/88.118.8"), link)

    def test_redacts_persons_and_says_so(self):
        text = self.ask("identifier/88.118.8").text
        document = subject_document.enterprise()
        for field in subject_document.PERSONAL:
            self.assertNotIn(document[field], text, field)
        found = json.loads(text)
        self.assertEqual(found["node"]["legalPerson"][0]["name"], "张*")
        self.assertEqual(found["node"]["contact"][0]["email"], "z***@example.cn")
        self.assertNotIn("idPhoto", found["node"])
        self.assertTrue(found["remarks"][0]["description"])

    def test_puts_on_hold_what_is_suspended(self):
        self.assertEqual(self.found("identifier/88.118.7")["status"], "hold")

    def test_answers_for_itself(self):
        self.assertEqual(self.found("identifier/88.118")["identifier"], "88.118")

    def test_answers_to_head_as_to_get_without_a_body(self):
        for path, status in (("identifier/88.118.8", 200), ("identifier/88.118.6", 404),
                             ("help", 200)):
            answer = self.ask(path, "HEAD")
            self.assertEqual((answer.status, answer.text), (status, ""))

    def test_sends_to_another_node_what_that_one_knows(self):
        for prefix in ("88.118.9", "88.118.9.1"):
            answer = self.ask(f"identifier/{prefix}")
            self.assertIn(answer.status, (301, 302, 303, 307))
            self.assertEqual(answer.getheader("Location"), f"{ELSEWHERE}/identifier/{prefix}")
        self.refused("identifier/88.118.91", 404)

    def test_answers_400_to_what_is_malformed(self):
        for path in ("identifier/", "identifier/88..8", "identifier/88.118.8%2Fx",
                     "identifier/%zz", "names", "names?name=", "name/%ff"):
            with self.subTest(path):
                self.refused(path, 400)

    def test_answers_404_to_what_is_not_there(self):
        self.refused("identifier/88.118.6", 404)
        self.refused("name/nobody", 404)

    def test_answers_422_to_patterns_that_it_does_not_support(self):
        for pattern in ("*", "*tools", "a*b"):
            self.refused("names?name=" + pattern, 422)

    def test_finds_a_name_and_the_beginning_of_one(self):
        name = subject_document.enterprise()["org_name"]
        self.assertEqual(self.found("name/" + urllib.parse.quote(name))["identifier"], "88.118.8")
        for pattern, count in ((name, 1), (name[:2] + "*", 1), ("nothing*", 0)):
            found = self.found("names?name=" + urllib.parse.quote(pattern, safe="*"))
            self.assertEqual(len(found["nameSearchResults"]), count, pattern)

    def test_ignores_parameters_that_it_does_not_know(self):
        self.assertEqual(self.found("identifier/88.118.8?jscard=1&x")["identifier"], "88.118.8")
        self.found("names?x=1&name=nothing")

    def test_lets_any_page_read_every_answer(self):
        for path in ("identifier/88.118.8", "identifier/88.118.6", "names?name=*", "help"):
            self.assertEqual(self.ask(path).getheader("Access-Control-Allow-Origin"), "*", path)
            answer = self.ask(path, Origin="https://page.example")
            self.assertEqual(answer.getheader("Access-Control-Allow-Origin"), "*", path)

    def test_helps(self):
        self.assertTrue(self.found("help")["notices"])

    def test_answers_429_with_a_time_to_who_asks_too_often(self):
        # On a connection of its own each; whoever waits is served again.
        server = node.Node(self.folder / "busy")
        self.addCleanup(server.kill)
        server.start()
        connection = server.http()
        self.addCleanup(connection.close)
        for _ in range(20_000):
            connection.request("GET", "/iiidap/help")
            answer = connection.getresponse()
            answer.read()
            if answer.status == 429:
                break
            self.assertEqual(answer.status, 200)
        self.assertEqual(answer.status, 429)
        self.assertGreaterEqual(int(answer.getheader("Retry-After")), 1)

        def served():
            connection.request("GET", "/iiidap/help")
            answer = connection.getresponse()
            answer.read()
            return answer.status == 200

        node.wait_until(served, 30, "served again", pause=0.5)


if __name__ == "__main__":
    unittest.main()
