"""The description of the HTTP interface, held against OpenAPI 3.1 by a validator of others."""

import copy
import json
import re
import unittest
import urllib.request

from openapi_spec_validator import OpenAPIV31SpecValidator

from endpoint import Endpoint


class OpenApiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        url = f"http://127.0.0.1:{Endpoint.read().http_port}/openapi.json"
        with urllib.request.urlopen(url, timeout=60) as answer:
            cls.document = json.load(answer)

    def faults(self, document):
        return [str(fault)[:500] for fault in OpenAPIV31SpecValidator(document).iter_errors()]

    def operations(self):
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                yield path, method, operation

    def test_the_description_is_openapi_3_1(self):
        self.assertTrue(self.document["openapi"].startswith("3.1."))
        self.assertEqual(self.faults(self.document), [])

    def test_the_validator_finds_what_is_not(self):
        for spoil in (lambda d: d.pop("info"),
                      lambda d: d["paths"]["/healthz"]["get"].update(responses={"2000": {}}),
                      lambda d: d["paths"]["/healthz"]["get"].update(operationId="readyz"),
                      lambda d: d["paths"]["/api/handles/{id}"]["get"].update(parameters=[])):
            spoiled = copy.deepcopy(self.document)
            spoil(spoiled)
            self.assertNotEqual(self.faults(spoiled), [])

    def test_every_operation_says_what_it_does_and_takes(self):
        names = [operation["operationId"] for _, _, operation in self.operations()]
        self.assertEqual(len(names), len(set(names)))
        for path, method, operation in self.operations():
            with self.subTest(f"{method} {path}"):
                self.assertRegex(operation["summary"], "[\u4e00-\u9fff]")
                stated = {parameter["name"] for parameter in operation.get("parameters", ())
                          if parameter["in"] == "path"}
                self.assertEqual(stated, set(re.findall(r"\{(\w+)\}", path)))


if __name__ == "__main__":
    unittest.main()
