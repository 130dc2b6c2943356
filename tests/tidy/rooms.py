"""Rooms: which may include which (cmake/rooms.txt), and where heavy libraries may be named."""

import re

from source_tree import PRODUCT

MAP = "cmake/rooms.txt"
# Where Beast and gRPC may be included, and in how many translation units they may arrive, by
# whatever way: each costs ten to thirty seconds to compile.
HEAVY = {
    "Beast": {
        "include": re.compile(r"boost/beast(/|\.)"),
        "allowed": ("node/front/http/", "node/runtime/beast.cc", "node/client/http_get.cc"),
        "units_max": 16,
    },
    "gRPC": {
        "include": re.compile(r"(grpc|grpcpp)/|.*\.grpc\.pb\.h$"),
        "allowed": ("sync/", "node/front/grpc/", "node/client/"),
        "units_max": 27,
    },
}


def read_map(tree):
    """({room: rooms it may include}, complaints about the map itself)."""
    rooms, complaints = {}, []
    for number, line in enumerate(tree.lines(MAP), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, below = line.partition(":")
        name = name.strip()
        if not colon:
            complaints.append(f"{MAP}:{number}: no colon")
        if name in rooms:
            complaints.append(f"{MAP}:{number}: {name} has two lines")
        for other in below.split():
            if other not in rooms:
                complaints.append(f"{MAP}:{number}: {name} names {other}, which is not above it")
        rooms[name] = set(below.split())
    return rooms, complaints


def room_of(path, rooms):
    """The longest folder of `path` that is on the map; None: there is none."""
    fitting = [room for room in rooms if path.startswith(room + "/")]
    return max(fitting, key=len, default=None)


def check_includes(tree):
    rooms, complaints = read_map(tree)
    for path in tree.cpp(PRODUCT):
        room = room_of(path, rooms)
        if room is None:
            complaints.append(f"{path}:1: is in no room of {MAP}")
            continue
        for number, _, included in tree.includes(path):
            fault = _fault_of_include(room, included, rooms, tree)
            if fault:
                complaints.append(f"{path}:{number}: {fault}")
    return complaints


def _fault_of_include(room, included, rooms, tree):
    top = included.split("/")[0]
    if top in ("tests", "bench"):
        return f"product code includes {included}"
    if top not in PRODUCT:
        # A name of ours without its path, or a way around the map.
        is_ours = "/" not in included and any(f.endswith("/" + included) for f in tree.cpp(PRODUCT))
        if is_ours or ".." in included.split("/"):
            return f"{included} is not named from the root"
        return None
    if ".." in included.split("/"):
        return f"{included} is not named from the root"
    other = room_of(included, rooms)
    if other is None:
        return f"{included} is in no room of {MAP}"
    if other != room and other not in rooms[room]:
        return f"{room} may not include {other} ({included})"
    return None


def check_heavy(tree):
    complaints = []
    includes = {f: [i for _, _, i in tree.includes(f)] for f in tree.cpp(PRODUCT)}
    for name, rule in HEAVY.items():
        direct = {f for f, all_of in includes.items() if any(map(rule["include"].match, all_of))}
        for path in sorted(direct):
            if not path.startswith(rule["allowed"]):
                complaints.append(f"{path}:1: {name} is included outside {rule['allowed']}")
        units = [f for f in reaching(direct, includes) if f.endswith(".cc")]
        if len(units) > rule["units_max"]:
            complaints.append(
                f"{name} reaches {len(units)} translation units, over units_max = "
                f"{rule['units_max']}: " + " ".join(sorted(units)))
    return complaints


def reaching(targets, includes):
    """The files that include one of `targets`, directly or through others; and `targets`."""
    reached = set(targets)
    grown = True
    while grown:
        more = {f for f, all_of in includes.items() if reached.intersection(all_of)} - reached
        grown = bool(more)
        reached |= more
    return reached
