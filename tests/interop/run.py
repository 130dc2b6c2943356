#!/usr/bin/env python3
"""Runs a suite of other people's clients against a node, or against a stock server.

    run.py SUITE --build FOLDER [--stock PORT] [--large]

SUITE: stock_client, levels, raw, rest, capture, pyhandle, openapi, sdk. Exit 77: it cannot run
here, and standard output says why.
With --stock the same suite asks a stock Handle.Net server on loopback (UDP and TCP at PORT, HTTP at
--stock-http), which holds the records that served.py makes; --keys names the folder of its
administrator's admpriv.bin and admpub.bin.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
FETCH_SECONDS_MAX = 420
RUN_SECONDS_MAX = 1_200
TSHARK_VERSION_MIN = (4, 2)
IDLE_SECONDS_SHORT, IDLE_SECONDS_LONG = 6, 660  # The second is the default.
PYHANDLE = "pyhandle==1.5.0"
OPENAPI_VALIDATOR = "openapi-spec-validator==0.7.1"
SDK_FOLDER = "cn/teleinfo/id-pointer/id-pointer-sdk"
# How Maven and pip say that their registry does not answer, or has not what is wanted.
UNREACHABLE = re.compile(
    r"Could not transfer|Could not resolve dependencies|Could not find artifact|"
    r"could not be resolved|Non-resolvable|No matching distribution|Connection refused|"
    r"Network is unreachable|Temporary failure in name resolution")


class Skip(Exception):
    """What is lacking here."""


def nice(*command, seconds, **options):
    return subprocess.run(["nice", *map(str, command)], stdin=subprocess.DEVNULL,
                          timeout=seconds, check=False, **options)


class Maven:
    """The Java clients: fetched, compiled, run."""

    def __init__(self, build, sdk_repository=None):
        if shutil.which("mvn") is None:
            raise Skip("mvn is not installed (Debian: maven)")
        version = subprocess.run(["java", "-version"], capture_output=True, text=True,
                                 check=False).stderr if shutil.which("java") else ""
        major = re.search(r'version "(\d+)', version)
        if major is None or int(major.group(1)) < 17:
            raise Skip("java 17 is not installed (Debian: openjdk-17-jdk-headless)")
        self.target = build / "java"
        self.command = ["mvn", "-B", "-ntp", "-f", HERE / "pom.xml",
                        f"-Dinterop.target={self.target}"]
        if sdk_repository:
            self.command.append(f"-Dsdk.repository={sdk_repository}")
        client = self.target / "client"
        client.mkdir(parents=True, exist_ok=True)
        # Read by whatever of the client is not told where to look: it stays at home.
        (client / "config.dct").write_text('{ "auto_update_root_info" = "no" }\n')

    def fetch(self):
        """Compiles, offline if that is possible; the class path of the clients."""
        path = self.target / "classpath.txt"
        goals = ["test-compile", "dependency:build-classpath", f"-Dmdep.outputFile={path}",
                 "-Dmdep.includeScope=test", "-q"]
        for mode in (["-o"], []):
            try:
                done = nice(*self.command, *mode, *goals, seconds=FETCH_SECONDS_MAX,
                            capture_output=True, text=True)
            except subprocess.TimeoutExpired:
                raise Skip("Maven Central does not answer") from None
            if done.returncode == 0:
                return path.read_text()
        if UNREACHABLE.search(done.stdout + done.stderr):
            print(done.stdout[-4000:], file=sys.stderr)
            raise Skip("Maven Central does not answer, or lacks what is wanted")
        raise SystemExit(done.stdout + done.stderr)

    def make_keys(self, class_path, folder):
        """A key pair of the stock client's own making; kept from run to run."""
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "admpub.bin").exists():
            return
        done = subprocess.run(
            ["java", "-cp", class_path, "net.handle.apps.tools.KeyGenerator", "-alg", "RSA",
             "-keysize", "2048", folder / "admpriv.bin", folder / "admpub.bin"],
            input="n\n", text=True, capture_output=True, timeout=120, check=False)
        if done.returncode != 0 or not (folder / "admpub.bin").exists():
            raise SystemExit("KeyGenerator: " + done.stdout + done.stderr)

    def test(self, endpoint_file, *more):
        """Maven's exit code."""
        command = [*self.command, f"-Dinterop.endpoint={endpoint_file}", *more]
        for mode in (["-o"], []):
            log = self.target / "surefire.log"
            with open(log, "w+", encoding="utf-8") as out:
                done = nice(*command, *mode, "surefire:test", seconds=RUN_SECONDS_MAX, stdout=out,
                            stderr=subprocess.STDOUT)
                out.seek(0)
                said = out.read()
            if "Tests run:" in said:
                break
        print(said)
        return done.returncode


def server(arguments, build, keys=None, **settings):
    """The server to ask: one of ours, started here, or the stock one that is there already."""
    if arguments.stock:
        return Stock(arguments, build, keys)
    from served import Served  # Not needed, and not possible, without a node.

    return Served(build / "node", keys, **settings)


