"""The rows of HTTP: Handle JSON and the tunnel of the Handle protocol against nginx, which returns
an answer of as many octets. Servers on core 0, load on core 1, ours and the anchor in turns, the
same requests to both."""

import contextlib
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

from frame import AT_LEAST, free_port
from handle_load import fill, handle_node, processor_seconds

HOT = 20_000  # Names asked for, uniformly and in turn.
MESSAGE = "application/x-hdl-message"


def wrk(port, script, seconds=3, connections=64):
    output = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout",
         "30s", "-s", script, f"http://127.0.0.1:{port}/"],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"not a measurement: {output}")
    count = int(re.search(r"(\d+) requests in", output)[1])
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]), count


def ask(server, script):
    """Answers a second, and the server's processor time for one, in nanoseconds."""
    port, pid = server
    before = sum(processor_seconds(pid))
    rate, count = wrk(port, script)
    return rate, (sum(processor_seconds(pid)) - before) / count * 1e9


def lua_text(octets):
    return '"' + "".join(f"\\{octet:03}" for octet in octets) + '"'


def write_script(path, requests):
    """A script of wrk that sends whole requests in turn, made before the load begins."""
    with open(path, "w") as file:
        file.write("local requests = {}\n")
        for request in requests:
            file.write(f"requests[#requests + 1] = {lua_text(request)}\n")
        file.write("local next = 0\nrequest = function()\n  next = next % #requests + 1\n"
                   "  return requests[next]\nend\n")
    return path


def json_request(name):
    return f"GET /api/handles/{name} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def resolution_message(name, number):
    """As a client of version 2.11 asks for all values (envelope, header, body, no credential)."""
    def u32(value):
        return value.to_bytes(4, "big")

    handle = name.encode()
    body = u32(len(handle)) + handle + u32(0) + u32(0)
    public_only = 0x0100_0000
    header = (u32(1) + u32(0) + u32(public_only) + bytes(2) + bytes([0, 0]) +
              u32(2**32 - 1) + u32(len(body)))
    message = header + body + u32(0)
    return bytes([2, 11, 2, 11]) + u32(0) + u32(number) + u32(0) + u32(len(message)) + message


def tunnel_request(name, number):
    message = resolution_message(name, number)
    head = (f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {MESSAGE}\r\n"
            f"Content-Length: {len(message)}\r\n\r\n")
    return head.encode() + message


def exchange(port, request, status):
    """Head and body of one answer, read from a connection of its own."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        octets = b""
        while b"\r\n\r\n" not in octets:
            octets += connection.recv(65_536)
        head, _, body = octets.partition(b"\r\n\r\n")
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])
        while len(body) < length:
            body += connection.recv(65_536)
    if not head.startswith(f"HTTP/1.1 {status} ".encode()):
        raise RuntimeError(f"not a measurement: {head!r}")
    return head, body


def quoted(text):
    """As nginx reads it; a variable cannot be written at all."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("$", "") + "'"


@contextlib.contextmanager
def nginx(directives, media_type):
    """One worker on core 0 that answers by these; yields its port and the worker's pid."""
    with tempfile.TemporaryDirectory() as directory:
        port = free_port()
        config = pathlib.Path(directory, "nginx.conf")
        config.write_text(
            f"daemon off; master_process off; pid {directory}/pid; worker_processes 1;\n"
            "error_log stderr crit;\n"
            "events { worker_connections 1024; }\nhttp { access_log off; "
            "keepalive_requests 1000000000;\n"
            f"  client_body_temp_path {directory}/b; proxy_temp_path {directory}/p;\n"
            f"  fastcgi_temp_path {directory}/f; uwsgi_temp_path {directory}/u;\n"
            f"  scgi_temp_path {directory}/s;\n"
            f"  server {{ listen 127.0.0.1:{port}; default_type {media_type};\n"
            f"    location / {{ {directives} }} }} }}\n")
        server = subprocess.Popen(["taskset", "-c", "0", shutil.which("nginx") or
                                   "/usr/sbin/nginx", "-c", config], stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            yield port, server.pid
        finally:
            server.terminate()
            server.wait()


def wait_for(port, seconds=10):
    until = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def against_nginx(table, rounds, what, node, requests, media_type, goal, directory):
    _, answer = exchange(node.port("http"), requests[0], 200)
    # Octets that no configuration file can hold are replaced, one by one.
    text = "".join(chr(octet) if 0x20 <= octet < 0x7F and octet != 0x24 else "x"
                   for octet in answer)
    with nginx(f"return 200 {quoted(text)};", media_type) as anchor:
        turns(table, rounds, what, node, requests, anchor, "nginx return, as many octets", goal,
              directory)


def turns(table, rounds, what, node, requests, anchor, name, goal, directory):
    """A row for the rates, and one for the server's processor time, which moves less."""
    server = node.port("http"), node.process.pid
    script = write_script(pathlib.Path(directory, "requests.lua"), requests)
    ask(server, script)  # What is cached is cached.
    ours, anchors = [], []
    for _ in range(rounds):
        anchors.append(ask(anchor, script))
        ours.append(ask(server, script))
    table.ratio(what, [rate for rate, _ in ours], [rate for rate, _ in anchors], "/s", name,
                AT_LEAST, goal)
    # The anchor above, so that here too more is better.
    table.ratio(f"{what}, processor time", [1e9 / cost for _, cost in ours],
                [1e9 / cost for _, cost in anchors], "/s of processor", name, AT_LEAST, goal)


def hot_names():
    return [f"88.118.8/SN-{number:012}" for number in range(HOT)]


def cached_rows(table, rounds, node, directory):
    """`node` holds what handle_load.fill makes."""
    names = hot_names()
    against_nginx(table, rounds, "HTTP resolution from the cache, 64 connections", node,
                  [json_request(name) for name in names], "application/json", 0.8, directory)
    against_nginx(table, rounds, "tunnel resolution from the cache, 64 connections", node,
                  [tunnel_request(name, number) for number, name in enumerate(names)],
                  MESSAGE, 0.8, directory)


def http(table, rounds):
    with tempfile.TemporaryDirectory() as directory:
        with handle_node(f"{directory}/node", "0", "http.cache=0") as node:
            fill(node, directory, HOT)
            against_nginx(table, rounds, "HTTP resolution from the store, 64 connections", node,
                          [json_request(name) for name in hot_names()], "application/json", 0.4,
                          directory)
