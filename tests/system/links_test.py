"""Links of GS1 identifiers by the command line: moved from GS1's community resolver, listed, put
and removed."""

import csv
import json
import unittest

import node

PRODUCT = "01/09506000134376"
# As in the documentation of the community resolver, edition 3 and edition 2.
ENTRIES = [
    {"anchor": "/" + PRODUCT, "itemDescription": "Capsules", "defaultLinktype": "gs1:pip",
     "links": [{"linktype": "gs1:pip", "href": "https://pharma.example/capsules",
                "title": "Capsules", "type": "text/html", "hreflang": ["en"],
                "context": ["sales", "marketing"]},
               {"linktype": "gs1:productPassport", "href": "https://pharma.example/dpp",
                "title": "Passport"}]},
    {"anchor": "/" + PRODUCT, "itemDescription": "Capsules (serialized)",
     "defaultLinktype": "gs1:certificationInfo", "qualifiers": [{"21": "{serialnumber}"}],
     "links": [{"linktype": "gs1:certificationInfo", "title": "Certificate",
                "href": "https://pharma.example/cert?serial={serialnumber}"},
               {"linktype": "gs1:pip", "title": "A capsule",
                "href": "https://pharma.example/capsule?serial={serialnumber}"}]},
    {"identificationKeyType": "01", "identificationKey": "09506000134376",
     "itemDescription": "Capsules of a lot", "qualifierPath": "/10/LOT1", "active": True,
     "responses": [{"linkType": "gs1:recallStatus", "ianaLanguage": "en", "context": "xx",
                    "mimeType": "text/html", "linkTitle": "Recall", "active": True,
                    "targetUrl": "https://pharma.example/recall", "defaultLinkType": True,
                    "fwqs": True}]},
    {"anchor": "/01/09506000134377", "defaultLinktype": "gs1:pip",
     "links": [{"linktype": "gs1:pip", "href": "https://pharma.example/", "title": "x"}]},
    {"anchor": "/01/06901234567892", "defaultLinktype": "gs1:pip",
     "links": [{"linktype": "gs1:pip", "href": "https://pharma.example/", "title": "x"}]},
    {"anchor": "/01/09506000134352", "defaultLinktype": "gs1:pip",
     "links": [{"linktype": "gs1:pip", "href": "javascript:alert(1)", "title": "x"}]},
]


