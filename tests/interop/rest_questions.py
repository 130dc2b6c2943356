"""What is asked of a REST interface: 6.2 to 6.6 row by row, of 6.7 and 6.9 what can be compared.

The sections are those of spec/handle-protocol.md; a question's name begins with its section.
"""

import base64
import dataclasses
import hashlib
import hmac

JSON_FIELDS = ("Content-Type",)
NONCE, CLIENT_NONCE, SALT = b"n" * 16, b"c" * 16, b"s" * 16
ITERATIONS = 1_000


@dataclasses.dataclass
class Question:
    name: str
    method: str
    path: str
    body: object = None
    headers: dict = dataclasses.field(default_factory=dict)
    who: tuple = None  # Index, handle and secret key; None: nobody.
    tls: bool = True
    fields: tuple = JSON_FIELDS
    compares_body: bool = True


def string(index, text, kind="URL", **more):
    return {"index": index, "type": kind, "data": {"format": "string", "value": text}, **more}


def values_of_6_5(prefix):
    """One of each form that a value may be written in."""
    def value(index, kind, data, **more):
        return {"index": index, "type": kind, "data": data, **more}

    admin = {"handle": prefix + "/ADMIN", "index": 301, "permissions": "111111111111"}
    site = {"version": 1, "protocolVersion": "2.11", "serialNumber": 7, "primarySite": True,
            "multiPrimary": False, "attributes": {"desc": "a site"},
            "servers": [{"serverId": 1, "address": "192.0.2.10",
                         "publicKey": {"format": "base64", "value": ""},
                         "interfaces": [{"query": True, "admin": True, "protocol": "TCP",
                                         "port": 2641}]}]}
    key = {"kty": "RSA", "n": base64.urlsafe_b64encode(b"\xc1" * 256).decode().rstrip("="),
           "e": "AQAB"}
    return [
        value(1, "URL", "http://a.cn/?x=<1>&y='2'"),
        value(2, "DESC", {"format": "string", "value": "水壶 \u2028 é \\ \" /"}),
        value(3, "BLOB", {"format": "base64", "value": base64.b64encode(bytes(256)).decode()}),
        value(4, "BLOB", {"format": "HEX", "value": "00FF7f"}),
        value(5, "TEXT", {"format": "base64", "value": base64.b64encode(b"tab\tline\n").decode()}),
        value(6, "TEXT", {"format": "base64", "value": base64.b64encode(b"a\x10\x13b").decode()}),
        value(7, "TEXT", {"format": "base64", "value": base64.b64encode(b"a\x14b").decode()}),
        value(8, "TEXT", {"format": "base64", "value": base64.b64encode(b"a\x7fb").decode()}),
        value(9, "TEXT", {"format": "base64", "value": base64.b64encode(b"\xff\xfe").decode()}),
        value(10, "EMPTY", {"format": "string", "value": ""}),
        string(11, "all", permissions="1111"),
        string(13, "leading character of five", permissions="00110"),
        string(14, "star", permissions="*"),
        string(15, "short", ttl=60),
        string(16, "until", ttl="2029-07-18T10:00:00Z"),
        string(17, "old", timestamp="2001-01-01T00:00:00Z"),
        string(18, "referring", references=[{"handle": prefix + "/r", "index": 3}]),
        string(19, "referring to none", references=[]),
        value(100, "HS_ADMIN", {"format": "admin", "value": admin}),
        value(101, "HS_ADMIN", {"format": "admin", "value": {**admin, "permissions": "*"}}),
        value(102, "HS_ADMIN", {"format": "admin", "value": {**admin, "legacyByteLength": True}}),
        value(103, "HS_ADMIN", {"format": "base64", "value": "AA=="}),
        value(110, "HS_VLIST", {"format": "vlist", "value": [
            {"handle": prefix + "/ADMIN", "index": 300}, {"handle": prefix + "/x", "index": 0}]}),
        value(111, "HS_VLIST", {"format": "vlist", "value": []}),
        value(120, "HS_SITE", {"format": "site", "value": site}),
        value(121, "HS_SITE.PREFIX", {"format": "site", "value": site}),
        value(130, "HS_PUBKEY", {"format": "key", "value": key}),
        value(131, "HS_PUBKEY", "no key"),
        value(140, "HS_SERV", prefix + "/service"),
        value(141, "HS_ALIAS", prefix + "/alias"),
    ]


