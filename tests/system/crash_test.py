"""The server is killed at random moments while several callers write, and held against a file of
intents and acknowledgements that was kept outside of it."""

import http.client
import json
import os
import random
import threading
import unittest

import node
from oracle import Intents, Item, Oracle, stamps_of

CYCLES = int(os.environ.get("IDNODE_CRASH_CYCLES", 2_000 if node.TEST_ALL else 200))
SEED = int(os.environ.get("IDNODE_TEST_SEED", random.SystemRandom().randrange(2**32)))
WRITING_SECONDS = (0.05, 0.3) if not node.SLOW else (0.5, 2.0)
RECOUNT_CYCLES = 20
GROUP_LINES = 1_000  # docs/api/http.md: lines are registered in groups of this many.
PREFIX = "88.118.1"


class Interrupted(Exception):
    """The answer did not come, or was cut short: the outcome is unknown."""


def values_of(stamp, identifier):
    """Two values that must always tell the same."""
    return [
        {"index": 1, "type": "URL", "data": f"https://example.cn/{stamp}/{identifier}"},
        {"index": 2000, "type": "STAMP", "data": str(stamp)},
    ]


def stamp_of(record):
    """What a listed record says; None when its values do not agree with each other."""
    values = {value["index"]: value["data"]["value"] for value in record["values"]}
    if sorted(values) != [1, 2000]:
        return None
    stamp = int(values[2000])
    url = f"https://example.cn/{stamp}/{record['identifier']}"
    return stamp if values[1] == url else None


def line_of(item):
    line = {"identifier": item.identifier, "action": item.action}
    if item.stamp is not None:
        line["values"] = values_of(item.stamp, item.identifier)
    return json.dumps(line)


class Caller:
    """Says one request over HTTP and reads what became of each item."""

    def __init__(self, server, token):
        self._connection = server.http()
        self._headers = {"Authorization": "Bearer " + token}

    def close(self):
        self._connection.close()

    def say(self, number, kind, groups):
        """The outcomes, group by group, in the order of the items."""
        headers = {**self._headers, "Idempotency-Key": f"operation-{number}"}
        try:
            if kind == "batch":
                return self._batch(headers, groups)
            return [[self._single(headers, kind, groups[0][0])]]
        except (OSError, http.client.HTTPException) as error:
            raise Interrupted(str(error)) from error

    def _ask(self, method, path, body, headers):
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def _single(self, headers, kind, item):
        path = "/api/handles/" + item.identifier
        if kind == "delete":
            status, body = self._ask("DELETE", path, None, headers)
            names = {200: "removed", 404: "refused"}
        else:
            headers["Content-Type"] = "application/json"
            body = json.dumps(values_of(item.stamp, item.identifier))
            status, body = self._ask("PUT", path, body, headers)
            names = {201: "created", 200: "replaced"}
        if status not in names:
            raise AssertionError(f"{kind} {item.identifier}: {status} {body!r}")
        return names[status]

    def _batch(self, headers, groups):
        lines = [line_of(item) for group in groups for item in group]
        body = "\n".join(lines).encode()
        status, answer = self._ask("POST", "/api/v1/identifiers:batch", body, headers)
        if status != 200:
            raise AssertionError(f"batch: {status} {answer!r}")
        rows = answer.split(b"\n")
        if rows[-1] != b"" or b'"summary"' not in rows[-2]:
            raise Interrupted("no summary")
        summary = json.loads(rows[-2])["summary"]
        if not summary["complete"] or summary["unknown"] > 0:
            raise Interrupted("not complete")
        outcomes = [json.loads(row)["outcome"] for row in rows[:-2]]
        told, at = [], 0
        for group in groups:
            told.append(outcomes[at : at + len(group)])
            at += len(group)
        if at != len(outcomes):
            raise AssertionError(f"batch: {at} lines and {len(outcomes)} outcomes")
        return told


