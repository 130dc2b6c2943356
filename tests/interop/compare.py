#!/usr/bin/env python3
"""Asks two servers the same questions, octet for octet, and compares what they answer.

    compare.py ENDPOINT ENDPOINT     two files as run.py writes them: ours first, a stock one second

Both hold what served.py registers, under the same prefix. Left out are what must differ: request
ids of our own choice are equal, but session ids, nonces, times, serials and signatures are not.
Exit 1: they differ in something that DELIBERATE does not name.
"""

import sys

import wire
from endpoint import Endpoint
from wire import Message, Value, administrator, creation, octets, resolution, u32

# (question, field, or * for all of them): why ours is another answer on purpose.
DELIBERATE = {
    ("version 2.0", "*"): "nobody speaks it any more, and its proofs are MD5",
    ("handle ''", "code"): "can be nobody's, so it is invalid and not somebody else's",
    ("handle '/'", "code"): "as above",
    ("handle that is no UTF-8", "code"): "as above",
    ("get next transaction", "code"): "we are no mirror and feed none: not supported",
    ("retrieve transactions", "code"): "we are no mirror and feed none: not supported",
    ("dump handles", "code"): "we are no mirror and feed none: not supported",
    ("key exchange", "code"): "its cipher does not exist in any Java; not supported",
    ("site info in an unknown session", "*"): "id-pointer-sdk asks so before it logs in",
    ("length 23", "request_id"): "we echo what was readable; the stock client refuses FFFFFFFF",
    ("length -1", "request_id"): "as above",
    ("length 262145", "request_id"): "as above",
    ("operation 0", "request_id"): "as above",
    ("operation 9999", "request_id"): "as above",
    ("-1 indexes", "request_id"): "as above",
    ("encrypted, no session", "request_id"): "as above",
}
# In these the stock server has invented the whole head of its answer (3.8).
INVENTED_HEADS = ("length ", "operation 0", "operation 9999", "-1 indexes", "encrypted, no")


def questions(at, item):
    """(name, octets) in the order in which they are asked; each on a connection of its own."""
    prefix_handle = "0.NA/" + at.prefix

    def question(name, message):
        message.request_id = 0x01020304
        return name, message.encode()

    def sized(name, size, content):
        good = question("", resolution(item))[1]
        return name, good[:16] + u32(size) + content

    for flags in (0, 0x19000000, 0x1F500000, 0xB9000000, 0x19800000, 0x18000000, 0x1B000000):
        yield question(f"flags {flags:08x}", resolution(item, [1], flags=flags))
    for version, suggested in [((2, 3), (2, 11)), ((2, 3), (2, 8)), ((2, 6), (2, 6)),
                               ((2, 11), (0, 0)), ((3, 0), (3, 0)), ((2, 1), (2, 1))]:
        yield question(f"version {version} suggesting {suggested}",
                       resolution(item, version=version, suggested=suggested,
                                  flags=wire.USUAL | wire.RRDG))
    yield question("version 2.0", resolution(item, version=(2, 0), suggested=(2, 0)))
    for name, indexes, types in [
        ("all", (), ()), ("by index", (1,), ()), ("by type", (), ("URL",)),
        ("by lower-case type", (), ("url",)), ("below a type", (), ("URL.",)),
        ("union", (2, 1), ("URL",)), ("absent index", (99,), ()), ("index twice", (1, 1), ()),
        ("only restricted", (9,), ()), ("restricted and public", (1, 9), ()),
        ("every type of a dot", (), (".",)), ("empty type", (), ("",)),
        ("index 0", (0,), ()),
    ]:
        yield question(name, resolution(item, indexes, types))
    for handle in (item.upper(), item.lower(), at.prefix, prefix_handle, prefix_handle.lower(),
                   at.prefix + "/absent", "10.1000/1", "0", "", "/", at.prefix + "/",
                   at.prefix + "/a\x00b", prefix_handle + ".4711"):
        yield question(f"handle {handle!r}", resolution(handle))
    yield question("handle that is no UTF-8",
                   Message(1, octets(b"\xff\xfe/\x80") + u32(0) + u32(0)))
    yield question("restricted, unauthenticated",
                   resolution(item, [9], flags=wire.RECU | wire.CACR))
    yield question("unreadable", resolution(item, [10], flags=wire.RECU | wire.CACR))
    yield question("public, not only public", resolution(item, [1], flags=wire.RECU | wire.CACR))
    yield question("unknown session", resolution(item, session_id=0x7FFF0123))
    yield question("site info in an unknown session", wire.site_info(session_id=0x7FFF0123))
    yield question("create what exists", creation(item, [Value(1, "URL", "x")]))
    yield question("create elsewhere", creation("10.1000/1", [Value(1, "URL", "x")]))
    yield question("create with index 0", creation(at.prefix + "/n", [Value(0, "URL", "x")]))
    yield question("create with an index twice",
                   creation(at.prefix + "/n", [Value(1, "URL", "x"), Value(1, "URL", "y")]))
    yield question("create of no UTF-8",
                   Message(wire.CREATE, octets(at.prefix.encode() + b"/\xff") + u32(0)))
    yield question("create", creation(at.prefix + "/n", [Value(1, "URL", "x")]))
    yield question("add nothing", creation(item, [], operation=wire.ADD))
    yield question("add", creation(item, [Value(50, "URL", "x")], operation=wire.ADD))
    yield question("add to what is absent",
                   creation(at.prefix + "/absent", [Value(1, "URL", "x")], operation=wire.ADD))
    yield question("modify what is absent",
                   creation(at.prefix + "/absent", [Value(1, "URL", "x")],
                            operation=wire.MODIFY))
    yield question("modify an absent index",
                   creation(item, [Value(77, "URL", "x")], operation=wire.MODIFY))
    yield question("remove", Message(wire.REMOVE, octets(item) + u32(1) + u32(1)))
    yield question("delete", Message(wire.DELETE, octets(item)))
    yield question("delete what is absent", Message(wire.DELETE, octets(at.prefix + "/absent")))
    yield question("list", Message(wire.LIST, octets(prefix_handle)))
    yield question("list elsewhere", Message(wire.LIST, octets("0.NA/10.1000")))
    yield question("home", Message(wire.HOME, octets(prefix_handle + ".9")))
    yield question("home what is no prefix", Message(wire.HOME, octets(item)))
    yield question("unhome", Message(wire.UNHOME, octets(prefix_handle + ".9")))
    yield question("list homed", Message(wire.LIST_HOMED, octets("/")))
    for name, operation in [("get next transaction", 1000), ("retrieve transactions", 1001),
                            ("dump handles", 1002), ("key exchange", wire.KEY_EXCHANGE)]:
        yield question(name, Message(operation, octets("/")))
    yield sized("length 23", 23, bytes(23))
    yield sized("length -1", -1, b"")
    yield sized("length 262145", 262_145, b"")
    yield question("operation 0", Message(0, octets(item)))
    yield question("operation 9999", Message(9999, octets(item)))
    yield question("-1 indexes", Message(1, octets(item) + u32(-1) + u32(0)))
    yield question("encrypted, no session",
                   resolution(item, envelope_flags=wire.ENCRYPTED))
    yield question("an answer to nothing",
                   Message(wire.ANSWER, octets("HS_SECKEY") + octets("x/y") + u32(1) + octets("")))
    yield question("end of no session", Message(wire.SESSION_END, octets("/")))


