#!/usr/bin/env python3
"""Writes the C++ rows of the GS1 Application Identifiers from their table.

    gs1_tables.py <gs1_application_identifiers.csv> <gs1_code_lists.csv> <out.cc>

Whatever the C++ side has no room for stops the
build: a new edition of the table must not lose a column in silence.
"""
import csv
import re
import sys

CHARACTER_SETS = {"N": "kDigits", "X": "kCset82", "Y": "kCset39", "Z": "kCset64"}
CHECKS = {
    "couponcode": "kCouponCode", "couponposoffer": "kCouponPositiveOffer", "csum": "kCheckDigit",
    "csumalpha": "kCheckPair", "gcppos1": "kCompanyPrefixFromDigit1",
    "gcppos2": "kCompanyPrefixFromDigit2", "hasnondigit": "kHasNonDigit", "hh": "kHour",
    "hhmi": "kHourMinute", "hyphen": "kHyphen", "iban": "kIban", "importeridx": "kImporterIndex",
    "iso3166": "kCountry", "iso3166999": "kCountryOr999", "iso3166alpha2": "kCountryAlpha2",
    "iso4217": "kCurrency", "iso5218": "kSex", "latitude": "kLatitude", "longitude": "kLongitude",
    "mediatype": "kMediaType", "mi": "kMinute", "nonzero": "kNonZero",
    "nozeroprefix": "kNoZeroPrefix", "packagetype": "kPackageType", "pcenc": "kPercentEncoded",
    "pieceoftotal": "kPieceOfTotal", "posinseqslash": "kPositionInSequence", "ss": "kSecond",
    "winding": "kWinding", "yesno": "kYesNo", "yymmd0": "kDateDay0", "yymmdd": "kDate",
    "yyyymmdd": "kDateCentury", "zero": "kZero",
}
COMPONENTS_MAX = 5
CHECKS_MAX = 3
SEQUENCES_MAX = 2
QUALIFIERS_MAX = 3


def text(value):
    octets = value.encode()
    plain = all(0x20 <= octet < 0x7F and octet not in b'"\\' for octet in octets)
    return f'"{value}"' if plain else '"' + "".join(f"\\{octet:03o}" for octet in octets) + '"'


def bounded(items, most, what, ai):
    if len(items) > most:
        sys.exit(f"AI {ai}: {len(items)} {what}, room for {most}")
    return items


def checks_of(column, ai):
    """{component from 1: [name]}"""
    checks = {}
    for check in column.split():
        component, name = check.split(":")
        checks.setdefault(int(component), []).append("Gs1Check::" + CHECKS[name])
    for names in checks.values():
        bounded(names, CHECKS_MAX, "checks of a component", ai)
    return checks


def component(word, checks):
    match = re.fullmatch(r"(\[?)([NXYZ])(\.\.)?(\d+)\]?", word)
    optional, characters, variable, size = match.groups()
    size_min = 1 if variable else int(size)
    return (f"{{Gs1CharacterSet::{CHARACTER_SETS[characters]}, {size_min}, {size}, "
            f"{'true' if optional else 'false'}, {{{', '.join(checks)}}}}}")


def row(fields):
    ai = fields["ai"]
    checks = checks_of(fields["checks"], ai)
    words = bounded(fields["components"].split(), COMPONENTS_MAX, "components", ai)
    components = ", ".join(component(w, checks.get(i, [])) for i, w in enumerate(words, 1))
    sequences = [s.split(",") for s in fields["qualifier_sequences"].split("|") if s]
    for sequence in bounded(sequences, SEQUENCES_MAX, "qualifier sequences", ai):
        bounded(sequence, QUALIFIERS_MAX, "qualifiers", ai)
    flags = [fields["predefined_length"], fields["is_dl_primary_key"],
             "1" if fields["qualifier_of"] else "0", fields["is_dl_attribute"]]
    values = [
        text(ai), text(fields["title"]), str(int(ai)), fields["min_len"], fields["max_len"],
        *("true" if flag == "1" else "false" for flag in flags),
        fields["decimal_places"] or "-1", str(len(words)), f"{{{{{components}}}}}",
        "{{" + ", ".join("{{" + ", ".join(s) + "}}" for s in sequences) + "}}",
        text(fields["requires"]), text(fields["excludes"])]
    return "    {" + ", ".join(values) + "},"


def row_of_number(ais):
    numbers = ["kNoRow"] * 10_000
    for place, ai in enumerate(ais):
        if numbers[int(ai)] != "kNoRow":
            sys.exit(f"AI {ai} stands twice, or another has its number")
        numbers[int(ai)] = str(place)
    return numbers


def code_lists(rows):
    """One sorted array a list."""
    lists = {}
    for fields in rows:
        lists.setdefault(fields["list"], set()).update(fields["codes"].split())
    for name, codes in sorted(lists.items()):
        quoted = ", ".join(text(code) for code in sorted(codes))
        yield f"constexpr std::string_view kSorted{name}[] = {{{quoted}}};"
        yield f"constinit const std::span<const std::string_view> k{name}(kSorted{name});"


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main(table, lists, out):
    rows = sorted(read(table), key=lambda fields: fields["ai"])
    lines = [
        '#include "proto/gs1/application_identifier.h"',
        '#include "proto/gs1/code_lists.h"', "",
        "namespace idnode {", "namespace gs1_internal {",
        "constinit const Gs1ApplicationIdentifier kRows[] = {", *map(row, rows), "};",
        "constinit const std::array<uint16_t, 10'000> kRowOfNumber = {",
        ", ".join(row_of_number([fields["ai"] for fields in rows])), "};",
        "}  // namespace gs1_internal",
        "std::span<const Gs1ApplicationIdentifier> Gs1ApplicationIdentifiers() {",
        "  return gs1_internal::kRows;", "}",
        "namespace gs1_code_lists {", *code_lists(read(lists)), "}  // namespace gs1_code_lists",
        "}  // namespace idnode", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
