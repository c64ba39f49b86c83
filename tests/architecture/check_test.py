# SPDX-License-Identifier: Apache-2.0
"""Each rule of check.py is tried on a small tree that breaks it, and on one that does not."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import check

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


class Rules(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name)

    def found(self, rule, files):
        for place, text in files.items():
            path = self.root / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return list(rule(check.Tree(self.root)))

    def assert_breaks(self, rule, place, text, saying):
        found = self.found(rule, {place: text})
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(place + ":"), found[0])
        self.assertIn(saying, found[0])

    def assert_holds(self, rule, place, text):
        self.assertEqual(self.found(rule, {place: text}), [])

    def test_a_lower_layer_does_not_include_a_higher_one(self):
        self.assert_breaks(check.layers, "core/broker/a.cpp", SPDX + '#include "stomp/frame.hpp"\n',
                           "core/broker must not include stomp/frame.hpp")

    def test_angle_brackets_do_not_hide_an_include(self):
        self.assert_breaks(check.layers, "core/base/a.hpp", "  #  include <net/worker.hpp>\n",
                           "must not include net/worker.hpp")

    def test_only_what_meets_plugins_includes_the_sdk(self):
        self.assert_breaks(check.layers, "core/stomp/a.hpp", '#include "romp/plugin.h"\n',
                           "must not include romp/plugin.h")

    def test_the_server_is_included_by_nobody(self):
        self.assert_breaks(check.layers, "core/session/a.cpp", '#include "server/server.hpp"\n',
                           "must not include server/server.hpp")

    def test_an_unknown_folder_is_found(self):
        self.assert_breaks(check.layers, "core/tools/a.cpp", SPDX, "not in the table")

    def test_a_relative_include_is_found(self):
        self.assert_breaks(check.layers, "core/base/a.cpp", '#include "../net/worker.hpp"\n',
                           "is not a path from core/")

    def test_what_the_table_allows_holds(self):
        self.assert_holds(check.layers, "core/session/a.cpp",
                          '#include <vector>\n#include "session/b.hpp"\n#include "broker/broker.hpp"\n')

    def test_asio_stays_out_of_the_meaning(self):
        self.assert_breaks(check.libraries, "core/broker/a.cpp", "#include <boost/asio.hpp>\n", "Asio")

    def test_beast_stays_in_net_and_http(self):
        self.assert_breaks(check.libraries, "core/session/a.cpp", "#include <boost/beast/core.hpp>\n", "Beast")

    def test_boost_dll_stays_in_plugin(self):
        self.assert_breaks(check.libraries, "core/server/a.cpp",
                           "#include <boost/dll/shared_library.hpp>\n", "Boost.DLL")

    def test_inih_stays_in_config(self):
        self.assert_breaks(check.libraries, "core/server/a.cpp", "#include <ini.h>\n", "inih")

    def test_glog_stays_in_one_file(self):
        self.assert_breaks(check.libraries, "core/base/b.cpp", "#include <glog/logging.h>\n", "glog")

    def test_libraries_are_allowed_where_they_belong(self):
        self.assert_holds(check.libraries, "core/base/log.cpp", "#include <glog/logging.h>\n")
        self.assert_holds(check.libraries, "core/net/a.cpp", "#include <boost/asio/post.hpp>\n")

    def test_plugins_include_nothing_of_the_core(self):
        self.assert_breaks(check.independence, "plugins/a/a.cpp", '#include "broker/broker.hpp"\n',
                           "must not include broker/broker.hpp")

    def test_the_sdk_does_without_boost(self):
        self.assert_breaks(check.independence, "sdk/include/romp/a.hpp", "#include <boost/config.hpp>\n",
                           "must do without")

    def test_plugins_include_the_sdk(self):
        self.assert_holds(check.independence, "plugins/a/a.cpp", "#include <romp/plugin.hpp>\n")

    def test_a_long_file_is_found(self):
        self.assert_breaks(check.file_length, "core/base/a.cpp", SPDX * 401, "401 lines")

    def test_tests_may_be_longer(self):
        self.assert_holds(check.file_length, "tests/unit/a.cpp", SPDX * 800)

    @unittest.skipUnless(check.has_ctags(), "universal-ctags is not installed")
    def test_a_long_function_is_found(self):
        body = "  f();\n" * 59
        self.assert_breaks(check.function_length, "core/base/a.hpp", f"inline void g() {{\n{body}}}\n",
                           "g has 61 lines")

    @unittest.skipUnless(check.has_ctags(), "universal-ctags is not installed")
    def test_a_function_of_60_lines_holds(self):
        body = "  f();\n" * 58
        self.assert_holds(check.function_length, "core/base/a.cpp", f"void T::g() const {{\n{body}}}\n")

    def test_an_empty_word_in_a_file_name_is_found(self):
        self.assert_breaks(check.names, "core/base/string_util.hpp", SPDX, '"util"')

    def test_an_empty_word_in_a_class_name_is_found(self):
        self.assert_breaks(check.names, "core/base/a.hpp", "class SessionManager final {\n};\n", '"manager"')

    def test_a_base_class_is_found(self):
        self.assert_breaks(check.names, "core/base/a.hpp", "class BaseQueue {\n};\n", "BaseQueue")

    def test_words_within_words_hold(self):
        self.assert_holds(check.names, "core/base/database.hpp", "struct Informed {\n};\nstruct Dataset;\n")

    def test_a_missing_licence_is_found(self):
        self.assert_breaks(check.licence, "tests/a.py", "import sys\n", "SPDX")

    def test_a_script_may_name_its_interpreter_first(self):
        self.assert_holds(check.licence, "tests/a.sh", "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n")

    def test_the_exit_status_says_whether_something_was_found(self):
        self.found(check.licence, {"core/base/a.cpp": "int a;\n"})
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(check.main(self.root, ["licence"]), 1)
            self.assertEqual(check.main(self.root, ["names"]), 0)


if __name__ == "__main__":
    unittest.main()
