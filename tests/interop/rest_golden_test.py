"""Row 30: what the REST interface answers, octet for octet as a stock server did."""

import json
import os
import unittest

import rest
from endpoint import Endpoint


class RestTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.at = Endpoint.read()
        if not cls.at.https_port:
            raise AssertionError("the server offers no HTTPS")
        cls.golden = json.loads(rest.GOLDEN.read_text(encoding="utf-8"))
        cls.ours = rest.Asker(cls.at).ask_all()

    def assert_section(self, section):
        golden = {name: answer for name, answer in self.golden.items()
                  if name.startswith(section + " ")}
        self.assertGreater(len(golden), 0)
        self.assert_same(golden)

    def assert_same(self, theirs):
        for name, field, ours, stock, why in rest.differences(self.ours, theirs):
            with self.subTest(name, field=field):
                # The stock server is itself without any deliberate difference.
                if why is None or self.at.stock:
                    self.assertEqual(ours, stock)

    def test_30_every_question_has_its_recorded_answer(self):
        self.assertEqual(list(self.ours), list(self.golden))

    def test_30_endpoints_as_in_6_2(self):
        self.assert_section("6.2")

    def test_30_parameters_as_in_6_3(self):
        self.assert_section("6.3")

    def test_30_forms_of_answers_as_in_6_4(self):
        self.assert_section("6.4")

    def test_30_values_as_in_6_5(self):
        self.assert_section("6.5")

    def test_30_statuses_as_in_6_6(self):
        self.assert_section("6.6")

    def test_30_proofs_as_in_6_7(self):
        self.assert_section("6.7")

    def test_30_redirections_as_in_6_9(self):
        self.assert_section("6.9")

    def test_30_deliberate_differences_are_differences(self):
        if self.at.stock:
            self.skipTest("this is the server that ours differs from")
        used = {key for name, field, *_ in rest.differences(self.ours, self.golden)
                for key in [(name, field), (name, "*"), (name.split()[0], field)]}
        self.assertEqual(set(rest.DELIBERATE) - used, set())

    def test_30_live_as_a_stock_server(self):
        stock = os.environ.get("IDNODE_STOCK_SERVER", "")
        if not stock:
            self.skipTest("IDNODE_STOCK_SERVER is not set: HOST:PORT of the HTTP interface of a "
                          "stock server made as README.md says")
        at = Endpoint(self.at.fields | {"server": "stock", "http": stock.rpartition(":")[2],
                                        "https": stock.rpartition(":")[2]})
        theirs = rest.Asker(at).ask_all()
        self.assertEqual(list(theirs), list(self.ours))
        self.assert_same(theirs)


if __name__ == "__main__":
    unittest.main()