def clearing(prefix):
    administrator = (301, prefix + "/ADMIN", "secret")
    names = [f"{prefix}/Rest-{n}" for n in range(1, 8)]
    names += [f"{prefix}.9/{n}" for n in ("a", "b")]
    names += [f"{prefix}/Rest-%25%3F%23", f"{prefix}/Rest-%20%2B%E6%B0%B4", f"{prefix}/Rest-a+b"]
    for name in names:
        yield Question("clear", "DELETE", f"/api/handles/{name}", who=administrator)
    yield Question("clear", "DELETE", f"/api/prefixes/0.NA/{prefix}.9", who=administrator)


def questions(prefix):
    """In their order: some of them write what later ones read."""
    yield from _writes(prefix)
    yield from _reads(prefix)
    yield from _forms(prefix)
    yield from _refusals(prefix)
    yield from _lists(prefix)
    yield from _proofs(prefix)
    yield from _proxy(prefix)
    yield from _removals(prefix)


def _administrator(prefix):
    return (301, prefix + "/ADMIN", "secret")


def _writes(prefix):
    who = _administrator(prefix)
    one = f"/api/handles/{prefix}/Rest-1"
    admin = values_of_6_5(prefix)[18]
    record = [string(1, "http://a.cn/1"), string(2, "http://b.cn/2", "URL.mirror"),
              string(3, "hidden", "NOTE", permissions="1100"),
              string(4, "open", "NOTE", permissions="1111"), admin]

    def put(name, path, body, **more):
        return Question(f"6.3 PUT {name}", "PUT", path, body, who=who, **more)

    yield put("creates", one, {"handle": f"{prefix}/Rest-1", "values": record})
    yield put("replaces", one, {"values": record})
    yield put("overwrite=false of what is there", one + "?overwrite=false", record)
    yield put("overwrite=yes, which is not true", one + "?overwrite=yes", record)
    yield put("overwrite=TRUE", one + "?overwrite=TRUE", record)
    yield put("an array", f"/api/handles/{prefix}/Rest-2", record)
    yield put("one value", f"/api/handles/{prefix}/Rest-3", string(1, "http://a.cn/3"))
    yield put("the handle in other case", one, {"handle": f"{prefix}/REST-1", "values": record})
    yield put("another handle", one, {"handle": f"{prefix}/other", "values": record})
    yield put("mintNewSuffix", f"/api/handles/{prefix}/?mintNewSuffix=true", record)
    yield put("index=various adds and replaces", one + "?index=various",
              [string(1, "http://c.cn/1"), string(5, "five")])
    yield put("index adds", one + "?index=6", [string(6, "six")])
    yield put("index replaces", one + "?index=6", [string(6, "another six")])
    yield put("two indexes", one + "?index=6&index=7", [string(7, "seven"), string(6, "six")])
    yield put("other indexes than the body's", one + "?index=8", [string(9, "nine")])
    yield put("index with overwrite=false", one + "?index=6&overwrite=false", [string(6, "six")])
    yield put("index of an absent handle", f"/api/handles/{prefix}/absent?index=1",
              [string(1, "one")])
    yield put("index=x", one + "?index=x", [string(1, "one")])
    yield put("no values with index", one + "?index=various", [])
    yield put("index 0", f"/api/handles/{prefix}/Rest-4", [string(0, "zero")])
    yield put("an index twice", f"/api/handles/{prefix}/Rest-4", [string(1, "a"), string(1, "b")])
    yield put("no JSON", one, "{", headers={"Content-Type": "application/json"})
    yield put("JSON that is no record", one, {"a": 1})
    yield put("a number", one, "7")
    yield put("text/plain", one, record, headers={"Content-Type": "text/plain"})
    yield put("a charset", one, {"values": record},
              headers={"Content-Type": "application/json; charset=UTF-8"})
    yield put("elsewhere", "/api/handles/10.1000/1", record)
    for name in ("%25%3F%23", "%20%2B%E6%B0%B4", "a+b"):
        yield put(f"a name of signs: {name}", f"/api/handles/{prefix}/Rest-{name}",
                  [string(1, "http://a.cn/signs"), admin])
    yield put("every form of a value", f"/api/handles/{prefix}/Rest-5",
              {"values": values_of_6_5(prefix)})
    yield put("pretty", f"/api/handles/{prefix}/Rest-6?pretty", [string(1, "http://a.cn/6")])


