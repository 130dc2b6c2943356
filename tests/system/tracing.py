"""What tests of traces do to a node: register what refers to others, and ask where it leads."""

import json
import urllib.parse

import node


class TestCase(node.TestCase):
    URL = "https://goods.example/"  # Of what is registered.

    def put(self, server, identifier, *references, replace=False):
        """Registers it; a reference is its relation and what it refers to."""
        values = [f"1:URL={self.URL}"] + [
            f"{10 + number}:TRACE.{kind}={target}"
            for number, (kind, target) in enumerate(references)
        ]
        words = [word for value in values for word in ("--value", value)]
        server.run("register", identifier, *words, *(["--put"] if replace else []))

    def trace(self, server, identifier, **parameters):
        query = urllib.parse.urlencode({"id": identifier, **parameters})
        status, body = server.get("/api/v1/trace?" + query)
        self.assertEqual(status, 200, body)
        return json.loads(body)
