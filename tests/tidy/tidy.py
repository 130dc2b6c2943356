#!/usr/bin/env python3
"""Holds the project against its own rules; prints each breach and fails if there is one.

    tidy.py includes <root>
    tidy.py sources  <root>
    tidy.py headers  <root> <build folder>
"""

import os
import sys

from headers import check_headers, flags_of_build
from names import check_names
from rooms import check_heavy, check_includes
from source_tree import PRODUCT, Tree
from sources import check_sources


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    rule, tree = arguments[0], Tree(arguments[1])
    if not tree.cpp(PRODUCT):
        sys.exit(f"{arguments[1]}: no sources here")
    if rule == "includes" and len(arguments) == 2:
        complaints = check_includes(tree) + check_heavy(tree)
    elif rule == "sources" and len(arguments) == 2:
        complaints = check_sources(tree) + list(check_names(tree))
    elif rule == "headers" and len(arguments) == 3:
        scratch = os.path.join(arguments[2], "tidy_headers")
        complaints = check_headers(tree, flags_of_build(arguments[2]), scratch)
    else:
        sys.exit(__doc__)
    for complaint in complaints:
        print(complaint)
    print(f"{rule}: {len(tree.cpp())} C++ files, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