class LinksTest(node.TestCase):
    def ready_node(self):
        server = self.node().start()
        server.run("enterprise", "put", "pharma")
        server.run("prefix", "allot", "9506000", "--scheme", "gs1", "--enterprise", "pharma")
        return server

    def imported(self, server, path, *arguments):
        refused = self.directory / "refused.csv"
        summary = server.json("links", "import", path, "--quiet", "--refused", refused,
                              *arguments, expect=3)
        with open(refused, encoding="utf-8", newline="") as file:
            rows = {int(row["row"]): row["code"] for row in csv.DictReader(file)}
        return summary, rows

    def place(self, server, path):
        connection = server.http()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.getheader("Location") if answer.status == 307 else answer.status
        finally:
            connection.close()

    def check_moved(self, name, text, *arguments):
        server = self.ready_node()
        path = self.file(name, text)
        expected = {4: "check_digit", 5: "outside_prefix", 6: "link_address"}
        summary, refused = self.imported(server, path, "--dry-run", *arguments)
        self.assertEqual((summary["created"], summary["refused"], refused), (2, 3, expected))
        self.assertEqual(self.place(server, "/" + PRODUCT), 404)

        summary, refused = self.imported(server, path, *arguments)
        self.assertEqual((summary["entries"], summary["identifiers"], summary["created"]),
                         (6, 3, 2))
        self.assertEqual(refused, expected)
        notes = summary["notes"]
        self.assertEqual(notes["link_type_mapped: gs1:productPassport -> gs1:dpp"], 1)
        self.assertEqual(notes["variable_mapped: {serialnumber} -> {21}"], 1)
        self.assertEqual(notes["context_left_out"], 1)

        self.assertEqual(self.place(server, "/" + PRODUCT), "https://pharma.example/capsules")
        for query, place in (("?linkType=gs1:dpp", "https://pharma.example/dpp"),
                             ("/10/LOT1", "https://pharma.example/recall"),
                             ("/21/A", "https://pharma.example/cert?serial=A"),
                             ("/21/A?linkType=gs1:pip",
                              "https://pharma.example/capsule?serial=A"),
                             ("/21/A?linkType=gs1:certificationInfo",
                              "https://pharma.example/cert?serial=A")):
            self.assertTrue(str(self.place(server, f"/{PRODUCT}{query}")).startswith(place), query)
        self.assertEqual(self.place(server, f"/{PRODUCT}?linkType=gs1:certificationInfo"), 404)

        summary, refused = self.imported(server, path, *arguments)
        self.assertEqual((summary["created"], summary["unchanged"], refused), (0, 2, expected))
        self.assertRecounted(server)

    def test_a_list_of_the_community_resolver_is_moved_with_a_reason_for_each_refusal(self):
        self.check_moved("resolver.json", json.dumps(ENTRIES, indent=2))

    def test_entries_may_stand_in_lines(self):
        self.check_moved("resolver.jsonl", "".join(json.dumps(each) + "\n" for each in ENTRIES),
                         "--format", "auto")

    def test_a_file_that_is_cut_short_is_65_and_what_was_whole_is_there(self):
        server = self.ready_node()
        path = self.file("cut.json", json.dumps(ENTRIES[:2])[:-9])
        server.run("links", "import", path, "--quiet", expect=65)
        self.assertEqual(self.place(server, "/" + PRODUCT), "https://pharma.example/capsules")

    def test_a_dry_run_sees_the_default_links_of_earlier_batches(self):
        server = self.ready_node()
        lots = 2_500  # Several batches by either door.
        pip = {"linktype": "gs1:pip", "href": "https://pharma.example/lot", "title": "x"}
        entries = [{"identifier": PRODUCT, "links": [{**pip, "default": True}]}]
        entries += [{"identifier": f"{PRODUCT}/10/{lot:04}", "links": [pip]}
                    for lot in range(lots)]
        entries.append({"identifier": "01/09506000134352/10/L", "links": [pip]})
        lines = "".join(json.dumps(each) + "\n" for each in entries)
        moved = [{"anchor": "/" + PRODUCT, "defaultLinktype": "gs1:pip", "links": [pip]}]
        moved += [{"anchor": "/" + PRODUCT, "qualifiers": [{"10": f"{lot:04}"}], "links": [pip]}
                  for lot in range(lots)]
        moved.append({"anchor": "/01/09506000134352", "qualifiers": [{"10": "L"}],
                      "links": [pip]})
        path = self.file("lots.json", json.dumps(moved))
        token = server.token("--role", "enterprise", "--enterprise", "pharma")
        for dry_run in (True, False):
            if dry_run:
                status, body = server.request(
                    "POST", "/api/v1/links?dryRun=true", lines, token,
                    Content_Type="application/x-ndjson")
                self.assertEqual(status, 200)
                summary = json.loads(body.splitlines()[-1])["summary"]
                self.assertEqual((summary["created"], summary["refused"]), (lots + 1, 1))
            summary, refused = self.imported(server, path, *["--dry-run"] * dry_run)
            self.assertEqual((summary["created"], refused),
                             (lots + 1, {lots + 2: "no_default_link"}))
            place = 404 if dry_run else "https://pharma.example/lot"
            self.assertEqual(self.place(server, f"/{PRODUCT}/10/0001?linkType=gs1:pip"),
                             place if dry_run else place + "?linkType=gs1:pip")

    def test_links_are_put_listed_and_removed(self):
        server = self.ready_node()
        link = {"linktype": "gs1:pip", "href": "https://pharma.example/{01}", "title": "x",
                "default": True}
        faqs = {"linktype": "gs1:faqs", "href": "https://pharma.example/faqs", "title": "x",
                "hreflang": ["zh"]}
        outcome = server.json("links", "put", PRODUCT, "--link", json.dumps(link))
        self.assertEqual(outcome["outcome"], "created")
        outcome = server.json("links", "put", PRODUCT, "--add", "--link", json.dumps(faqs))
        self.assertEqual(outcome["outcome"], "replaced")
        self.assertEqual(server.json("links", "list", PRODUCT), [link, faqs])
        self.assertIn("LINKTYPE", server.run("links", "list", PRODUCT).stdout.decode())
        server.run("links", "remove", PRODUCT, "--hreflang", "en", expect=1)
        outcome = server.json("links", "remove", PRODUCT, "--hreflang", "zh")
        self.assertEqual(outcome["outcome"], "replaced")
        outcome = server.json("links", "remove", PRODUCT, "--dry-run")
        self.assertEqual(outcome["outcome"], "removed")
        self.assertEqual(server.json("links", "list", PRODUCT), [link])
        server.run("links", "remove", PRODUCT)
        server.run("links", "list", PRODUCT, expect=1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
