"""Messages of the Handle protocol as octets, written from its description alone.

Nothing of the program under test is used here, and nothing but the Python standard library.
"""

import dataclasses
import hashlib
import hmac
import os
import socket
import struct
import time

ENVELOPE = struct.Struct(">BBBBIIII")
HEADER = struct.Struct(">IIIHBBII")
MESSAGE_OCTETS_MAX = 262_144
DATAGRAM_OCTETS_MAX = 512
FRAGMENT_OCTETS = 492
SECONDS_MAX = 10

RESOLUTION, SITE_INFO = 1, 2
CREATE, DELETE, ADD, REMOVE, MODIFY, LIST = 100, 101, 102, 103, 104, 105
ANSWER, VERIFY, HOME, UNHOME, LIST_HOMED = 200, 201, 300, 301, 302
SESSION_SETUP, SESSION_END, KEY_EXCHANGE, LOGIN = 400, 401, 402, 2001

COMPRESSED, ENCRYPTED, TRUNCATED = 0x80, 0x40, 0x20

AUTH, CERT, ENCR, RECU = 0x80000000, 0x40000000, 0x20000000, 0x10000000
CACR, CONT, KPAL, PUBL = 0x08000000, 0x04000000, 0x02000000, 0x01000000
RRDG, OVRW, MINT, DNRF = 0x00800000, 0x00400000, 0x00200000, 0x00100000
USUAL = RECU | CACR | PUBL

ADMIN_READ, ADMIN_WRITE, PUBLIC_READ, PUBLIC_WRITE = 8, 4, 2, 1


def u32(number):
    return struct.pack(">I", number & 0xFFFFFFFF)


def octets(data):
    """A length and that many octets."""
    data = data.encode() if isinstance(data, str) else data
    return u32(len(data)) + data


def items(encoded):
    """A count and the items."""
    encoded = list(encoded)
    return u32(len(encoded)) + b"".join(encoded)


class Reader:
    """Steps through octets; ValueError where they end too early."""

    def __init__(self, data):
        self._data = data
        self._at = 0

    def left(self):
        return len(self._data) - self._at

    def take(self, size):
        if size > self.left():
            raise ValueError(f"{size} octets wanted, {self.left()} left")
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self, size=4):
        return int.from_bytes(self.take(size), "big")

    def octets(self):
        return self.take(self.number())

    def items(self, read):
        return [read() for _ in range(self.number())]


@dataclasses.dataclass
class Value:
    index: int
    type: str
    data: bytes
    permissions: int = ADMIN_READ | ADMIN_WRITE | PUBLIC_READ
    ttl: int = 86_400
    ttl_type: int = 0
    timestamp: int = 0
    references: tuple = ()

    def encode(self):
        data = self.data.encode() if isinstance(self.data, str) else self.data
        return (
            struct.pack(">IIBIB", self.index, self.timestamp, self.ttl_type, self.ttl,
                        self.permissions)
            + octets(self.type)
            + octets(data)
            + items(octets(handle) + u32(index) for handle, index in self.references)
        )

    @staticmethod
    def read(reader):
        index, timestamp = reader.number(), reader.number()
        ttl_type, ttl, permissions = reader.number(1), reader.number(), reader.number(1)
        name, data = reader.octets().decode(), reader.octets()
        references = reader.items(lambda: (reader.octets().decode(), reader.number()))
        return Value(index, name, data, permissions, ttl, ttl_type, timestamp, tuple(references))


def administrator(index, handle, handle_index, rights=0x0FFF):
    """An HS_ADMIN value."""
    return Value(index, "HS_ADMIN", struct.pack(">H", rights) + octets(handle) + u32(handle_index))