def _reads(prefix):
    one = f"/api/handles/{prefix}/Rest-1"

    def get(name, path, section="6.3", **more):
        return Question(f"{section} GET {name}", "GET", path, **more)

    yield get("resolves", one, "6.2")
    yield get("resolves without TLS", one, "6.2", tls=False)
    yield Question("6.2 HEAD", "HEAD", one)
    yield get("in other case", one.upper().replace("/API/HANDLES", "/api/handles"), "6.2")
    yield get("the slash encoded", f"/api/handles/{prefix}%2FRest-1", "6.2")
    for name in ("%25%3F%23", "%20%2B%E6%B0%B4", "a+b"):
        yield get(f"a name of signs: {name}", f"/api/handles/{prefix}/Rest-{name}", "6.2")
    yield get("a prefix handle", f"/api/handles/0.NA/{prefix}?type=HS_ADMIN", "6.2")
    yield get("a prefix without a slash", f"/api/handles/{prefix}?type=HS_ADMIN", "6.2")
    yield get("absent", f"/api/handles/{prefix}/absent", "6.2")
    yield get("elsewhere", "/api/handles/10.1000/1", "6.2")
    yield get("no handle", "/api/handles/", "6.2")
    yield Question("6.2 POST an object", "POST", one, {"type": ["URL", "NOTE"], "index": 2})
    yield Question("6.2 POST an empty object", "POST", one, {})
    yield get("one index", one + "?index=1")
    yield get("indexes", one + "?index=1&index=2")
    yield get("an absent index", one + "?index=77")
    yield get("index=x", one + "?index=x")
    yield get("index without a value", one + "?index=")
    yield get("a type", one + "?type=URL")
    yield get("a type in lower case", one + "?type=url")
    yield get("below a type", one + "?type=URL.")
    yield get("an absent type", one + "?type=NONE")
    yield get("index or type", one + "?index=4&type=URL")
    yield get("a restricted value", one + "?index=3")
    yield get("publicOnly=false", one + "?index=3&publicOnly=false")
    yield get("publicOnly=false without TLS", one + "?index=3&publicOnly=false", tls=False)
    yield get("publicOnly=false of what is public", one + "?index=1&publicOnly=false")
    yield get("the administrator", one, who=_administrator(prefix))
    yield get("the administrator, publicOnly", one + "?publicOnly", who=_administrator(prefix))
    for spelling in ("auth", "auth=yes", "cert", "doNotRefer=TRUE", "unknown=1"):
        yield get(spelling, f"{one}?index=1&{spelling}")
    for spelling in ("pretty", "pretty=yes", "pretty=TRUE", "pretty=false", "pretty=1"):
        yield get(spelling, f"{one}?index=1&{spelling}")
    for callback in ("cb", "a.b", "1x", "$_x9", "", "%C3%A9", "a%20b%3C"):
        yield get(f"callback={callback}", f"{one}?index=1&callback={callback}")
    yield get("callback and pretty", one + "?index=1&callback=cb&pretty")
    yield get("callback of what is absent", f"/api/handles/{prefix}/absent?callback=cb")