class Stock:
    """A stock server that somebody else has started."""

    def __init__(self, arguments, build, keys):
        build.mkdir(parents=True, exist_ok=True)
        self.endpoint_file = build / "stock.properties"
        port, http = arguments.stock, arguments.stock_http
        self.endpoint_file.write_text(
            f"server=stock\nprefix={arguments.prefix}\nudp={port}\ntcp={port}\nhttp={http}\n"
            f"https={http}\nkeys={keys or arguments.keys}\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def run_java(arguments, build, maven, *more):
    class_path = maven.fetch()
    keys = arguments.keys
    if keys is None:
        keys = build / "keys"
        maven.make_keys(class_path, keys)
    with server(arguments, build, keys) as served:
        return maven.test(served.endpoint_file, *more)


def stock_client(arguments, build):
    more = [] if arguments.large else ["-DexcludedGroups=large"]
    if arguments.only:
        more += [f"-Dtest={arguments.only}"]
    return run_java(arguments, build, Maven(build), *more)


def levels(arguments, build):
    """The stock client, told of the top-level node of three levels and of no other."""
    from served import ServedLevels

    maven = Maven(build)
    maven.fetch()
    with ServedLevels(build / "levels") as served:
        return maven.test(served.endpoint_file, "-Dtest=LevelsTest")


def sdk(arguments, build):
    repository = os.environ.get("IDNODE_SDK_REPOSITORY", "")
    if not (repository and (pathlib.Path(repository) / SDK_FOLDER).is_dir()):
        raise Skip("id-pointer-sdk is not on Maven Central: set IDNODE_SDK_REPOSITORY to a local "
                   "Maven repository that it was installed into")
    maven = Maven(build / "sdk", repository)
    return run_java(arguments, build / "sdk", maven, "-Dtest=Sdk*")


def python_suite(arguments, build, interpreter, pattern, environment=None, **settings):
    with server(arguments, build, arguments.keys, **settings) as served:
        environment = {**os.environ, "INTEROP_ENDPOINT": str(served.endpoint_file),
                       "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})}
        command = [interpreter, "-m", "unittest", "discover", "-v", "-s", HERE, "-p", pattern]
        if arguments.only:
            command += ["-k", arguments.only]
        return nice(*command, seconds=RUN_SECONDS_MAX, env=environment).returncode


def raw(arguments, build):
    if arguments.stock:
        return python_suite(arguments, build, sys.executable, "raw_*_test.py")
    # As it is delivered only in the long run: ten minutes are long.
    idle = IDLE_SECONDS_LONG if arguments.large else IDLE_SECONDS_SHORT
    return python_suite(arguments, build, sys.executable, "raw_*_test.py",
                        environment={"INTEROP_IDLE_SECONDS": str(idle)},
                        handle_idle_seconds=idle)


def rest(arguments, build):
    return python_suite(arguments, build, sys.executable, "rest_*_test.py",
                        administrators=(300, 301),
                        handle_administrators_full_access="yes")


def find_tshark():
    """The program; Skip: it is lacking, or too old to know the protocol."""
    name = os.environ.get("IDNODE_TSHARK") or shutil.which("tshark")
    if not name:
        raise Skip("tshark 4.2 or later is not installed (Debian 13: tshark), and IDNODE_TSHARK "
                   "does not name one")
    said = subprocess.run([name, "--version"], capture_output=True, text=True, timeout=60,
                          check=False).stdout
    version = re.search(r"TShark \(Wireshark\) (\d+)\.(\d+)", said)
    if version is None or tuple(map(int, version.groups())) < TSHARK_VERSION_MIN:
        raise Skip(f"{name} is older than 4.2, where Wireshark learned DO-IRP")
    return name


def capture(arguments, build):
    return python_suite(arguments, build, sys.executable, "capture_test.py",
                        environment={"INTEROP_TSHARK": find_tshark()})


def python_with(package, build):
    """An interpreter that has a package of PyPI's. Skip: it cannot be fetched."""
    folder = build / "venv"
    interpreter = folder / "bin/python"
    if not (folder / "installed").exists():
        venv.create(folder, clear=True, with_pip=True)
        done = nice(interpreter, "-m", "pip", "install", "--quiet", package,
                    seconds=FETCH_SECONDS_MAX, capture_output=True, text=True)
        if done.returncode != 0:
            if UNREACHABLE.search(done.stdout + done.stderr):
                raise Skip("PyPI does not answer: " + done.stderr.strip()[-300:])
            raise SystemExit(done.stdout + done.stderr)
        (folder / "installed").touch()
    return interpreter


def pyhandle(arguments, build):
    return python_suite(arguments, build, python_with(PYHANDLE, build), "pyhandle_test.py")


def openapi(arguments, build):
    return python_suite(arguments, build, python_with(OPENAPI_VALIDATOR, build), "openapi_test.py")


SUITES = {"stock_client": stock_client, "levels": levels, "raw": raw, "rest": rest,
          "capture": capture, "pyhandle": pyhandle, "openapi": openapi, "sdk": sdk}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--stock", type=int)
    parser.add_argument("--stock-http", type=int, default=0)
    parser.add_argument("--prefix", default="88.118.1", help="of the stock server")
    parser.add_argument("--keys", type=pathlib.Path)
    parser.add_argument("--only", help="tests of such names")
    parser.add_argument("--large", action="store_true",
                        default=os.environ.get("IDNODE_TEST_ALL") == "1",
                        help="also 100,000 registrations from one batch file")
    arguments = parser.parse_args()
    build = arguments.build.resolve() / arguments.suite
    try:
        return SUITES[arguments.suite](arguments, build)
    except Skip as lacking:
        print(f"SKIPPED: INTEROP_{arguments.suite.upper()} DID NOT RUN: {str(lacking).upper()}")
        return SKIPPED


if __name__ == "__main__":
    sys.exit(main())
