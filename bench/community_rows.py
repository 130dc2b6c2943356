"""The row of GS1's community resolver, if there is one (IDNODE_COMMUNITY_RESOLVER_FOLDER).

IDNODE_COMMUNITY_RESOLVER_FOLDER: somebody has prepared it; nothing is written to it:

    run             an executable, called as `run PORT PRODUCTS`: the resolver's web server, with
                    the workers that it has by itself and with a stand-in for its database, answers
                    https://…/01/… as http://127.0.0.1:PORT/01/… until SIGTERM. PRODUCTS is a file
                    of what its edition 3 takes at /api/new, one entry a line
    run-unchecked   need not be there; called likewise: the same without the process in which it
                    checks each request. Its figure goes to stderr

The stand-in should cost next to nothing: what is measured is the web logic. It starts a process a
request, so that few connections suit it best; both get as many.
"""

import contextlib
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys

from frame import AT_LEAST, free_port, prepared_folder
from http_rows import wait_for, wrk, write_script
from link_load import QUERY, address, gtin, redirection, request_for

PRODUCTS = 1_000  # The first of those that our node holds.
CONNECTIONS = 4
SECONDS = 10  # It answers a few requests a second.


def folder():
    """None: there is no such resolver here."""
    return prepared_folder("IDNODE_COMMUNITY_RESOLVER_FOLDER")


def write_products(path):
    with path.open("w") as file:
        for item in range(PRODUCTS):
            link = {"linktype": "gs1:pip", "href": address(item), "title": "of a series",
                    "type": "text/html", "hreflang": ["zh"]}
            entry = {"anchor": f"/01/{gtin(item)}", "itemDescription": "of a series",
                     "defaultLinktype": "gs1:pip", "links": [link]}
            file.write(json.dumps(entry) + "\n")
    return path


@contextlib.contextmanager
def community_resolver(program, products):
    """On core 0 with all that it starts; yields its port."""
    port = free_port()
    with open(products.with_suffix(".log"), "w") as log:
        server = subprocess.Popen(["taskset", "-c", "0", program, str(port), products],
                                  stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  start_new_session=True)
    try:
        wait_for(port, 60)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def check_same(ours, theirs):
    for item in range(0, PRODUCTS, PRODUCTS // 10):
        request = request_for(f"/01/{gtin(item)}")
        places = {redirection(port, request)[1] for port in (ours, theirs)}
        if places != {f"{address(item)}?{QUERY}"}:
            raise RuntimeError(f"not a measurement: {places}")


def in_turns(rounds, ours, theirs, script):
    """Answers a second, of both."""
    check_same(ours, theirs)
    pairs = [(wrk(ours, script, connections=CONNECTIONS)[0],
              wrk(theirs, script, SECONDS, CONNECTIONS)[0]) for _ in range(rounds)]
    return [list(rates) for rates in zip(*pairs)]


def community_row(table, rounds, node, directory):
    """`node` holds what bench/gs1_fill makes, and answers from the store."""
    what, goal = "Digital Link redirect, GS1 community resolver (web logic)", 50
    prepared = folder()
    if prepared is None:
        table.absent(what, "IDNODE_COMMUNITY_RESOLVER_FOLDER is not set", f"{AT_LEAST} {goal}")
        return
    products = write_products(pathlib.Path(directory, "products.jsonl"))
    script = write_script(pathlib.Path(directory, "products.lua"),
                          [request_for(f"/01/{gtin(item)}") for item in range(PRODUCTS)])
    with community_resolver(prepared / "run", products) as port:
        ours, theirs = in_turns(rounds, node.port("http"), port, script)
    table.ratio(what, ours, theirs, "/s", "as it comes, its database in memory", AT_LEAST, goal)
    if (prepared / "run-unchecked").exists():
        with community_resolver(prepared / "run-unchecked", products) as port:
            ours, theirs = map(statistics.median, in_turns(rounds, node.port("http"), port, script))
        print(f"bench: the community resolver without its check: {theirs:,.0f} /s, ours "
              f"{ours / theirs:.3g} times that", file=sys.stderr)
