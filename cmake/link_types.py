#!/usr/bin/env python3
"""Writes the C++ rows of the GS1 link types from their table.

    link_types.py <gs1_link_types.csv> <out.cc>

A row that the C++ side has no room for stops the build.
"""
import csv
import sys

VOCABULARY = "https://ref.gs1.org/voc/"
USES = {"": "kAnybody", "resolver": "kResolver", "validatedHealthcare": "kValidatedHealthcare"}
DEPRECATED = {"stable": "false", "deprecated": "true"}


def text(value):
    if not all(0x20 <= ord(c) < 0x7F and c not in '"\\' for c in value):
        sys.exit(f"{value!r}: not plain text")
    return f'"{value}"'


def row(fields):
    prefix, term = fields["curie"].split(":")
    if prefix != "gs1" or fields["iri"] != VOCABULARY + term:
        sys.exit(f"{fields['curie']}: not a term of {VOCABULARY}")
    return (f"    {{{text(term)}, {text(fields['title'])}, "
            f"LinkTypeUse::{USES[fields['restricted']]}, {DEPRECATED[fields['status']]}}},")


def main(table, out):
    with open(table, encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda fields: fields["curie"])
    lines = ['#include "proto/web/link_types.h"', "", "namespace idnode {", "namespace {",
             "constexpr LinkType kRows[] = {", *map(row, rows), "};", "}  // namespace",
             "std::span<const LinkType> LinkTypes() { return kRows; }", "}  // namespace idnode",
             ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
