"""A node that is ready to be asked by the clients of others: fresh, with one administrator."""

import base64
import json
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import levels  # noqa: E402  (tests/system/levels.py)
import node  # noqa: E402  (tests/system/node.py)
import wire  # noqa: E402

PREFIX = "88.118.1"
ADMINISTRATOR = PREFIX + "/ADMIN"
SECRET = "secret"
ALL_RIGHTS = 0x0FFF
ADMIN_ONLY = wire.ADMIN_READ | wire.ADMIN_WRITE
CERTIFICATE_DAYS = 2


def admin_value(index, handle_index):
    data = struct.pack(">H", ALL_RIGHTS) + wire.octets(ADMINISTRATOR) + wire.u32(handle_index)
    return {"index": index, "type": "HS_ADMIN", "data_base64": base64.b64encode(data).decode()}


def first_records(public_key, site):
    """The administrator of the prefix, and the prefix handle: its site, and who has every right."""
    # pyhandle wants to see a value of its user before it proves anything.
    keys = [{"index": 301, "type": "HS_SECKEY", "data": SECRET, "permissions": ADMIN_ONLY},
            {"index": 400, "type": "DESC", "data": "the administrator"}]
    if public_key is not None:
        key = base64.b64encode(public_key).decode()
        keys.insert(0, {"index": 300, "type": "HS_PUBKEY", "data_base64": key})
    return [
        {"identifier": ADMINISTRATOR, "values": keys},
        {"identifier": "0.NA/" + PREFIX, "values": [
            {"index": 1, "type": "HS_SITE", "data_base64": base64.b64encode(site).decode()},
            admin_value(100, 300), admin_value(101, 301)]},
    ]


def certificate(folder):
    """A self-signed one for HTTPS on loopback."""
    chain, key = folder / "https.pem", folder / "https.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-days", str(CERTIFICATE_DAYS),
         "-keyout", key, "-out", chain],
        check=True, capture_output=True, timeout=60)
    key.chmod(0o600)
    return chain, key


def free_port():
    """A port of loopback that is free for UDP and TCP alike, so that it can be kept."""
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        udp.bind(tcp.getsockname())
        return tcp.getsockname()[1]


class Served:
    """The node, the file that says where it is, and a socket by which a suite restarts it."""

    def __init__(self, folder, keys=None, administrators=(300,), **settings):
        """`administrators`: by which of its keys the administrator runs the server, too."""
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.keys = pathlib.Path(keys) if keys else self.folder
        self.endpoint_file = self.folder / "endpoint.properties"
        self.node = node.Node(self.folder / "data")
        chain, key = certificate(self.folder)

        self.node.set(
            handle_listen=f"127.0.0.1:{free_port()}",
            handle_administrators=",".join(f"{n}:{ADMINISTRATOR}" for n in administrators),
            http_tls_listen="127.0.0.1:0",
            http_certificate_file=chain,
            http_key_file=key,
            **settings,
        )
        self.control = socket.create_server(("127.0.0.1", 0))

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        threading.Thread(target=self._obey, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.control.close()
        self.node.kill()

    def _start(self):
        settings = [word for name, value in self.node.settings.items()
                    for word in ("--set", f"{name}={value}")]
        made = node.command(*settings, "init")
        if made.returncode != 0:
            raise AssertionError(made.stderr.decode(errors="replace"))
        self.node.start()
        self.node.run("enterprise", "put", "acme", "--name", "Acme Kettles")
        self.node.run("prefix", "allot", PREFIX, "--enterprise", "acme")
        ready, _ = self.node.log.wait_for("ready")
        site = wire.ask_tcp(("127.0.0.1", int(ready["handle_tcp_port"])), wire.site_info()).body
        public = self.keys / "admpub.bin"
        records = first_records(public.read_bytes() if public.exists() else None, site)
        rows = self.folder / "first.jsonl"
        rows.write_text("".join(json.dumps(record) + "\n" for record in records))
        self.node.run("import", rows, "--format", "jsonl", "--quiet")
        self._publish()

    def _publish(self):
        ready, _ = self.node.log.wait_for("ready")
        self.endpoint_file.write_text(
            f"server=idnode\nprefix={PREFIX}\nudp={ready['handle_udp_port']}\n"
            f"tcp={ready['handle_tcp_port']}\nhttp={ready['http_port']}\n"
            f"https={ready.get('https_port', 0)}\nkeys={self.keys}\n"
            f"pid={self.node.process.pid}\ncontrol={self.control.getsockname()[1]}\n")

    def _obey(self):
        while True:
            try:
                asker, _ = self.control.accept()
            except OSError:
                return
            with asker, asker.makefile("rw") as lines:
                if lines.readline() != "restart\n":
                    continue
                code = self.node.stop()
                self.node.start()
                self._publish()
                lines.write("ready\n" if code == 0 else f"ended with {code}\n")
                lines.flush()


class ServedLevels:
    """Three levels, of which the client is told the top-level node."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.endpoint_file = self.folder / "endpoint.properties"
        self.nodes = levels.ThreeLevels(self.folder)

    def __enter__(self):
        try:
            top = self.nodes.start().top
            names = (levels.HOSTED, levels.SELF_BUILT, levels.OTHER)
            for name in names:
                prefix = name.partition("/")[0]
                node.wait_until(lambda at="/api/handles/0.NA/" + prefix: top.get(at)[0] == 200,
                                30, f"{prefix} is filed")
            ready, _ = top.log.wait_for("ready")
            self.endpoint_file.write_text(
                f"server=idnode\nprefix=88\nudp={ready['handle_udp_port']}\n"
                f"tcp={ready['handle_tcp_port']}\nhttp={ready['http_port']}\n"
                f"levels={','.join(names)}\nlinked={levels.LINKED}\n")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.nodes.kill()