def decoded(answer, name):
    """The fields that two servers must agree on."""
    fields = {"code": answer.code}
    if not name.startswith(INVENTED_HEADS):
        fields |= {"operation": answer.operation, "flags": f"{answer.flags:08x}",
                   "version": answer.version, "suggested": answer.suggested,
                   "recursion": answer.recursion, "truncated": answer.envelope_flags & 0x20,
                   "session": answer.session_id != 0, "signed": bool(answer.credential)}
    fields["request_id"] = f"{answer.request_id:08x}"
    if answer.flags & wire.RRDG:
        fields["digest algorithm"] = answer.body[0]
    if answer.code == 1 and answer.operation == wire.RESOLUTION:
        reader = answer.payload()
        fields["handle"] = reader.octets()
        values = reader.items(lambda: Value.read(reader))
        fields["values"] = [(v.index, v.type, v.data, v.permissions, v.ttl, v.ttl_type,
                             v.references) for v in values if not v.type.startswith("HS_")]
        fields["left over"] = reader.left()
    elif answer.code not in (1, 402):
        # The text is free; that there is one length word, and nothing behind it, is not.
        reader = answer.payload()
        if reader.left():
            reader.octets()
        fields["left over"] = reader.left()
    return fields


def prepare(at, item):
    """Registers what is asked for; the same name in both."""
    if wire.ask_tcp(at.tcp, resolution(item)).code == 1:
        return
    at.create(item, [
        Value(1, "URL", "http://a.cn/1"), Value(3, "URL.mirror", "http://b.cn/1"),
        Value(2, "DESC", "水壶", ttl=60), Value(5, "BLOB", bytes(range(256)) * 4),
        Value(6, "EXPIRES", "x", ttl_type=1, ttl=0x70000000,
              references=((at.prefix + "/r", 7),)),
        Value(7, "OPEN", "x", permissions=0x0F),
        Value(9, "NOTE", "hidden", permissions=wire.ADMIN_READ | wire.ADMIN_WRITE),
        Value(10, "NOTE", "sealed", permissions=wire.ADMIN_WRITE),
        administrator(100, at.prefix + "/ADMIN", 301),
    ])


def asked(at, name, data):
    with wire.Connection(at.tcp) as connection:
        connection.send(data)
        if name.startswith("length"):
            connection.socket.shutdown(1)
        return decoded(connection.receive(), name)


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    servers = []
    for file in sys.argv[1:]:
        with open(file, encoding="utf-8") as lines:
            servers.append(Endpoint(dict(l.rstrip("\n").split("=", 1) for l in lines if "=" in l)))
    item = servers[0].prefix + "/Compared"
    for at in servers:
        prepare(at, item)
    unexpected = count = 0
    for name, data in questions(servers[0], item):
        count += 1
        ours, theirs = (asked(at, name, data) for at in servers)
        for field in sorted(ours.keys() | theirs.keys()):
            if ours.get(field) == theirs.get(field):
                continue
            why = DELIBERATE.get((name, field)) or DELIBERATE.get((name, "*"))
            unexpected += why is None
            print(f"{'deliberate' if why else 'DIFFERENT'}: {name}: {field}: "
                  f"{repr(ours.get(field))[:200]}, stock {repr(theirs.get(field))[:200]}"
                  + (f" ({why})" if why else ""))
    print(f"{count} questions, {unexpected} differences that nobody wanted")
    return 1 if unexpected or not count else 0


if __name__ == "__main__":
    sys.exit(main())
