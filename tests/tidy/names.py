"""Names: everything of one name that other files can see is defined once. A linker takes either of
two classes or functions of one name, without a word."""

import re

from source_tree import PRODUCT

OPENS = re.compile(r"^(?:inline )?namespace ?([\w:]*) ?\{")
MAIN = "main(int,char**)"  # Each program has one.
CLOSES = re.compile(r"^\}  // namespace")
TYPE = re.compile(r"^(?:class|struct|union|enum class|enum) (?:alignas\([^)]*\) )?(\w+(?:::\w+)*)"
                  r"(?: final)?(?: :(?!:)[^;]*)? ?\{")
# A definition, from the first column to its brace; members of classes and templates are others.
FUNCTION = re.compile(r"^(?!inline |template|static |constexpr |consteval |typedef |using |#|\s)"
                      r"[\w:<>,&* \[\]]+?[ &*](\w+)\(([^{}]*?)\)(?: noexcept)? \{", re.MULTILINE)


def check_names(tree):
    places = {}
    for path in tree.cpp(PRODUCT):
        for name, number in sorted(set(_defined(tree.lines(path)))):
            places.setdefault(name, []).append(f"{path}:{number}")
    for name, where in places.items():
        if len(where) > 1 and name != MAIN:
            yield f"{where[1]}: {name} is defined in {where[0]}, too"


def _defined(lines):
    """(name, line number) of what is visible outside of the file."""
    inside, spaces = [], []
    for number, line in enumerate(lines, 1):
        spaces = inside[:]
        if opened := OPENS.match(line):
            inside.append(opened.group(1))
        elif CLOSES.match(line) and inside:
            inside.pop()
        elif "" not in spaces:
            if found := TYPE.match(line):
                yield "::".join(spaces + [found.group(1)]), number
            elif found := FUNCTION.match("\n".join(lines[number - 1:number + 7])):
                types = re.sub(r"\b\w+(?=,|$)|\s+", "", found.group(2))
                yield "::".join(spaces + [f"{found.group(1)}({types})"]), number
