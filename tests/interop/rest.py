"""The REST interface, asked question by question, and compared with a stock server's answers.

    rest.py ENDPOINT     records what the server of that file (see run.py) answers, on standard
                         output. golden/rest.json is what Handle.Net 9.2.0 said to it.

What must differ from server to server and from run to run is replaced by a '…': times, random
names, keys and ports of sites, texts of messages.
"""

import base64
import gzip
import http.client
import json
import pathlib
import re
import ssl
import sys
import urllib.parse

import rest_questions
from endpoint import Endpoint

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden/rest.json"
SECONDS_MAX = 30

# (question, or a section's number for all of them; field, or * for all): why ours is another
# answer on purpose.
LOOPBACK = "on this machine itself a proof is taken, and asked for, without TLS, too"
DELIBERATE = {
    ("6.3 GET publicOnly=false without TLS", "status"): LOOPBACK,
    ("6.6 PUT by nobody without TLS", "status"): LOOPBACK,
    ("6.6 PUT without TLS, whoever it is", "*"): LOOPBACK,
    ("6.7 none is wanted without TLS", "*"): LOOPBACK,
    ("6.7 a session without TLS", "*"): LOOPBACK,
    ("6.5 GET permissions 0110", "body"): "the leading character counts in four characters, too",
    ("6.5 PUT bad base64", "*"): "what is no Base64 is refused, not guessed at",
    ("6.7 a proof is wanted", "WWW-Authenticate"): "there are tokens, too: Bearer",
    ("6.7 a proof is wanted by a page", "WWW-Authenticate"): "as above",
    ("6.7 a wrong secret", "*"): "code 403 is HTTP 403 (6.6), and says so in Handle JSON",
    ("6.7 a user that is not there", "*"): "as above",
    ("6.7 the end of no session", "*"): "a refusal says why",
    ("6.9 GET an alias", "Content-Type"): "a redirection has a body, of a type",
}

REPLACED = [
    (r"^http://127\.0\.0\.1:\d+/", "/"),
    (r'"timestamp":"[^"]*"', '"timestamp":"…"'),
    (r'"timestamp": "[^"]*"', '"timestamp": "…"'),
    (r'"message":"(?:[^"\\]|\\.)*"', '"message":"…"'),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "…"),
    (r'"(sessionId|nonce|serverSignature|n|e|serialNumber)":("[^"]*"|\d+)', r'"\1":"…"'),
    (r'(sessionId|nonce|serverSignature)="[^"]*"', r'\1="…"'),
    # Sites: what is said of one, and which ports it has, is its own.
    (r'"attributes":\[[^\]]*\]', '"attributes":[…]'),
    (r'("interfaces":\[\{"query":)\w+(,"admin":)\w+(,"protocol":)"\w+"(,"port":)\d+\}[^\]]*\]',
     r'\1…\2…\3…\4…}…]'),
]


def normalised(text):
    for pattern, replacement in REPLACED:
        text = re.sub(pattern, replacement, text)
    return text


class Asker:
    """One server's REST interface."""

    def __init__(self, at):
        self.at = at
        self.context = ssl.create_default_context()
        self.context.check_hostname = False  # Self-signed, on loopback.
        self.context.verify_mode = ssl.CERT_NONE

    def _connection(self, tls):
        if tls:
            return http.client.HTTPSConnection("127.0.0.1", self.at.https_port,
                                               timeout=SECONDS_MAX, context=self.context)
        return http.client.HTTPConnection("127.0.0.1", self.at.http_port, timeout=SECONDS_MAX)

    def ask(self, question):
        """What is compared of the answer."""
        headers = dict(question.headers)
        if question.who:
            index, handle, secret = question.who
            name = urllib.parse.quote(f"{index}:{handle}", safe="")
            proof = base64.b64encode(f"{name}:{secret}".encode()).decode()
            headers["Authorization"] = f"Basic {proof}"
        body = question.body
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        connection = self._connection(question.tls)
        try:
            connection.request(question.method, question.path,
                               body.encode() if isinstance(body, str) else body,
                               {k: v for k, v in headers.items() if v is not None})
            response = connection.getresponse()
            data = response.read()
        finally:
            connection.close()
        answer = {"status": response.status}
        for name in question.fields:
            value = response.headers.get_all(name) or []
            value = [normalised(each) for each in value if each != "Accept-Encoding"]
            if value:
                answer[name] = value
        if response.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        if question.compares_body:
            answer["body"] = normalised(data.decode())
        return answer

    def ask_all(self):
        """Every question in its order, after what an earlier run left was taken away."""
        for question in rest_questions.clearing(self.at.prefix):
            self.ask(question)
        return {question.name: self.ask(question)
                for question in rest_questions.questions(self.at.prefix)}


def differences(ours, theirs):
    """(question, field, ours, theirs, why) of each field that is not the same."""
    for name in theirs:
        section = name.split()[0]
        for field in sorted(ours[name].keys() | theirs[name].keys()):
            mine, other = ours[name].get(field), theirs[name].get(field)
            if mine == other:
                continue
            why = next((DELIBERATE[key] for key in [(name, field), (name, "*"), (section, field)]
                        if key in DELIBERATE), None)
            yield name, field, mine, other, why


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    lines = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    at = Endpoint(dict(line.split("=", 1) for line in lines if line))
    print(json.dumps(Asker(at).ask_all(), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
