"""Headers: each compiles alone, with the flags of the build."""

import concurrent.futures
import json
import os
import shlex
import shutil
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
            elif word.startswith(("-I", "-DBOOST", "-DIDNODE_SOURCE_DIR=")):
                flags[(word,)] = None
    return [word for flag in flags for word in flag]


def check_headers(tree, flags, scratch):
    """Compiles each header by itself; `scratch` is a folder for what that needs.

    With ccache a header that has not changed costs milliseconds instead of seconds.
    """
    compiler = [shutil.which("ccache")] if shutil.which("ccache") else []
    command = [*compiler, "g++", "-std=c++20", "-c", "-O0", "-Wall", "-Wextra",
               "-Wno-missing-field-initializers", "-Werror", "-I" + tree.root, *flags]

    def compile_alone(header):
        unit = os.path.join(scratch, header + ".cc")
        os.makedirs(os.path.dirname(unit), exist_ok=True)
        with open(unit, "w", encoding="utf-8") as file:
            file.write(f'#include "{header}"\n')
        done = subprocess.run([*command, "-o", unit + ".o", unit], capture_output=True, text=True,
                              timeout=COMPILE_SECONDS_MAX, check=False)
        if done.returncode == 0:
            return None
        first = next((l for l in done.stderr.splitlines() if "error" in l), done.stderr[:400])
        return f"{header}:1: does not compile alone: {first}"

    headers = [f for f in tree.cpp(FOLDERS) if f.endswith(".h")]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return [fault for fault in pool.map(compile_alone, headers) if fault]
