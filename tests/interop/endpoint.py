"""Where the server under test is: the file that run.py writes and every suite reads."""

import os
import pathlib

import wire


class Endpoint:
    def __init__(self, fields):
        self.fields = fields
        self.prefix = fields["prefix"]
        self.stock = fields["server"] == "stock"
        self.host = "127.0.0.1"
        self.udp = (self.host, int(fields["udp"]))
        self.tcp = (self.host, int(fields["tcp"]))
        self.http_port = int(fields["http"])
        self.https_port = int(fields["https"])
        self.pid = int(fields.get("pid", "0"))
        self.administrator = (self.prefix + "/ADMIN", 301)
        self.secret = b"secret"

    @staticmethod
    def read():
        lines = pathlib.Path(os.environ["INTEROP_ENDPOINT"]).read_text().splitlines()
        return Endpoint(dict(line.split("=", 1) for line in lines if line))

    def fresh(self, name):
        """A handle that no other test and no earlier run has used."""
        return f"{self.prefix}/{name}-{os.urandom(8).hex()}"

    def resident_octets(self):
        """Memory of the server's process; 0 where it is not known."""
        if not self.pid:
            return 0
        pages = pathlib.Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def create(self, handle, values):
        """Registers a handle as the administrator."""
        challenge = wire.ask_tcp(self.tcp, wire.creation(handle, values))
        proof = wire.pbkdf2_answer(self.secret, challenge)
        done = wire.ask_tcp(self.tcp, wire.answer(challenge, proof, self.administrator))
        if done.code != 1:
            raise AssertionError(f"create {handle}: code {done.code}")