def _forms(prefix):
    five = f"/api/handles/{prefix}/Rest-5"
    yield Question("6.5 PUT permissions 0110", "PUT", f"/api/handles/{prefix}/Rest-3",
                   [string(1, "leading character of four", permissions="0110")],
                   who=_administrator(prefix))
    yield Question("6.5 GET permissions 0110", "GET", f"/api/handles/{prefix}/Rest-3")
    for value in values_of_6_5(prefix):
        index = value["index"]
        yield Question(f"6.5 value {index}", "GET", f"{five}?index={index}",
                       who=_administrator(prefix))
    yield Question("6.5 all values", "GET", five)
    yield Question("6.5 all values, indented", "GET", five + "?pretty")
    gzip = {"Accept-Encoding": "gzip"}
    fields = (*JSON_FIELDS, "Content-Encoding")
    yield Question("6.4 gzip", "GET", five, headers=gzip, fields=fields)
    yield Question("6.4 gzip of what is short", "GET", f"/api/handles/{prefix}/absent",
                   headers=gzip, fields=fields)
    yield Question("6.4 identity", "GET", five, headers={"Accept-Encoding": "identity"},
                   fields=fields)
    for name, data in [
        ("no data", None), ("a number", 7), ("no format", {"value": "x"}),
        ("an unknown format", {"format": "x", "value": "x"}),
        ("bad base64", {"format": "base64", "value": "!"}),
        ("bad hex", {"format": "hex", "value": "0"}),
        ("an admin without a handle", {"format": "admin", "value": {"index": 1}}),
        ("a vlist that is none", {"format": "vlist", "value": 7}),
    ]:
        value = {"index": 1, "type": "URL"} | ({} if data is None else {"data": data})
        yield Question(f"6.5 PUT {name}", "PUT", f"/api/handles/{prefix}/Rest-7",
                       [value], who=_administrator(prefix))
    for permissions in (True, "110011110011", [0, 1, 6], 4095):
        admin = {"handle": prefix + "/ADMIN", "index": 301, "permissions": permissions}
        path = f"/api/handles/{prefix}/Rest-7"
        yield Question(f"6.5 PUT an admin of {permissions}", "PUT", path,
                       [{"index": 1, "type": "HS_ADMIN",
                         "data": {"format": "admin", "value": admin}}],
                       who=_administrator(prefix))
        yield Question(f"6.5 GET an admin of {permissions}", "GET", path)


def _refusals(prefix):
    one = f"/api/handles/{prefix}/Rest-1"
    yield Question("6.6 an unknown endpoint", "GET", "/api/nothing")
    yield Question("6.6 an unknown endpoint below", "GET", "/api/nothing/below")
    yield Question("6.6 DELETE of a site", "DELETE", "/api/site", who=_administrator(prefix))
    yield Question("6.6 an unknown method", "BREW", one)
    yield Question("6.6 PUT by nobody", "PUT", one + "?index=1", [string(1, "x")])
    yield Question("6.6 PUT by nobody of a publicly writable value", "PUT", one + "?index=4",
                   [string(4, "x", "NOTE", permissions="1111")])
    yield Question("6.6 PUT by nobody without TLS", "PUT", one + "?index=1", [string(1, "x")],
                   tls=False)
    yield Question("6.6 PUT without TLS, whoever it is", "PUT",
                   f"/api/handles/{prefix}/Rest-2?index=1", [string(1, "x")],
                   who=_administrator(prefix), tls=False)
    yield Question("6.6 DELETE by nobody", "DELETE", one)
    yield Question("6.6 DELETE of an absent value", "DELETE", one + "?index=77",
                   who=_administrator(prefix))
    yield Question("6.6 DELETE of index=x", "DELETE", one + "?index=x", who=_administrator(prefix))
    yield Question("6.6 DELETE of what is absent", "DELETE", f"/api/handles/{prefix}/absent",
                   who=_administrator(prefix))


