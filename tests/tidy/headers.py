"""Headers: each compiles alone, with the flags of the build."""

import concurrent.futures
import json
import os
import shlex
import subprocess

JOBS = 2
COMPILE_SECONDS_MAX = 300
FOLDERS = ("proto", "storage", "sync", "node", "tests", "bench")


def flags_of_build(build):
    """Every include folder and definition of compile_commands.json, each once."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = [shlex.split(entry["command"]) for entry in json.load(file)]
    flags = {}
    for command in commands:
        words = iter(command)
        for word in words:
            if word in ("-I", "-isystem", "-D"):
                flags[(word, next(words))] = None
            elif word.startswith(("-I", "-DBOOST")):
                flags[(word,)] = None
    return [word for flag in flags for word in flag]


def check_headers(tree, flags, compiler="g++"):
    headers = [f for f in tree.cpp(FOLDERS) if f.endswith(".h")]
    command = [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra",
               "-Wno-missing-field-initializers", "-Werror", *flags, "-I" + tree.root]

    def compile_alone(header):
        done = subprocess.run(
            [*command, "-include", os.path.join(tree.root, header), "-x", "c++", os.devnull],
            capture_output=True, text=True, timeout=COMPILE_SECONDS_MAX, check=False)
        if done.returncode == 0:
            return None
        first = next((l for l in done.stderr.splitlines() if "error" in l), done.stderr[:400])
        return f"{header}:1: does not compile alone: {first}"

    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return [fault for fault in pool.map(compile_alone, headers) if fault]
