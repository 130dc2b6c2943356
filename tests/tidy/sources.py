"""Sources: their length and width, the names of their folders, calls that have one owner."""

import os
import re
import unicodedata

from source_tree import CPP, PRODUCT, without_comments

FILE_LINES_MAX = 600
LINE_COLUMNS_MAX = 100
MEASURED = CPP + (".proto", ".py", ".cmake", ".ts", ".vue")
NARROW = CPP + (".proto", ".py")
# A folder with such a name takes everything and says nothing.
FORBIDDEN_FOLDERS = {"util", "utils", "common", "helper", "helpers", "misc"}
# A rename that survives a power cut needs two fsyncs around it: one file knows how.
RENAME = re.compile(r"(?<![A-Za-z0-9_.>])rename(?:at2?)?\s*\(")
RENAME_OWNER = "storage/durable_file.cc"


def columns(line):
    """The width on a terminal: Chinese characters take two columns, as clang-format has it."""
    if line.isascii():
        return len(line)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in line)
    return len(line) + wide


def check_sources(tree):
    complaints = []
    for folder in tree.folders:
        if os.path.basename(folder) in FORBIDDEN_FOLDERS:
            complaints.append(f"{folder}: a folder is named for what it knows")
    for path in tree.files:
        if path.endswith(MEASURED):
            complaints += _check_lines(tree, path)
    for path in tree.cpp(PRODUCT):
        if path != RENAME_OWNER:
            complaints += _check_rename(tree, path)
    return complaints


def _check_lines(tree, path):
    lines = tree.read(path).splitlines()
    if len(lines) > FILE_LINES_MAX:
        yield f"{path}:{FILE_LINES_MAX + 1}: over {FILE_LINES_MAX} lines ({len(lines)})"
    for number, line in enumerate(lines, 1):
        if path.endswith(NARROW) and columns(line) > LINE_COLUMNS_MAX:
            yield f"{path}:{number}: over {LINE_COLUMNS_MAX} columns ({columns(line)})"
        if path.endswith(CPP) and "\t" in line:
            yield f"{path}:{number}: a tab"


def _check_rename(tree, path):
    for number, line in enumerate(without_comments(tree.read(path)).split("\n"), 1):
        if RENAME.search(line):
            yield f"{path}:{number}: renames a file; {RENAME_OWNER} does that"