def _lists(prefix):
    who = _administrator(prefix)
    under = f"{prefix}.9"

    def lists(name, query, **more):
        return Question(f"6.4 list {name}", "GET", f"/api/handles?prefix={under}{query}",
                        **({"who": who} | more))

    yield Question("6.2 POST a prefix", "POST", f"/api/prefixes/0.NA/{under}", who=who)
    yield Question("6.2 POST a prefix again", "POST", f"/api/prefixes?prefix=0.NA/{under}",
                   who=who)
    yield Question("6.2 POST what is no prefix", "POST", f"/api/prefixes/{prefix}/x", who=who)
    yield Question("6.2 POST a prefix by nobody", "POST", f"/api/prefixes/0.NA/{under}")
    yield lists("of nothing", "")
    for name in ("a", "b"):  # In the order in which a stock server keeps them, which hashes.
        yield Question(f"6.2 PUT {name} to be listed", "PUT", f"/api/handles/{under}/{name}",
                       [string(1, name)], who=who)
    yield lists("all", "")
    yield lists("page 0", "&page=0&pageSize=1")
    yield lists("page 1", "&page=1&pageSize=1")
    yield lists("page 2, which is empty", "&page=2&pageSize=1")
    yield lists("only how many", "&page=0&pageSize=0")
    yield lists("a page without a size", "&page=0")
    yield lists("a size without a page", "&pageSize=2")
    yield lists("page=x", "&page=x&pageSize=2")
    yield lists("indented", "&pretty")
    yield lists("by nobody", "", who=None)
    yield Question("6.4 list of a prefix handle", "GET", f"/api/handles?prefix=0.NA/{under}",
                   who=who)
    yield Question("6.4 list elsewhere", "GET", "/api/handles?prefix=10.1000", who=who)
    yield Question("6.4 list of no prefix", "GET", "/api/handles", who=who)
    yield Question("6.2 GET prefixes by nobody", "GET", "/api/prefixes")
    yield Question("6.2 GET the site", "GET", "/api/site")


def _proofs(prefix):
    one = f"/api/handles/{prefix}/Rest-1?index=1"
    offers = (*JSON_FIELDS, "WWW-Authenticate")
    body = [string(1, "x")]
    yield Question("6.7 a proof is wanted", "PUT", one, body, fields=offers)
    yield Question("6.7 a proof is wanted by a page", "PUT", one, body, fields=offers,
                   headers={"X-Requested-With": "XMLHttpRequest"})
    yield Question("6.7 none is wanted without TLS", "PUT", one, body, fields=offers, tls=False)
    yield Question("6.7 a wrong secret", "PUT", one, body, who=(301, prefix + "/ADMIN", "guess"))
    yield Question("6.7 a user that is not there", "PUT", one, body,
                   who=(301, prefix + "/nobody", "secret"))
    yield Question("6.7 a session", "POST", "/api/sessions", fields=(*JSON_FIELDS, "Location"))
    yield Question("6.7 a session without TLS", "POST", "/api/sessions", tls=False)
    yield Question("6.7 no session", "GET", "/api/sessions/this")
    yield Question("6.7 the end of no session", "DELETE", "/api/sessions/this")

    derived = hashlib.pbkdf2_hmac("sha1", b"secret", SALT, ITERATIONS, 20)
    mac = hmac.digest(derived, NONCE + CLIENT_NONCE, "sha1")

    def verification(name, signature, who=f"301:{prefix}/ADMIN"):
        def text(octets):
            return base64.b64encode(octets).decode().replace("+", "%2B").replace("=", "%3D")

        return Question(
            f"6.4 verification {name}", "GET",
            f"/api/verifications/{who}?nonce={text(NONCE)}&cnonce={text(CLIENT_NONCE)}"
            f"&alg=PBKDF2WithHmacSHA1&salt={text(SALT)}&iterations={ITERATIONS}&length=160"
            f"&signature={text(signature)}")

    yield verification("of a right secret", mac)
    yield verification("of a wrong secret", bytes(20))
    yield verification("of nobody", mac, f"301:{prefix}/nobody")


