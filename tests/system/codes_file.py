"""Files of product codes to import, with rows that must be refused."""

import collections
import csv
import gzip
import io
import json
import random
import subprocess

PREFIX = "690123"
Refused = collections.namedtuple("Refused", "row code identifier")


def gtin13(number):
    """The code of this number under PREFIX, with its check digit (GS1 General Spec. 7.9)."""
    digits = f"{PREFIX}{number:06d}"
    weighted = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
    return digits + str(-weighted % 10)


def wrong_check_digit(code):
    return code[:-1] + str((int(code[-1]) + 1) % 10)


BAD_EVERY = 50
BAD_KINDS = (
    "check_digit",
    "letters",
    "empty",
    "columns",
    "not_utf8",
    "outside_prefix",
    "wrong_length",
    "other_content",
)


def rows(count, seed):
    """(kind, cells) of each row: code, name, brand. Kinds other than "good" and "same" are bad."""
    chance = random.Random(seed)
    numbers = chance.sample(range(1_000_000), count)
    good = []
    for at, number in enumerate(numbers):
        code, name = gtin13(number), f"产品 {number}, \"{chance.randrange(1000)}\""
        brand = chance.choice(("海岱", "Acme", ""))
        if at % BAD_EVERY != BAD_EVERY - 1:
            good.append((code, name, brand))
            yield "good", (code, name, brand)
            if at % 1_000 == 0:
                yield "same", chance.choice(good)
            continue
        kind = BAD_KINDS[at // BAD_EVERY % len(BAD_KINDS)]
        yield kind, {
            "check_digit": (wrong_check_digit(code), name, brand),
            "letters": (code[:6] + "ABC" + code[9:], name, brand),
            "empty": ("", name, brand),
            "columns": (code, name),
            "not_utf8": (code, "\udcff\udcfe", brand),
            "outside_prefix": ("4006381333931", name, brand),
            "wrong_length": (code[:-3], name, brand),
            "other_content": (chance.choice(good)[0], "something else", brand),
        }[kind]


# What the row of a kind is refused as.
CODES = {
    "check_digit": "check_digit",
    "letters": "invalid_identifier",
    "empty": "missing_field",
    "columns": "malformed",
    "not_utf8": "not_utf8",
    "outside_prefix": "outside_prefix",
    "wrong_length": "wrong_length",
    "other_content": "exists",
}


class CodesFile:
    """One file; what must become of it."""

    def __init__(self, path, count, seed):
        self.path = path
        self.good = self.rows = 0
        self.refused = []
        header = ("code", "name", "brand")
        with self._open(str(path)) as write:
            if ".jsonl" not in str(path):
                write(header)
            for kind, cells in rows(count, seed):
                self._add(kind, cells, str(path))
                write(self._json(kind, cells, header) if ".jsonl" in str(path) else cells)

    def _add(self, kind, cells, path):
        self.rows += 1
        line = self.rows + (0 if ".jsonl" in path else 1)  # The header is line 1.
        if kind == "good":
            self.good += 1
        elif kind != "same":
            # A line that cannot be read names no identifier.
            unreadable = kind == "not_utf8" or (kind == "columns" and ".jsonl" in path)
            identifier = "" if unreadable else cells[0]
            self.refused.append(Refused(line, CODES[kind], identifier))

    @staticmethod
    def _json(kind, cells, header):
        if kind == "columns":  # Lines of JSON have no columns: this one is cut short.
            return '{"code":"' + cells[0]
        return json.dumps(dict(zip(header, cells)), ensure_ascii=False)

    def _open(self, path):
        return _Lines(path)


class _Lines:
    """Writes rows as the file's name says: .csv, .tsv, .jsonl, and .gz or .zst of them."""

    def __init__(self, path):
        self._path = path
        self._text = io.StringIO(newline="")

    def __enter__(self):
        if ".csv" in self._path:
            return csv.writer(self._text, lineterminator="\n").writerow
        if ".tsv" in self._path:
            return lambda cells: self._text.write("\t".join(cells) + "\n")
        return lambda line: self._text.write(line + "\n")

    def __exit__(self, *_):
        octets = self._text.getvalue().encode(errors="surrogateescape")
        if self._path.endswith(".gz"):
            octets = gzip.compress(octets, 1)
        if self._path.endswith(".zst"):
            octets = subprocess.run(
                ["zstd", "-1", "-q", "-c"], input=octets, capture_output=True, check=True
            ).stdout
        with open(self._path, "wb") as file:
            file.write(octets)