class Writer(threading.Thread):
    """One caller that writes to identifiers of its own, so that it can foretell every outcome."""

    def __init__(self, name, identifiers, state, seed, intents, server, token):
        super().__init__(daemon=True)
        self.owner = name
        self._identifiers = identifiers
        self._state = {i: state[i] for i in identifiers if i in state}
        self._random = random.Random(seed)
        self._intents = intents
        self._server, self._token = server, token
        self.stopping = threading.Event()
        self.failure = None
        self.done = []  # (number, kind, groups) of what was acknowledged in this cycle.

    def run(self):
        caller = None
        try:
            caller = Caller(self._server, self._token)
            while not self.stopping.is_set():
                self._write_once(caller)
        except Interrupted:
            pass
        except Exception as failure:  # Told by the thread that joins this one.
            self.failure = failure
        finally:
            if caller is not None:
                caller.close()

    def _write_once(self, caller):
        kind, groups = self._choose()
        number = self._intents.begin(self.owner, kind, groups)
        told = caller.say(number, kind, groups)
        foretold = [[item.outcome for item in group] for group in groups]
        if told != foretold:
            raise AssertionError(f"operation {number}, {kind}: {told} and not {foretold}")
        self._intents.acknowledge(number)
        for group in groups:
            stamps_of(group, self._state)
        self.done.append((number, kind, groups))

    def _choose(self):
        pick = self._random.random()
        if pick < 0.35:
            return "put", [[self._item("put", self._random.choice(self._identifiers))]]
        if pick < 0.5:
            return "delete", [[self._item("remove", self._random.choice(self._identifiers))]]
        lines = 1_400 if pick > 0.97 else self._random.randrange(1, 80)
        chosen = self._random.sample(self._identifiers, min(lines, len(self._identifiers)))
        items = [
            self._item(self._random.choice(("create", "put", "put", "replace", "remove")), each)
            for each in chosen
        ]
        return "batch", [items[i : i + GROUP_LINES] for i in range(0, len(items), GROUP_LINES)]

    def _item(self, action, identifier):
        there = identifier in self._state
        outcome = {
            "create": "refused" if there else "created",
            "put": "replaced" if there else "created",
            "replace": "replaced" if there else "refused",
            "remove": "removed" if there else "refused",
        }[action]
        stamp = None if action == "remove" else self._random.randrange(2**48)
        return Item(identifier, action, stamp, outcome)


