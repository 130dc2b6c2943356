"""Each rule finds its breach in a made-up tree, and leaves a clean tree alone."""

import os
import subprocess
import sys
import tempfile
import unittest

from headers import check_headers
from names import check_names
from rooms import HEAVY, MAP, check_heavy, check_includes
from source_tree import Tree, without_comments
from sources import check_sources

CLEAN = {
    MAP: "# a comment\nproto/base :\nproto/ident : proto/base\nnode/runtime : proto/base\n"
         "node/front/http : node/runtime proto/base\nstorage : proto/base\n"
         "storage/engine : storage\n",
    "proto/base/text.h": "#pragma once\n#include <string>\nstd::string Text();\n",
    "proto/base/text.cc": '#include "proto/base/text.h"\n// calls rename( nowhere\n',
    "proto/ident/name.h": '#pragma once\n#include "proto/base/text.h"\n',
    "node/runtime/beast.cc": "#include <boost/beast/src.hpp>\n",
    "storage/durable_file.cc": "void Move() { ::rename(a, b); }\n",
    "tests/unit/name_test.cc": '#include "tests/unit/tree.h"\n#include "proto/ident/name.h"\n',
    "tests/unit/tree.h": "#pragma once\n",
}


class TidyTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        for path, text in CLEAN.items():
            self.write(path, text)

    def write(self, path, text):
        whole = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "w", encoding="utf-8") as file:
            file.write(text)

    def scratch(self):
        return os.path.join(self.root, ".headers")

    def tree(self):
        return Tree(self.root)

    def expect(self, complaints, *expected):
        """Exactly these complaints, each known by a part of it."""
        self.assertEqual(len(complaints), len(expected), complaints)
        for complaint, part in zip(complaints, expected):
            self.assertIn(part, complaint)

    def test_a_clean_tree_has_no_complaints(self):
        self.expect(check_includes(self.tree()))
        self.expect(check_heavy(self.tree()))
        self.expect(list(check_sources(self.tree())))
        self.expect(list(check_names(self.tree())))
        self.expect(check_headers(self.tree(), [], self.scratch()))

    # The map.

    def test_a_room_may_include_only_the_rooms_on_its_line(self):
        self.write("proto/base/up.h", '#include "proto/ident/name.h"\n')
        self.expect(check_includes(self.tree()),
                    "proto/base/up.h:1: proto/base may not include proto/ident")

    def test_an_include_in_angle_brackets_is_an_include(self):
        self.write("proto/base/up.h", "  #  include <proto/ident/name.h>\n")
        self.expect(check_includes(self.tree()), "proto/base may not include proto/ident")

    def test_the_room_of_a_file_is_the_longest_folder_on_the_map(self):
        self.write("storage/ledger.cc", '#include "storage/engine/engine.h"\n')
        self.write("storage/engine/engine.h", '#include "storage/ledger.h"\n')
        self.expect(check_includes(self.tree()),
                    "storage/ledger.cc:1: storage may not include storage/engine")

    def test_product_code_does_not_include_tests_or_benchmarks(self):
        self.write("proto/base/a.cc", '#include "tests/unit/tree.h"\n')
        self.write("proto/base/b.cc", '#include "bench/load.h"\n')
        self.expect(check_includes(self.tree()), "proto/base/a.cc:1: product code includes tests/",
                    "proto/base/b.cc:1: product code includes bench/")

    def test_includes_are_named_from_the_root(self):
        self.write("proto/base/a.cc", '#include "text.h"\n#include "../ident/name.h"\n'
                   '#include "proto/base/../ident/name.h"\n')
        self.expect(check_includes(self.tree()), "a.cc:1: text.h is not named",
                    "a.cc:2: ../ident/name.h is not named", "a.cc:3: proto/base/../ident")

    def test_every_source_is_in_a_room(self):
        self.write("node/stray.cc", "")
        self.write("proto/base/a.cc", '#include "proto/other/x.h"\n')
        self.expect(check_includes(self.tree()), "node/stray.cc:1: is in no room",
                    "proto/base/a.cc:1: proto/other/x.h is in no room")

    def test_the_map_names_only_rooms_above_the_line(self):
        self.write(MAP, CLEAN[MAP] + "sync/a : sync/b\nsync/b :\nsync/b :\n")
        self.expect(check_includes(self.tree()), "rooms.txt:8: sync/a names sync/b",
                    "rooms.txt:10: sync/b has two lines")

    # Heavy libraries.

    def test_heavy_libraries_stay_where_they_are_allowed(self):
        self.write("node/runtime/loop.h", "#include <boost/beast.hpp>\n")
        self.write("proto/base/a.cc", "#include <grpcpp/grpcpp.h>\n")
        self.write("proto/ident/b.cc", '#include "proto/rpc/sync.grpc.pb.h"\n')
        self.expect(check_heavy(self.tree()), "node/runtime/loop.h:1: Beast",
                    "proto/base/a.cc:1: gRPC", "proto/ident/b.cc:1: gRPC")

    def test_heavy_libraries_are_counted_through_headers(self):
        self.write("node/front/http/session.h", "#include <boost/beast/core.hpp>\n")
        for number in range(HEAVY["Beast"]["units_max"]):
            self.write(f"node/front/http/f{number}.cc", '#include "node/front/http/session.h"\n')
        self.expect(check_heavy(self.tree()), "Beast reaches 17 translation units")
        os.remove(os.path.join(self.root, "node/front/http/f0.cc"))
        self.expect(check_heavy(self.tree()))

    # Sources.

    def test_a_file_has_its_length(self):
        self.write("proto/base/long.cc", "\n" * 600)
        self.expect(list(check_sources(self.tree())))
        self.write("proto/base/long.cc", "\n" * 601)
        self.expect(list(check_sources(self.tree())), "long.cc:601: over 600 lines (601)")

    def test_a_line_has_its_width(self):
        for name in ("proto/base/wide.h", "proto/rpc/wide.proto", "tests/wide.py"):
            self.write(name, "x" * 100 + "\n" + "标" * 50 + "\n")
        self.expect(list(check_sources(self.tree())))
        self.write("proto/base/wide.h", "x" * 101 + "\n")
        self.write("tests/wide.py", "\n" + "标" * 50 + "x\n")
        self.expect(list(check_sources(self.tree())), "wide.h:1: over 100 columns (101)",
                    "wide.py:2: over 100 columns (101)")

    def test_there_are_no_tabs(self):
        self.write("tests/unit/tab.cc", "int\n\tx;\n")
        self.expect(list(check_sources(self.tree())), "tests/unit/tab.cc:2: a tab")

    def test_no_folder_takes_everything(self):
        self.write("proto/base/util/x.txt", "")
        self.write("tests/common/x.txt", "")
        self.write("node/helpers/x.txt", "")
        self.expect(list(check_sources(self.tree())), "node/helpers", "proto/base/util",
                    "tests/common")

    def test_one_file_renames(self):
        for call in ("rename(a, b)", "::rename (a, b)", "std::rename(a, b)", "fs::rename(a, b)",
                     "std::filesystem::rename(a, b)", "renameat2(1, a, 2, b, 0)"):
            self.write("storage/move.cc", f"void F() {{ {call}; }}\n")
            self.expect(list(check_sources(self.tree())), "storage/move.cc:1: renames")
        self.write("storage/move.cc", '// rename(\nauto s = "rename(2)"; Rename(a); x.rename(b);\n')
        self.expect(list(check_sources(self.tree())))

    def test_comments_are_blanked_without_moving_lines(self):
        text = 'a /* b\n c */ d "e // \\" f" // g\nh'
        blank = without_comments(text)
        self.assertEqual(blank.count("\n"), text.count("\n"))
        self.assertEqual(blank.split(), ["a", "d", "h"])

    def test_hidden_and_build_folders_are_left_alone(self):
        self.write("build-x/CMakeCache.txt", "")
        self.write("build-x/util/a.cc", "\t\n")
        self.write(".hidden/util/a.cc", "\t\n")
        self.expect(list(check_sources(self.tree())))

    # Headers.

    def test_every_header_compiles_alone(self):
        self.write("proto/base/needs.h", "#pragma once\ninline std::string Needs();\n")
        self.expect(check_headers(self.tree(), [], self.scratch()),
                    "proto/base/needs.h:1: does not compile alone")

    # The program.

    def run_tidy(self, *arguments):
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tidy.py")
        return subprocess.run([sys.executable, program, *arguments], capture_output=True,
                              text=True, check=False)

    def test_the_program_fails_when_a_rule_is_broken(self):
        self.assertEqual(self.run_tidy("includes", self.root).returncode, 0)
        self.assertEqual(self.run_tidy("sources", self.root).returncode, 0)
        self.write("proto/base/up.h", '#include "proto/ident/name.h"\n\t\n')
        includes = self.run_tidy("includes", self.root)
        self.assertEqual(includes.returncode, 1)
        self.assertIn("proto/base/up.h:1:", includes.stdout)
        self.assertEqual(self.run_tidy("sources", self.root).returncode, 1)

    def test_the_program_fails_where_there_is_nothing_to_check(self):
        with tempfile.TemporaryDirectory() as empty:
            self.assertNotEqual(self.run_tidy("includes", empty).returncode, 0)
        self.assertNotEqual(self.run_tidy("everything", self.root).returncode, 0)

    def test_a_name_is_defined_once(self):
        self.write("proto/ident/name.cc",
                   "namespace idnode {\n\nclass Name final : public Text {\n};\nclass Later;\n"
                   "Name Make(std::string_view text,\n          int size) {\n}\n"
                   "namespace {\nclass Own {\n};\nint Help(int a) {\n}\n}  // namespace\n\n"
                   "}  // namespace idnode\n\nint main(int argc, char** argv) {\n}\n")
        self.write("proto/base/own.cc",
                   "namespace idnode {\nnamespace {\nclass Own {\n};\nint Help(int b) {\n}\n"
                   "}  // namespace\nstruct Name::Part {\n};\nint Make(int size) {\n}\n"
                   "namespace v1 {\nstruct Name {\n};\n}  // namespace v1\n"
                   "}  // namespace idnode\n\nint main(int argc, char** argv) {\n}\n")
        self.expect(list(check_names(self.tree())))
        self.write("storage/name.h",
                   "namespace idnode {\nstruct Name {\n};\nenum class Later {\n};\n"
                   "Name Make(std::string_view from, int count) {\n}\n}  // namespace idnode\n")
        self.expect(list(check_names(self.tree())), "idnode::Make(std::string_view,int)",
                    "idnode::Name is defined in proto/ident/name.cc:3")


if __name__ == "__main__":
    unittest.main()