@dataclasses.dataclass
class Message:
    operation: int = RESOLUTION
    body: bytes = b""
    code: int = 0
    flags: int = USUAL
    session_id: int = 0
    request_id: int = None
    version: tuple = (2, 11)
    suggested: tuple = (2, 11)
    envelope_flags: int = 0
    sequence: int = 0
    serial: int = 0xFFFF
    recursion: int = 0
    expiration: int = None
    credential: bytes = b""  # None: not even its length is sent.

    def __post_init__(self):
        if self.request_id is None:
            self.request_id = int.from_bytes(os.urandom(4), "big") >> 1 or 1
        if self.expiration is None:
            self.expiration = int(time.time()) + 43_200

    def header_and_body(self):
        return HEADER.pack(self.operation, self.code, self.flags, self.serial, self.recursion, 0,
                           self.expiration, len(self.body)) + self.body

    def content(self):
        end = b"" if self.credential is None else octets(self.credential)
        return self.header_and_body() + end

    def envelope(self, size, flags=0, sequence=0):
        return ENVELOPE.pack(*self.version, self.envelope_flags | flags | self.suggested[0],
                             self.suggested[1], self.session_id, self.request_id, sequence, size)

    def encode(self):
        content = self.content()
        return self.envelope(len(content)) + content

    def datagrams(self):
        content = self.content()
        parts = [content[i : i + FRAGMENT_OCTETS]
                 for i in range(0, len(content), FRAGMENT_OCTETS)]
        flags = TRUNCATED if len(parts) > 1 else 0
        return [self.envelope(len(content), flags, n) + part for n, part in enumerate(parts)]

    def authenticated(self, counter):
        """What a MAC or a signature covers, from version 2.8 on."""
        return (bytes([*self.version, *self.suggested]) + u32(self.session_id)
                + u32(self.request_id) + u32(counter) + self.header_and_body())

    def digest(self):
        return hashlib.sha256(self.header_and_body()).digest()

    @staticmethod
    def decode(data):
        major, minor, flags, suggested, session_id, request_id, sequence, size = ENVELOPE.unpack(
            data[:20])
        if len(data) != 20 + size:
            raise ValueError(f"{len(data) - 20} octets, {size} announced")
        fields = HEADER.unpack(data[20:44])
        reader = Reader(data[44:])
        body = reader.take(fields[7])
        credential = reader.octets()
        if reader.left():
            raise ValueError("octets after the credential")
        return Message(fields[0], body, fields[1], fields[2], session_id, request_id,
                       (major, minor), (flags & 3, suggested), flags & 0xE0, sequence, fields[3],
                       fields[4], fields[6], credential)

    def payload(self):
        """A reader of the body, after the digest of the request that comes first if asked for."""
        reader = Reader(self.body)
        if self.flags & RRDG:
            reader.take({1: 16, 2: 20, 3: 32}[reader.number(1)])
        return reader

    def values(self):
        reader = self.payload()
        reader.octets()
        return reader.items(lambda: Value.read(reader))


def resolution(handle, indexes=(), types=(), **fields):
    return Message(RESOLUTION, octets(handle) + items(map(u32, indexes))
                   + items(map(octets, types)), **fields)


def creation(handle, values, **fields):
    fields.setdefault("operation", CREATE)
    return Message(body=octets(handle) + items(v.encode() for v in values), **fields)


def site_info(**fields):
    return Message(SITE_INFO, octets("/"), **fields)


# Told what goes over every socket below, (socket, whether to the server, octets); None: nobody is.
tap = None


def _tell(via, to_server, data):
    if tap is not None and data:
        tap(via, to_server, data)