class CrashTest(node.TestCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.server = self.node(data_reserve="64MiB", storage_block_cache="16MiB")
        self.server.start()
        self.server.run("enterprise", "put", "acme")
        self.server.run("prefix", "allot", PREFIX, "--enterprise", "acme")
        self.token = self.server.token("--role", "enterprise", "--enterprise", "acme")
        path = self.directory / "intents.jsonl"
        self.intents, self.oracle = Intents(path), Oracle(path)
        self.addCleanup(self.intents.close)
        self.addCleanup(self.oracle.close)
        self.pools = {
            f"writer {w}": [f"{PREFIX}/{w}-{i}" for i in range(1_500 if w == 0 else 150)]
            for w in range(4)
        }

    def test_what_was_acknowledged_is_there_whenever_the_server_is_killed(self):
        interrupted = 0
        for cycle in range(1, CYCLES + 1):
            with self.subTest(cycle=cycle, seed=SEED):
                writers = self.write_and_kill()
                interrupted += self.restart_and_compare(writers)
                if cycle % RECOUNT_CYCLES == 0:
                    self.assertRecounted(self.server)
            if not self.healthy():
                break  # What follows a difference says nothing new.
        self.assertEqual(self.server.stop(), 0)
        print(
            f"{CYCLES} cycles, {self.oracle.acknowledged} requests acknowledged, {interrupted} cut "
            f"off, {dict(self.oracle.outcomes)}, seed {SEED}"
        )
        self.assertGreater(self.oracle.acknowledged, CYCLES)
        self.assertGreater(interrupted, 0)

    def healthy(self):
        result = self._outcome.result
        return not result.failures and not result.errors

    def write_and_kill(self):
        writers = [
            Writer(
                owner,
                pool,
                self.oracle.state,
                self.random.getrandbits(64),
                self.intents,
                self.server,
                self.token,
            )
            for owner, pool in self.pools.items()
        ]
        for writer in writers:
            writer.start()
        threading.Event().wait(self.random.uniform(*WRITING_SECONDS))
        self.server.kill()
        for writer in writers:
            writer.stopping.set()
        for writer in writers:
            writer.join(node.patience(60))
            self.assertFalse(writer.is_alive(), "a caller hangs on a server that is gone")
            if writer.failure is not None:
                raise writer.failure
        return writers

    def restart_and_compare(self, writers):
        if self.random.random() < 0.1:  # Killed in the middle of its recovery too.
            self.server.launch()
            threading.Event().wait(self.random.uniform(0, 0.3))
            self.server.kill()
        self.server.start()
        self.oracle.read()
        under_way = dict(self.oracle.under_way)
        self.compare_halves(self.listed(), under_way)
        self.repeat(under_way, writers)
        self.oracle.read()
        self.assertEqual(self.listed(), self.oracle.state)
        self.compare_figures()
        return len(under_way)

    def listed(self):
        """identifier -> stamp of every record that the node holds, each of them whole."""
        found, cursor = {}, ""
        while True:
            path = f"/api/v1/identifiers?count=1000{cursor}"
            status, body = self.server.get(path, self.token)
            self.assertEqual(status, 200, body)
            page = json.loads(body)
            for record in page["identifiers"]:
                stamp = stamp_of(record)
                self.assertIsNotNone(stamp, f"not whole: {record}")
                self.assertNotIn(record["identifier"], found)
                found[record["identifier"]] = stamp
            if not page.get("next_cursor"):
                return found
            cursor = "&cursor=" + page["next_cursor"]

    def compare_halves(self, found, under_way):
        """What was under way is there as a whole or not at all; all else is as acknowledged."""
        touched = set()
        for number, (_, _, groups) in under_way.items():
            before = True
            for group in groups:
                names = {item.identifier for item in group}
                touched |= names
                old = {i: self.oracle.state[i] for i in names if i in self.oracle.state}
                new = dict(old)
                stamps_of(group, new)
                now = {i: found[i] for i in names if i in found}
                self.assertIn(now, (old, new), f"operation {number} is there by halves")
                if now == new and new != old:
                    self.assertTrue(before, f"operation {number}: a later group without the first")
                elif new != old:
                    before = False
        rest = {i: stamp for i, stamp in found.items() if i not in touched}
        expected = {i: stamp for i, stamp in self.oracle.state.items() if i not in touched}
        self.assertEqual(rest, expected)

    def repeat(self, under_way, writers):
        """Asked again with its key, a request has the outcome that it had or would have had."""
        caller = Caller(self.server, self.token)
        self.addCleanup(caller.close)
        for number, (_, kind, groups) in sorted(under_way.items()):
            told = caller.say(number, kind, groups)
            self.assertEqual(told, [[item.outcome for item in group] for group in groups])
            self.intents.acknowledge(number)
        for writer in writers:
            done = [each for each in writer.done if self.all_done(each[2])]
            if done:  # Acknowledged long ago, as callers count: nothing is done again.
                number, kind, groups = self.random.choice(done)
                told = caller.say(number, kind, groups)
                self.assertEqual(told, [[item.outcome for item in group] for group in groups])
        caller.close()

    @staticmethod
    def all_done(groups):
        return all(item.outcome != "refused" for group in groups for item in group)

    def compare_figures(self):
        stats = self.server.json("stats")
        figures = {
            row["metric"]: row["sum"]
            for row in stats["figures"]
            if row["metric"] in ("created", "replaced", "removed")
        }
        outcomes = self.oracle.outcomes
        expected = {
            name: outcomes[name] for name in ("created", "replaced", "removed") if outcomes[name]
        }
        self.assertEqual(figures, expected)
        self.assertEqual(stats["evaluation"]["registered"], len(self.oracle.state))
        self.assertEqual(stats["evaluation"]["registered_gross"], outcomes["created"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
