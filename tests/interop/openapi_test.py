"""The description of the HTTP interface, held against OpenAPI 3.1 by its own validator, and against
what the node answers."""

import http.client
import json
import re
import unittest

from openapi_spec_validator import OpenAPIV31SpecValidator

from endpoint import Endpoint

METHODS = {"get", "put", "post", "delete", "head", "options", "patch"}


class OpenApiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at = Endpoint.read()
        status, cls.text = cls.ask("GET", "/openapi.json")
        assert status == 200, status
        cls.described = json.loads(cls.text)

    @classmethod
    def ask(cls, method, path):
        connection = http.client.HTTPConnection(cls.at.host, cls.at.http_port, timeout=30)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def operations(self):
        for path, methods in self.described["paths"].items():
            for method, operation in methods.items():
                if method in METHODS:
                    yield path, method, operation

    def test_it_is_openapi_3_1(self):
        faults = [f"{list(fault.absolute_path)}: {fault.message}"
                  for fault in OpenAPIV31SpecValidator(self.described).iter_errors()]
        self.assertEqual(faults, [])

    def test_a_broken_one_would_be_told(self):
        broken = json.loads(self.text)
        path, method, _ = next((each for each in self.operations() if "{" in each[0]))
        broken["paths"][path][method]["parameters"][0]["name"] = "another"
        self.assertTrue(list(OpenAPIV31SpecValidator(broken).iter_errors()))

    def test_each_operation_has_a_name_of_its_own_and_says_what_it_is_in_both_languages(self):
        names = [operation["operationId"] for _, _, operation in self.operations()]
        self.assertEqual(len(names), len(set(names)))
        for path, method, operation in self.operations():
            self.assertRegex(operation["summary"], r"[\u4e00-\u9fff]", f"{method} {path}")
            named = set(re.findall(r"{(\w+)}", path))
            said = {each["name"] for each in operation.get("parameters", [])
                    if each["in"] == "path"}
            self.assertEqual(named, said, f"{method} {path}")

    def test_the_node_knows_each_path_and_answers_for_itself(self):
        for path, method, _ in self.operations():
            if method != "get":
                continue
            status, _ = self.ask("GET", re.sub(r"{\w+}", "88.118.1", path))
            self.assertNotIn(status, (405, 501, 500), path)


if __name__ == "__main__":
    unittest.main()