def _proxy(prefix):
    who = _administrator(prefix)
    seven = f"{prefix}/Rest-7"
    fields = ("Content-Type", "Location", "Vary")

    def record(name, values):
        return Question(f"6.9 PUT {name}", "PUT", f"/api/handles/{seven}",
                        [*values, values_of_6_5(prefix)[18]], who=who)

    def get(name, query="", path=f"/{seven}", **headers):
        names = {key.replace("_", "-"): value for key, value in headers.items()}
        return Question(f"6.9 GET {name}", "GET", path + query, headers=names, fields=fields,
                        compares_body=False, tls=False)

    yield record("URLs", [string(1, "http://m.cn/", "URL.mirror"), string(2, "http://a.cn/水?x=1")])
    yield get("the first URL")
    yield get("urlappend", "?urlappend=%26y%3D2")
    yield get("noredirect", "?noredirect")
    yield get("action=showvalues", "?action=showvalues")
    yield get("redirectionHeaders", "?redirectionHeaders")
    yield get("a type", "?type=URL.mirror")
    yield get("an absent type", "?type=NONE")
    yield get("what is absent", path=f"/{prefix}/absent")
    for spelling in ("hdl:", "doi:", "info:hdl/", "urn:hdl:"):
        name = seven.replace("/", ":", 1) if spelling == "urn:hdl:" else seven
        yield get(spelling, path=f"/{spelling}{name}")
    yield record("an alias", [string(1, f"{prefix}/Rest-1", "HS_ALIAS")])
    yield get("an alias")
    yield get("an alias that is ignored", "?ignore_aliases")
    roles = "".join(
        f'<location href="http://{role}.cn/" http_role="{role}"/>'
        for role in ("conneg", "browser", "no_conneg"))
    yield record("roles", [string(1, f"<locations>{roles}</locations>", "10320/loc")])
    yield get("no Accept", Accept="*/*", User_Agent="curl/8")
    yield get("a browser by name", Accept="*/*", User_Agent="Mozilla/5.0")
    yield get("a browser", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    yield get("other media types", Accept="application/ld+json, text/html;q=0.5")
    kinds = "".join(f'<location href="http://{name}.cn/" weight="0" {name}="{kind}"/>'
                    for name, kind in (("ctype", "application/ld+json"),
                                       ("media-type", "application/rdf+xml")))
    yield record("media types", [string(
        1, f'<locations><location href="http://other.cn/"/>{kinds}</locations>', "10320/loc")])
    yield get("a ctype", Accept="application/ld+json")
    yield get("a media-type", Accept="application/ld+json;q=0.5, application/rdf+xml")
    yield get("neither", Accept="text/turtle")
    yield get("an attribute by locatt", "?locatt=ctype:application/ld%2Bjson", Accept="*/*")
    yield record("addresses", [string(
        1, '<locations><location href="http://far.cn/" addresses="192.0.2.0/24"/>'
        '<location href="http://near.cn/" addresses="10.0.0.0/8, 127.0.0.0/8"/>'
        '<location href="http://any.cn/"/></locations>', "10320/loc")])
    yield get("an address")
    yield record("scores", [string(
        1, '<locations><location href="http://low.cn/" score="1"/><location href="http://no.cn/"/>'
        '<location href="http://high.cn/" score="2.5" http_sc="303"/></locations>', "10320/loc")])
    yield get("the highest score")
    yield record("old spelling", [string(
        1, '<locations chooseby="locatt,weighted"><location href="http://a.cn/" weight="1"/>'
        '<location href="http://b.cn/" weight="0" id="b"/></locations>', "10320/loc")])
    yield get("by weight")
    yield get("by locatt", "?locatt=id:b")


def _removals(prefix):
    who = _administrator(prefix)
    one = f"/api/handles/{prefix}/Rest-1"

    def delete(name, path):
        return Question(f"6.2 DELETE {name}", "DELETE", path, who=who)

    yield delete("values", one + "?index=2&index=4")
    yield Question("6.2 GET after values went", "GET", one)
    yield delete("a handle", one)
    yield Question("6.2 GET after the handle went", "GET", one)
    for name in ("a", "b"):
        yield delete(f"what was listed: {name}", f"/api/handles/{prefix}.9/{name}")
    yield delete("a prefix", f"/api/prefixes/0.NA/{prefix}.9")
    yield Question("6.2 GET under a prefix that is not homed", "GET",
                   f"/api/handles/{prefix}.9/a")
