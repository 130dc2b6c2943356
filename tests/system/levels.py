"""Three levels on loopback: a top-level node, a secondary node that hosts an enterprise, and two
enterprise nodes below it. Nobody types a site record."""

import pathlib
import socket

import node

HOSTED, SELF_BUILT, OTHER = "88.118.8/SN-1", "88.118.9/SN-9", "88.118.10/SN-10"
LINKED = "https://example.cn/"


def free_port(host):
    """One that is free for UDP and for TCP."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind((host, 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return tcp.getsockname()[1]


def hold(at, prefix, name):
    """An enterprise with a prefix, and an identifier below it."""
    code = "ENT-" + prefix.rpartition(".")[2]
    at.run("enterprise", "put", code, "--name", code)
    at.run("prefix", "allot", prefix, "--enterprise", code)
    at.run("register", name, "--value", f"1:URL={LINKED}{name}")


class ThreeLevels:
    """Whoever makes them kills them, also where they were not all started."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.nodes = []

    def start(self):
        self.top = self._node("top", "127.0.0.1", "88", node_role="top-level").start()
        self.top.set(grpc_listen=f"127.0.0.1:{self.top.grpc_port}")
        self.secondary = self._docked("secondary", "127.0.0.2", "88.118", self.top)
        self.first = self._docked("first", "127.0.0.3", "88.118.9", self.secondary)
        self.second = self._docked("second", "127.0.0.4", "88.118.10", self.secondary)
        hold(self.secondary, "88.118.8", HOSTED)
        hold(self.first, "88.118.9", SELF_BUILT)
        hold(self.second, "88.118.10", OTHER)
        return self

    def kill(self):
        for each in self.nodes:
            each.kill()

    def _node(self, name, host, prefix, **settings):
        made = node.Node(self.directory / name, node_prefix=prefix,
                         handle_listen=f"{host}:{free_port(host)}",
                         forward_networks="127.0.0.0/8", **settings)
        self.nodes.append(made)
        return made

    def _docked(self, name, host, prefix, above):
        token = self.directory / f"{name}.token"
        token.write_text(above.token("--role", "child", "--prefix", prefix))
        below = self._node(name, host, prefix, upstream_token_file=token,
                           upstream_address=f"127.0.0.1:{above.grpc_port}").start()
        below.set(grpc_listen=f"127.0.0.1:{below.grpc_port}")
        below.log.wait_for("upstream_docked")
        return below
