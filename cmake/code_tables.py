#!/usr/bin/env python3
"""Writes the C++ rows of the code tables of subject data.

    code_tables.py <regions.csv> <industries.csv> <out.cc>

A code that stands twice, or whose parent is not there, stops the build.
"""
import csv
import sys


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = sorted((row["code"], row["parent"], row["name"]) for row in csv.DictReader(file))
    codes = {code for code, _, _ in rows}
    if len(codes) != len(rows):
        sys.exit(f"{path}: a code stands twice")
    for code, parent, name in rows:
        if (parent and parent not in codes) or not name:
            sys.exit(f"{path}: {code} has no parent or no name")
    return rows


def array(name, rows):
    # Hexadecimal escapes would take in what follows them; octal ones have three digits at most.
    def text(value):
        return '"' + "".join(
            chr(octet) if 0x20 <= octet < 0x7F and octet not in b'"\\?' else f"\\{octet:03o}"
            for octet in value.encode()
        ) + '"'

    yield f"constinit const CodeRow k{name}Rows[] = {{"
    for row in rows:
        yield "    {" + ", ".join(map(text, row)) + "},"
    yield "};"


def main(regions, industries, out):
    lines = ['#include "proto/business/code_tables.h"', "", "namespace idnode {", "namespace {"]
    lines += array("Region", read(regions))
    lines += array("Industry", read(industries))
    lines += ["}  // namespace",
              "std::span<const CodeRow> Regions() { return kRegionRows; }",
              "std::span<const CodeRow> Industries() { return kIndustryRows; }",
              "}  // namespace idnode", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
