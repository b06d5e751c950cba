import logging
import os
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))

from jgunicorn import config_file


class Describe(unittest.TestCase):
    def test_values_keep_their_kind(self):
        cases = [
            (None, ("none",)),
            (True, ("bool", True)),
            (1, ("int", 1)),
            (1 << 70, ("other", "int", str(1 << 70), str(1 << 70))),
            ("a", ("str", "a")),
            (1.5, ("other", "float", "1.5", "1.5")),
            (b"a", ("other", "bytes", "b'a'", "b'a'")),
            (["a", 1], ("items", "list", [("str", "a"), ("int", 1)])),
            (("a",), ("items", "tuple", [("str", "a")])),
            ({"a": None}, ("dict", [(("str", "a"), ("none",))])),
        ]
        for value, expected in cases:
            with self.subTest(value=value):
                self.assertEqual(config_file.describe(value), expected)

    def test_functions_and_classes_are_named(self):
        kind, name, arity, text = config_file.describe(self.test_functions_and_classes_are_named)
        self.assertEqual((kind, arity), ("function", 0))
        self.assertTrue(name.startswith("Describe."))
        self.assertTrue(text.startswith("<bound method"))
        kind, path, _, _ = config_file.describe(Describe)
        self.assertEqual((kind, path), ("class", f"{__name__}.Describe"))

    def test_import_strings_of_hooks_are_followed(self):
        described = config_file.describe_setting("on_exit", "os.path.join", ["on_exit"])
        self.assertEqual(described[:2], ("function", "join"))
        self.assertEqual(config_file.describe_setting("chdir", "os.getcwd", []), ("str", "os.getcwd"))

    def test_import_strings_that_lead_nowhere_say_why(self):
        cases = {
            "nodots": "Value 'nodots' is not import string. Format: module[.submodules...].object",
            "nosuch.thing": "No module named 'nosuch'",
            "os.nothing": "Can not load 'nothing' from 'os'",
        }
        for text, reason in cases.items():
            with self.subTest(text=text):
                described = config_file.describe_setting("on_exit", text, ["on_exit"])
                self.assertEqual(described, ("unresolved", text, reason))


class Arity(unittest.TestCase):
    def test_positional_parameters_count(self):
        cases = [
            (lambda: 0, 0),
            (lambda a, b=1: 0, 2),
            (lambda *args: 0, 0),
            (lambda a, *, b=1, **c: 0, 1),
        ]
        for function, expected in cases:
            self.assertEqual(config_file.arity(function), expected)


class Evaluate(unittest.TestCase):
    def setUp(self):
        self._before = os.getcwd()
        self._folder = tempfile.TemporaryDirectory()
        self.folder = os.path.realpath(self._folder.name)

    def tearDown(self):
        os.chdir(self._before)
        if self.folder in sys.path:
            sys.path.remove(self.folder)
        self._folder.cleanup()

    def evaluate(self, text, name="conf.py"):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return config_file.evaluate("file:" + path, self.folder, "workers on_exit", "on_exit")

    def test_known_names_are_described_in_order(self):
        result = self.evaluate("other = 1\non_exit = len\nworkers = 2\nWorkers = 3\n")
        self.assertEqual(result.kind, "ok")
        self.assertEqual([name for name, _ in result.values], ["on_exit", "workers"])

    def test_file_is_compiled_anew_each_time(self):
        first = self.evaluate("workers = 2\n")
        second = self.evaluate("workers = 3\n")
        self.assertEqual(first.values, [("workers", ("int", 2))])
        self.assertEqual(second.values, [("workers", ("int", 3))])
        self.assertEqual(os.listdir(self.folder), ["conf.py"])

    def lines(self, text):
        path = os.path.join(self.folder, "lines.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return config_file.definition_lines(path)

    def test_definitions_have_lines(self):
        text = (
            "import os.path, sys as system\n"
            "a = b = 1\n"
            "c, (d, *e) = 1, (2, 3)\n"
            "f: int = 1\n"
            "@staticmethod\n"
            "def g():\n"
            "    inner = 1\n"
            "class H:\n"
            "    inner = 1\n"
            "with open(__file__) as i:\n"
            "    j = 1\n"
            "os.environ['K'] = os.name = ''\n"
        )
        names = ["os", "system", "a", "b", "c", "d", "e", "f", "g", "H", "i", "j"]
        self.assertEqual(
            self.lines(text), dict(zip(names, [1, 1, 2, 2, 3, 3, 3, 4, 6, 8, 10, 11]))
        )

    def test_last_definition_counts(self):
        self.assertEqual(self.lines("a = 1\nif a:\n    b = 1\na += 1\nb = 2\n"), {"a": 4, "b": 5})

    def test_definition_that_may_be_another_has_no_line(self):
        cases = [
            "a = 1\nif a:\n    a = 2\n",
            "if x:\n    a = 1\nelse:\n    a = 2\n",
            "try:\n    a = 1\nexcept E:\n    a = 2\n",
            "match x:\n    case 1:\n        a = 1\n    case _:\n        a = 2\n",
            "a = 1\nfrom x import *\n",
        ]
        for text in cases:
            with self.subTest(text=text):
                self.assertEqual(self.lines(text), {})
        self.assertEqual(self.lines("if x:\n    a = 1\n"), {"a": 2})

    def test_file_that_cannot_be_parsed_has_no_lines(self):
        self.assertEqual(self.lines("a = = 1"), {})
        self.assertEqual(config_file.definition_lines("/nonexistent.py"), {})
        self.assertEqual(config_file.definition_lines(None), {})

    def test_strangers_are_data_under_other_names(self):
        text = (
            "import os\n"
            "from os.path import join\n"
            "_private = 1\n"
            "worker = 1\n"
            "workers = 1\n"
            "class C: pass\n"
            "def f(): pass\n"
            "pair = [1]\n"
        )
        self.assertEqual(self.evaluate(text).strangers, ["worker", "pair"])

    def test_any_suffix_is_run(self):
        self.assertEqual(self.evaluate("workers = 2\n", "conf.ini").kind, "ok")

    def test_failure_has_message_and_traceback_without_our_frames(self):
        result = self.evaluate("1 / 0\n")
        self.assertEqual(result.kind, "raised")
        self.assertIn("division", result.message)
        self.assertNotIn("config_file.py", result.traceback)
        self.assertIn("conf.py", result.traceback)

    def test_exit_has_its_code(self):
        cases = [("0", 0, ""), ("3", 3, ""), ("None", 0, ""), ("'bye'", 1, "bye\n")]
        for argument, code, message in cases:
            with self.subTest(argument=argument):
                result = self.evaluate(f"raise SystemExit({argument})\n")
                self.assertEqual((result.kind, result.code, result.message), ("exit", code, message))

    def test_environment_changes_are_told(self):
        result = self.evaluate("import os\nos.environ['JG_TEST'] = 'x'\n")
        self.assertIn(("JG_TEST", "x"), result.environment_changes())
        del os.environ["JG_TEST"]

    def test_a_handler_that_a_thread_is_stuck_in_is_found(self):
        handler = logging.Handler()
        self.assertTrue(config_file._is_free(handler, 0.01))
        held, leave = threading.Event(), threading.Event()

        def hold():
            with handler.lock:
                held.set()
                leave.wait()

        thread = threading.Thread(target=hold)
        thread.start()
        self.assertTrue(held.wait(10))
        self.assertFalse(config_file._is_free(handler, 0.01))
        leave.set()
        thread.join()


if __name__ == "__main__":
    unittest.main()
