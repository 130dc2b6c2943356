"""What was intended and what was acknowledged, kept in a file outside of the node.

A line is written before a request is sent and another one when its answer has been read, so that
whoever reads the file knows at any moment what must be there, what may be and what must not.
"""

import collections
import json
import threading

# One write to one identifier, and the outcome that it must have. `stamp` is what the record's
# values say; None: there is no record.
Item = collections.namedtuple("Item", "identifier action stamp outcome")


def stamps_of(items, state):
    """The state after `items` in which each had the outcome that was foretold."""
    for item in items:
        if item.outcome in ("created", "replaced"):
            state[item.identifier] = item.stamp
        elif item.outcome == "removed":
            state.pop(item.identifier, None)


class Intents:
    """The file as it is written. Threads: any."""

    def __init__(self, path):
        self._file = open(path, "a", encoding="utf-8")
        self._lock = threading.Lock()
        self._next = 1

    def begin(self, owner, kind, groups):
        with self._lock:
            number = self._next
            self._next += 1
            self._write({"begin": number, "owner": owner, "kind": kind, "groups": groups})
        return number

    def acknowledge(self, number):
        with self._lock:
            self._write({"acknowledged": number})

    def _write(self, line):
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()

    def close(self):
        self._file.close()


class Oracle:
    """The file as it is read: what the node must hold."""

    def __init__(self, path):
        self._file = open(path, encoding="utf-8")
        self.state = {}  # identifier -> stamp, of everything acknowledged.
        self.outcomes = collections.Counter()
        self.under_way = {}  # number -> (owner, kind, groups of items)
        self.acknowledged = 0

    def read(self):
        """Takes in what was written since the last time."""
        for text in self._file:
            line = json.loads(text)
            if "begin" in line:
                groups = [[Item(*item) for item in group] for group in line["groups"]]
                self.under_way[line["begin"]] = (line["owner"], line["kind"], groups)
            else:
                _, _, groups = self.under_way.pop(line["acknowledged"])
                self.acknowledged += 1
                for group in groups:
                    stamps_of(group, self.state)
                    self.outcomes.update(item.outcome for item in group)

    def close(self):
        self._file.close()
