"""The files of the project and what they include."""

import os
import re

PRODUCT = ("proto", "storage", "sync", "node")
CPP = (".h", ".cc")
SKIPPED_FOLDERS = {"node_modules", "dist", "build", "__pycache__", "corpus"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


class Tree:
    """Everything below `root` that somebody wrote: no hidden folder, build folder or package."""

    def __init__(self, root):
        self.root = root
        self.folders = []
        self.files = []
        for folder, names, files in os.walk(root):
            names[:] = sorted(n for n in names if not self._skipped(folder, n))
            below = os.path.relpath(folder, root).replace(os.sep, "/")
            prefix = "" if below == "." else below + "/"
            self.folders += [prefix + name for name in names]
            self.files += [prefix + name for name in sorted(files)]

    @staticmethod
    def _skipped(folder, name):
        is_build = os.path.exists(os.path.join(folder, name, "CMakeCache.txt"))
        return name.startswith(".") or name in SKIPPED_FOLDERS or is_build

    def read(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8", newline="") as file:
            return file.read()

    def lines(self, path):
        return self.read(path).split("\n")

    def cpp(self, folders=None):
        """The .h and .cc files, of all folders or of those named."""
        return [
            f for f in self.files
            if f.endswith(CPP) and (folders is None or f.split("/")[0] in folders)
        ]

    def includes(self, path):
        """(line number, "<" or '"', what is included) of each #include."""
        for number, line in enumerate(self.lines(path), 1):
            found = INCLUDE.match(line)
            if found:
                yield number, found.group(1), found.group(2)


def without_comments(text):
    """`text` with comments and string literals blanked out; lines stay where they are."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