class Connection:
    """One TCP connection."""

    def __init__(self, address, seconds=SECONDS_MAX):
        self.socket = socket.create_connection(address, timeout=seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        data = data.encode() if isinstance(data, Message) else data
        self.socket.sendall(data)
        _tell(self.socket, True, data)

    def _take(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise ConnectionError(f"closed after {len(data)} of {size} octets")
            _tell(self.socket, False, more)
            data += more
        return data

    def receive(self):
        head = self._take(20)
        size = ENVELOPE.unpack(head)[7]
        if size > MESSAGE_OCTETS_MAX:
            raise ValueError(f"a message of {size} octets")
        return Message.decode(head + self._take(size))

    def ask(self, message):
        self.send(message)
        return self.receive()

    def closed(self):
        """The peer has closed, or closes now; False: it sent something, or time is up."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False


def ask_tcp(address, message):
    with Connection(address) as connection:
        return connection.ask(message)


class Datagrams:
    """A UDP socket that puts the datagrams of an answer together."""

    def __init__(self, address, seconds=SECONDS_MAX):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(seconds)
        self.socket.connect(address)
        self.sizes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        for datagram in data.datagrams() if isinstance(data, Message) else [data]:
            self.socket.send(datagram)
            _tell(self.socket, True, datagram)

    def receive(self, seconds=None):
        """The next whole answer; None if `seconds` are given and nothing came."""
        self.socket.settimeout(seconds or SECONDS_MAX)
        parts = {}
        while True:
            try:
                datagram = self.socket.recv(65_536)
            except TimeoutError:
                if seconds is None:
                    raise
                return None
            _tell(self.socket, False, datagram)
            self.sizes.append(len(datagram))
            fields = ENVELOPE.unpack(datagram[:20])
            size, sequence = fields[7], fields[6]
            parts[sequence] = datagram[20:]
            if len(parts) == max(1, -(-size // FRAGMENT_OCTETS)):
                head = datagram[:12] + u32(0) + u32(size)
                return Message.decode(head + b"".join(parts[n] for n in sorted(parts)))

    def ask(self, message):
        self.send(message)
        return self.receive()


def ask_udp(address, message):
    with Datagrams(address) as datagrams:
        return datagrams.ask(message)


def pbkdf2_answer(key, challenge, iterations=10_000, salt=None, key_bits=160):
    """The proof of an HS_SECKEY, of the form that is usual from version 2.7 on."""
    reader = Reader(challenge.body)
    digest = reader.take({1: 16, 2: 20, 3: 32}[reader.number(1)])
    nonce = reader.octets()
    salt = salt or os.urandom(16)
    # Each octet of the key is taken for a character of Latin-1, and the text is written in UTF-8.
    password = key.decode("latin-1").encode()
    derived = hashlib.pbkdf2_hmac("sha1", password, salt, min(iterations, 100_000), key_bits // 8)
    mac = hmac.digest(derived, nonce + digest, "sha1")
    return b"\x22" + octets(salt) + u32(iterations) + u32(key_bits) + octets(mac)


def answer(challenge, proof, who, kind="HS_SECKEY", **fields):
    handle, index = who
    fields.setdefault("session_id", challenge.session_id)
    return Message(ANSWER, octets(kind) + octets(handle) + u32(index) + octets(proof), **fields)


# The 1024-bit MODP group of RFC 2409, 6.2, which every client may use.
PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E34"
    "04DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6"
    "F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF", 16)
GENERATOR = 2


def _integer(number):
    """As Java's BigInteger writes it: with a zero in front if the first bit is set."""
    return octets(number.to_bytes(number.bit_length() // 8 + 1, "big"))


def session_key(public, exponent, prime=PRIME):
    secret = pow(public, exponent, prime).to_bytes((prime.bit_length() + 7) // 8, "big")
    while len(secret) > 32 and secret[0] == 0:
        secret = secret[1:]
    return secret[:32]


class Session:
    """The client's side of a session of Diffie and Hellman."""

    def __init__(self, ask, who=None, timeout=86_400):
        exponent = int.from_bytes(os.urandom(32), "big")
        handle, index = who or ("", 0xFFFFFFFF)
        key = (octets("DH_PUB_KEY") + b"\0\0" + _integer(pow(GENERATOR, exponent, PRIME))
               + _integer(PRIME) + _integer(GENERATOR))
        body = (b"\0\4" + u32(timeout) + octets(handle) + u32(index) + octets(key) + b"\0\0")
        self.answer = ask(Message(SESSION_SETUP, body, flags=0x59800000))
        if self.answer.code != 1:
            raise AssertionError(f"session set-up: code {self.answer.code}")
        self.id = self.answer.session_id
        reader = self.answer.payload()
        if reader.number(2) != 4:
            raise AssertionError("another mode")
        data = Reader(reader.octets())
        self.algorithm = data.number()
        if data.octets() != b"DH_PUB_KEY":
            raise AssertionError("no DH_PUB_KEY")
        data.take(2)
        public = int.from_bytes(data.octets(), "big")
        self.key = session_key(public, exponent)
        self.counter = 0

    def sign(self, message, counter=None):
        """Puts the message into the session, with the next counter or with that one."""
        if counter is None:
            self.counter += 1
            counter = self.counter
        message.session_id = self.id
        mac = hmac.digest(self.key, message.authenticated(counter), "sha256")
        section = octets("HMAC-SHA256") + octets(mac)
        message.credential = (b"\0\0\0\0" + u32(0) + u32(counter) + octets("HS_MAC")
                              + u32(len(section)) + section)
        return message
