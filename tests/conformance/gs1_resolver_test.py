"""A running node as a GS1-conformant resolver, over TLS, from outside: each check is one SHALL of
the GS1-Conformant Resolver Standard 1.2.1 as spec/gs1-digital-link.md restates it, or one that the
official test suite makes. A product, a lot of it and serials are registered.
"""

import contextlib
import http.client
import json
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import node  # noqa: E402  (tests/system/node.py)

PRODUCT = "01/06901234567892"
LOT = PRODUCT + "/10/L-1"
SERIAL = PRODUCT + "/21/S%2F1"  # The serial is S/1.
OWN_SERIAL = PRODUCT + "/21/own"
UNKNOWN = "01/06901234000009"
ELSEWHERE = "01/06901234000016"  # Its record hands it over to another resolver,
FAR = "01/06950123000019"  # and this is of a company prefix that another one has.
TAG = "/ehf7006901234567892015"  # SGTIN+: the product's serial 5.
VOCABULARY = "https://ref.gs1.org/voc/"
BRAND = "https://brand.example"
LINKSET = "application/linkset+json"
CERTIFICATE_DAYS = "2"
RELATION = re.compile(r"[a-z-]+|https?://[A-Za-z0-9./]+")  # GS1's schema of a linkset.
TARGET_MEMBERS = {"href", "title", "hreflang", "type", "context", "fwqs", "public"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def target(path, title, **members):
    return json.dumps({"href": BRAND + path, "title": title, **members}, ensure_ascii=False)


def record(identifier, *values):
    """`values`: types and data."""
    return {"identifier": identifier, "values": [
        {"index": index, "type": kind, "data": data}
        for index, (kind, data) in enumerate(values, 1)]}


RECORDS = [
    record(PRODUCT,
           ("gs1:defaultLink", target("/kettle", "Kettle")),
           ("gs1:defaultLinkMulti", target("/zh", "电水壶", hreflang=["zh"])),
           ("gs1:defaultLinkMulti", target("/en", "Kettle", hreflang=["en"])),
           ("gs1:itemDescription", "Kettle 1.7 l"),
           ("gs1:pip", target("/kettle", "Kettle")),
           ("gs1:instructions", target("/use/zh", "说明书", hreflang=["zh"], type="text/html")),
           ("gs1:instructions", target("/use/en", "Manual", hreflang=["en"], type="text/html")),
           ("gs1:instructions", target("/use.json", "Data", type="application/json")),
           ("gs1:epcis", target("/epcis/{01}/{21}", "Events")),
           ("gs1:faqs", target("/faqs?lang=zh#top", "FAQ")),
           ("gs1:masterData", target("/trade", "Trade", public=False))),
    record(LOT, ("gs1:recallStatus", target("/recall", "Recall"))),
    record(SERIAL, ("gs1:support", target("/support", "Support"))),
    record(OWN_SERIAL, ("gs1:defaultLink", target("/own", "Own"))),
    record(ELSEWHERE, ("gs1:handledBy", target("/resolver", "Other resolver"))),
]


def certificates(folder):
    """An authority of the test's own, and what it signed for loopback."""
    authority, chain, key = folder / "ca.pem", folder / "node.pem", folder / "node.key"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
               "-days", CERTIFICATE_DAYS]
    leaf = ["-CA", authority, "-CAkey", folder / "ca.key",
            "-addext", "basicConstraints=critical,CA:FALSE",
            "-addext", "subjectAltName=IP:127.0.0.1"]
    for subject, more, out, out_key in (("/CN=test authority", [], authority, folder / "ca.key"),
                                        ("/CN=127.0.0.1", leaf, chain, key)):
        subprocess.run([*request, "-subj", subject, *more, "-out", out, "-keyout", out_key],
                       check=True, capture_output=True, timeout=node.patience(60))
    key.chmod(0o600)
    return authority, chain, key


class ResolverTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with contextlib.ExitStack() as cleanup:
            folder = pathlib.Path(tempfile.mkdtemp(prefix="idnode-"))
            cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
            authority, chain, key = certificates(folder)
            cls.trust = ssl.create_default_context(cafile=authority)
            cls.server = node.Node(folder / "node", http_tls_listen="127.0.0.1:0",
                                   http_certificate_file=chain, http_key_file=key,
                                   node_name="Weihai kettles", gs1_contexts="consumer, trade",
                                   gs1_handled_by="695=https://id.far.example",
                                   gs1_contact_name="Weihai kettles", gs1_contact_city="Weihai")
            cleanup.callback(cls.server.kill)
            cls.server.start()
            ready, _ = cls.server.log.wait_for("ready")
            cls.port = int(ready["https_port"])
            cls.root = f"https://127.0.0.1:{cls.port}"
            cls.server.run("enterprise", "put", "acme")
            cls.server.run("prefix", "allot", "6901234", "--scheme", "gs1", "--enterprise", "acme")
            rows = folder / "rows.jsonl"
            rows.write_text("".join(json.dumps(each) + "\n" for each in RECORDS))
            cls.server.run("import", rows, "--format", "jsonl", "--quiet")
            cls.token = cls.server.token("--role", "enterprise", "--enterprise", "acme")
            cls.addClassCleanup(cleanup.pop_all().close)

    def ask(self, path, method="GET", **fields):
        """The answer, its header fields by lower-case name, and its body as `text`."""
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=self.trust, timeout=node.patience(60))
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in fields.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            answer.text = answer.read().decode()
        answer.fields = {}
        for name, value in answer.getheaders():
            known = answer.fields.get(name.lower())
            answer.fields[name.lower()] = value if known is None else f"{known}, {value}"
        return answer

    def place(self, path, **fields):
        """Where a redirection leads."""
        answer = self.ask(path, **fields)
        self.assertEqual(answer.status, 307, answer.text)
        return answer.fields["location"]

    def linkset(self, path, **fields):
        answer = self.ask(path + "?linkType=linkset", **fields)
        self.assertEqual(answer.status, 200, answer.text)
        return json.loads(answer.text)["linkset"]

    # 2.2: the transport.

    def test_serves_tls_with_a_certificate_for_its_name(self):
        self.assertEqual(self.ask("/" + PRODUCT).status, 307)

    def test_supports_get_head_and_options(self):
        head, get = self.ask("/" + PRODUCT, "HEAD"), self.ask("/" + PRODUCT)
        for answer in (head, get):
            answer.fields.pop("date")
        self.assertEqual((head.status, head.fields), (get.status, get.fields))
        self.assertEqual(head.text, "")
        self.assertIn(self.ask("/" + PRODUCT, "OPTIONS").status, (200, 204))

    def test_refuses_other_methods_and_names_its_own(self):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = self.ask("/" + PRODUCT, method, Content_Length="0")
            self.assertEqual(answer.status, 405, method)
            self.assertEqual(answer.fields["allow"], "GET, HEAD, OPTIONS", method)
            self.assertEqual(answer.fields["access-control-allow-origin"], "*", method)

    def test_lets_any_page_read_every_answer(self):
        for path in ("/" + PRODUCT, f"/{PRODUCT}?linkType=linkset", "/" + UNKNOWN,
                     "/01/06901234567893", f"/{PRODUCT}?linkType=gs1:instructions",
                     "/.well-known/gs1resolver"):
            for origin in ({}, {"Origin": "https://page.example"}):
                fields = self.ask(path, **origin).fields
                self.assertEqual(fields["access-control-allow-origin"], "*", path)
                exposed = re.split(r",\s*", fields["access-control-expose-headers"])
                self.assertLessEqual({"Link", "Location"}, set(exposed), path)

    def test_names_the_linkset_in_the_answer_to_options(self):
        for fields in ({}, {"Origin": "https://p.example", "Access-Control-Request-Method": "GET"}):
            answer = self.ask("/" + PRODUCT, "OPTIONS", **fields)
            self.assertEqual(answer.fields["access-control-allow-origin"], "*")
            self.assertEqual(answer.fields["access-control-allow-methods"], "GET, HEAD, OPTIONS")
            self.assertIn('rel="linkset"', answer.fields["link"])

    # 2.3: what is read.

    def test_reads_the_content_of_tags_where_it_stands(self):
        answer = self.ask(TAG + "?x=1", Accept_Language="fr")
        self.assertEqual(answer.status, 307, answer.text)
        self.assertEqual(answer.fields["location"], BRAND + "/kettle?x=1")
        self.assertIn(f"<{self.root}/{PRODUCT}/21/5?linkType=linkset>", answer.fields["link"])
        self.assertEqual(self.linkset(TAG)[0]["anchor"], f"{self.root}/{PRODUCT}")

    def test_refuses_tags_that_cannot_be_read(self):
        for path in ("/eh", "/eh00", "/ehF7006901234567892015", "/ex+", "/eh35aa"):
            self.assertEqual(self.ask(path).status, 400, path)

    def test_accepts_short_product_codes(self):
        self.assertEqual(self.place("/01/6901234567892", Accept_Language="fr"), BRAND + "/kettle")

    # 2.4: status codes.

    def test_answers_400_to_what_is_no_identifier(self):
        for path in ("/01/06901234567893", "/01/069012345678921", "/01/", f"/{PRODUCT}/10",
                     f"/{PRODUCT}/21/S/10/L", f"/{PRODUCT}/10/A/10/B", f"/{PRODUCT}/99/x",
                     f"/{PRODUCT}/10/%00", f"/{PRODUCT}/10/%zz", f"/{PRODUCT}//",
                     "/415/6901234567892"):
            answer = self.ask(path)
            self.assertEqual(answer.status, 400, path)
            self.assertEqual(answer.fields["content-type"], "application/problem+json", path)

    def test_answers_404_to_what_is_not_registered(self):
        for path in (UNKNOWN, UNKNOWN + "/10/L", "01/09520123456788", "00/095201234567891235"):
            self.assertEqual(self.ask("/" + path).status, 404, path)

    def test_answers_404_where_no_level_has_the_link_type(self):
        self.assertEqual(self.ask(f"/{PRODUCT}?linkType=gs1:recipeInfo").status, 404)

    def test_never_says_200_to_an_error(self):
        for path in ("/" + UNKNOWN, "/01/06901234567893"):
            for accept in ("*/*", LINKSET, "application/json", "text/html"):
                self.assertGreaterEqual(self.ask(path, Accept=accept).status, 400)
            self.assertGreaterEqual(self.ask(path + "?linkType=linkset").status, 400)

    def test_never_answers_406(self):
        for accept in ("undefined", "image/png", "application/x", "*/*;q=0", BROWSER):
            answer = self.ask("/" + PRODUCT, Accept=accept, Accept_Language="fr")
            self.assertEqual(answer.status, 307, accept)

    def test_resolves_whatever_the_attributes_are(self):
        for query in ("17=999999", "99=%zz", "9999=1", "x"):
            self.assertEqual(self.place(f"/{PRODUCT}?{query}", Accept_Language="fr"),
                             f"{BRAND}/kettle?{query}")

    def test_explains_errors_to_people(self):
        answer = self.ask("/01/06901234567893", Accept=BROWSER)
        self.assertEqual(answer.status, 400)
        self.assertTrue(answer.fields["content-type"].startswith("text/html"))
        self.assertIn("校验位错误", answer.text)

    # 2.5: which records apply, and the default.

    def test_gives_the_union_of_the_literal_matches_nearest_first(self):
        anchors = [each["anchor"] for each in self.linkset(f"/{PRODUCT}/10/L-1/21/S%2F1")]
        self.assertEqual(anchors, [f"{self.root}/{path}" for path in (SERIAL, LOT, PRODUCT)])
        anchors = [each["anchor"] for each in self.linkset(f"/{PRODUCT}/10/L-2")]
        self.assertEqual(anchors, [f"{self.root}/{PRODUCT}"])

    def test_takes_one_type_from_the_nearest_level_alone(self):
        path = f"/{PRODUCT}/10/L-1/21/S%2F1?linkType="
        places = {"gs1:support": "/support", "gs1:recallStatus": "/recall", "gs1:pip": "/kettle"}
        for kind, place in places.items():
            self.assertEqual(self.place(path + kind), f"{BRAND}{place}?linkType={kind}")

    def test_has_a_default_for_every_identifier_below_a_registered_key(self):
        for path in (LOT, SERIAL, PRODUCT + "/21/other", PRODUCT + "/22/V/10/L/21/S"):
            self.assertEqual(self.place("/" + path, Accept_Language="fr"), BRAND + "/kettle", path)

    def test_follows_the_default_of_the_nearest_level(self):
        self.assertEqual(self.place("/" + OWN_SERIAL, Accept_Language="zh"), BRAND + "/own")

    def test_lists_one_default_link_with_address_and_title_only(self):
        for path in (PRODUCT, OWN_SERIAL):
            default = self.linkset("/" + path)[0][VOCABULARY + "defaultLink"]
            self.assertEqual(len(default), 1)
            self.assertEqual(set(default[0]), {"href", "title"})

    def test_chooses_among_several_defaults_by_language(self):
        places = {"zh-Hans-CN": "/zh", "en-GB,zh;q=0.5": "/en", "fr": "/kettle"}
        for language, place in places.items():
            self.assertEqual(self.place("/" + PRODUCT, Accept_Language=language), BRAND + place)

    def test_fills_variables_from_the_identifier(self):
        self.assertEqual(self.place(f"/{SERIAL}?linkType=gs1:epcis"),
                         f"{BRAND}/epcis/06901234567892/S%2F1?linkType=gs1:epcis")
        self.assertEqual(self.ask(f"/{PRODUCT}?linkType=gs1:epcis&21=x").status, 404)

    # 2.6: the choice of a link.

    def test_takes_link_types_compact_and_in_full(self):
        for kind in ("gs1:pip", "gs1%3Apip", VOCABULARY + "pip", "https://gs1.org/voc/pip",
                     "https%3A%2F%2Fref.gs1.org%2Fvoc%2Fpip"):
            self.assertEqual(self.place(f"/{PRODUCT}?linkType={kind}"),
                             f"{BRAND}/kettle?linkType={kind}")

    def test_chooses_by_media_type_before_language(self):
        path = f"/{PRODUCT}?linkType=gs1:instructions"
        query = "?linkType=gs1:instructions"
        self.assertEqual(self.place(path, Accept="application/json", Accept_Language="zh"),
                         BRAND + "/use.json" + query)
        self.assertEqual(self.place(path, Accept="text/html", Accept_Language="en"),
                         BRAND + "/use/en" + query)

    def test_answers_300_with_the_candidates_only_where_links_fit_equally(self):
        answer = self.ask(f"/{PRODUCT}?linkType=gs1:instructions")
        self.assertEqual(answer.status, 300)
        self.assertIn('rel="linkset"', answer.fields["link"])
        (context,) = json.loads(answer.text)["linkset"]
        self.assertEqual(set(context), {"anchor", "itemDescription", VOCABULARY + "instructions"})
        self.assertEqual(len(context[VOCABULARY + "instructions"]), 3)

    def test_says_what_its_answers_vary_by(self):
        for path in ("/" + PRODUCT, f"/{PRODUCT}?linkType=linkset", "/" + UNKNOWN):
            self.assertEqual(self.ask(path).fields["vary"], "Accept, Accept-Language")

    # 2.8: another resolver.

    def test_hands_what_another_resolver_has_over_to_it(self):
        for path, place in ((ELSEWHERE, BRAND + "/resolver"), (FAR, "https://id.far.example")):
            for query in ("", "?linkType=linkset", "?linkType=gs1:pip&a=%zz"):
                answer = self.ask(f"/{path}/21/S%2F1{query}")
                self.assertEqual(answer.status, 307, answer.text)
                self.assertEqual(answer.fields["location"], f"{place}/{path}/21/S%2F1{query}")
                self.assertEqual(answer.fields["link"], f'<{place}>; rel="{VOCABULARY}handledBy"')

    # 2.9 and 2.10: the linkset.

    def test_gives_the_linkset_without_a_redirection(self):
        for query, accept in (("", LINKSET), ("?linkType=linkset", "*/*"),
                              ("?linkType=linkset", "undefined"), ("?linkType=all", "*/*"),
                              ("?linkType=gs1:pip", LINKSET)):
            answer = self.ask(f"/{PRODUCT}{query}", Accept=accept)
            self.assertEqual(answer.status, 200, (query, accept))
            self.assertEqual(answer.fields["content-type"], LINKSET, (query, accept))
            self.assertNotIn("location", answer.fields)

    def test_gives_the_same_linkset_as_json_and_with_a_context_as_json_ld(self):
        path = f"/{PRODUCT}?linkType=linkset"
        plain, linked = self.ask(path, Accept="application/json"), self.ask(
            path, Accept="application/ld+json")
        self.assertEqual(plain.fields["content-type"], "application/json")
        self.assertEqual(plain.text, self.ask(path).text)
        self.assertIn("json-ld#context", plain.fields["link"])
        self.assertEqual(linked.fields["content-type"], "application/ld+json")
        both = json.loads(linked.text)
        self.assertEqual(both.pop("@context"),
                         "https://ref.gs1.org/standards/resolver/linkset-context")
        self.assertEqual(both, json.loads(plain.text))

    def test_has_linksets_of_the_schemas_shape(self):
        document = json.loads(self.ask(f"/{SERIAL}?linkType=linkset").text)
        self.assertEqual(set(document), {"linkset"})
        for context in document["linkset"]:
            self.assertTrue(context.pop("anchor").startswith(self.root + "/01/"))
            self.assertIsInstance(context.pop("itemDescription"), str)
            for relation, targets in context.items():
                self.assertIsNotNone(RELATION.fullmatch(relation), relation)
                self.assertGreater(len(targets), 0)
                for each in targets:
                    self.assertLessEqual({"href", "title"}, set(each))
                    self.assertLessEqual(set(each), TARGET_MEMBERS)
                    self.assertRegex(each["href"], r"^https?://[^{}]+$")

    def test_keeps_links_that_are_not_public_to_itself(self):
        self.assertNotIn("/trade", self.ask(f"/{PRODUCT}?linkType=linkset").text)
        self.assertEqual(self.ask(f"/{PRODUCT}?linkType=gs1:masterData").status, 404)

    def test_shows_people_a_page_of_links_on_request_only(self):
        page = self.ask(f"/{PRODUCT}?linkType=linkset", Accept=BROWSER)
        self.assertEqual(page.status, 200)
        self.assertTrue(page.fields["content-type"].startswith("text/html"))
        self.assertIn("application/ld+json", page.text)
        self.assertLess(len(page.text.encode()), 100 * 1024)
        self.assertEqual(self.ask("/" + PRODUCT, Accept=BROWSER).status, 307)

    # 2.12 and 2.13: the redirection.

    def test_forwards_the_whole_query_octet_for_octet(self):
        for query in ("a=1&&b=%e7;+&17=261231", "linkType=gs1:faqs&x=%2B"):
            path = f"/{PRODUCT}?linkType=gs1:faqs&{query}"
            self.assertEqual(self.place(path),
                             f"{BRAND}/faqs?lang=zh&linkType=gs1:faqs&{query}#top")

    def test_names_the_linkset_with_each_redirection(self):
        answer = self.ask("/" + LOT)
        self.assertEqual(answer.fields["link"], f'<{self.root}/{LOT}?linkType=linkset>; '
                                                f'rel="linkset"; type="{LINKSET}"')
        self.assertNotIn("no-store", answer.fields["cache-control"])

    def test_ignores_one_slash_at_the_end(self):
        self.assertEqual(self.place(f"/{PRODUCT}/", Accept_Language="fr"), BRAND + "/kettle")

    def test_takes_an_encoded_slash_for_a_part_of_the_value(self):
        self.assertEqual(len(self.linkset("/" + SERIAL)), 2)
        self.assertEqual(self.ask(f"/{PRODUCT}/21/S/1").status, 400)

    def test_distinguishes_upper_and_lower_case(self):
        self.assertEqual(len(self.linkset(f"/{PRODUCT}/21/OWN")), 1)

    # Registration: nothing that could not be resolved (2.4.1, 2.5.8, 2.5.9).

    def links(self, method, path, body=None, **fields):
        """Status and document of a call of the links API."""
        text = None if body is None else json.dumps(body)
        status, answer = self.server.request(method, "/api/v1/links/" + path, text,
                                             token=self.token, **fields)
        return status, json.loads(answer)

    def test_registers_no_link_that_could_not_be_followed(self):
        pip = {"linktype": "gs1:pip", "href": BRAND + "/p", "title": "x"}
        plain = {**pip, "default": True}
        for path, links, code in (
                (UNKNOWN, [{**plain, "href": "javascript:alert(1)"}], "link_address"),
                (UNKNOWN, [{**plain, "href": BRAND + "/a\r\nX: y"}], "link_address"),
                (UNKNOWN, [{**plain, "hreflang": ["z_h"]}], "link_language"),
                (UNKNOWN, [{**plain, "type": "html"}], "link_media_type"),
                (UNKNOWN, [plain, plain], "several_default_links"),
                (UNKNOWN, [pip], "no_default_link"),
                (UNKNOWN + "/10/L", [pip], "no_default_link"),
                (UNKNOWN + "/10/%2E%2E", [plain], "dot_value"),
                (UNKNOWN + "/21/S/10/L", [plain], "invalid_identifier"),
                (UNKNOWN[:-1] + "0", [plain], "check_digit")):
            status, answer = self.links("PUT", path, links)
            self.assertEqual((status, answer.get("code")), (400, code), (path, links))
        self.assertEqual(self.ask("/" + UNKNOWN).status, 404)

    def test_resolves_links_as_they_were_put_and_keeps_a_default_above_each_item(self):
        product = "01/06901234000023"
        pip = {"linktype": "gs1:pip", "href": BRAND + "/put", "title": "Put", "default": True}
        self.assertEqual(self.links("PUT", product, [pip])[0], 201)
        self.assertEqual(self.place("/" + product), BRAND + "/put")
        self.assertEqual(self.links("GET", product), (200, [pip]))
        recall = {"linktype": "gs1:recallStatus", "href": BRAND + "/r", "title": "Recall"}
        self.assertEqual(self.links("PUT", product + "/10/L", [recall])[0], 201)
        self.assertEqual(self.place(f"/{product}/10/L"), BRAND + "/put")
        self.assertEqual(self.links("DELETE", product)[1]["code"], "no_default_link")
        self.assertEqual(self.links("DELETE", product + "/10/L")[1]["outcome"], "removed")
        self.assertEqual(self.links("DELETE", product)[1]["outcome"], "removed")
        self.assertIn(self.ask("/" + product).status, (404, 410))

    # The description file.

    def test_describes_itself(self):
        answer = self.ask("/.well-known/gs1resolver")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.fields["content-type"], "application/json")
        description = json.loads(answer.text)
        self.assertEqual(description["resolverRoot"], self.root)
        self.assertEqual(description["supportedPrimaryKeys"], ["all"])
        self.assertEqual(description["name"], "Weihai kettles")
        self.assertEqual(description["supportedLinkType"],
                         [{"namespace": VOCABULARY, "prefix": "gs1:"}])
        self.assertEqual(description["supportedContextValuesEnumerated"], ["consumer", "trade"])
        self.assertEqual(description["contact"],
                         {"fn": "Weihai kettles", "hasAddress": {"locality": "Weihai"}})

    def test_counts_a_resolution_for_each_answer(self):
        def counted():
            text = self.server.get("/metrics")[1].decode()
            sample = 'idnode_resolutions_total{protocol="http",outcome="%s"} '
            return [int(text.split(sample % outcome)[1].split("\n")[0])
                    for outcome in ("found", "not_found", "malformed")]

        before = counted()
        for path in (SERIAL, SERIAL + "?linkType=linkset", UNKNOWN, "01/1"):
            self.ask("/" + path)
        self.ask("/" + PRODUCT, "OPTIONS")
        self.ask("/.well-known/gs1resolver")
        # The loop of another connection may count a moment later.
        node.wait_until(lambda: sum(counted()) >= sum(before) + 4, 10, "all are counted")
        self.assertEqual([now - then for now, then in zip(counted(), before)], [2, 1, 1])


if __name__ == "__main__":
    unittest.main()
