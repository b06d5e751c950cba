"""What an operator may write as the application, and what he is told when it cannot be loaded."""

import os
import sys
import tempfile
import unittest
import unittest.mock

from jgunicorn import app_loader


class AppLoaderTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        with open(os.path.join(self.folder.name, "loader_sample.py"), "w") as file:
            file.write(
                "def application(environ, start_response): pass\n"
                "other = application\n"
                "nothing = None\n"
                "number = 5\n"
                "def make(name, flag=False): return lambda e, s: (name, flag)\n"
                "def make_nothing(): return None\n"
                "def broken(): raise TypeError('inside')\n"
            )
        sys.path.insert(0, self.folder.name)
        self.addCleanup(sys.path.remove, self.folder.name)
        self.addCleanup(sys.modules.pop, "loader_sample", None)

    def refused(self, spec):
        with self.assertRaises(app_loader.AppImportError) as caught:
            app_loader.load(spec)
        return str(caught.exception)

    def test_paste_variables_are_pairs_with_escaped_equals_signs(self):
        variables = app_loader._paste_variables([r"a\=b=c=d\=e", "x="])
        self.assertEqual(variables, {"a=b": "c=d=e", "x": ""})

    def test_paste_variable_without_a_value_is_refused(self):
        with self.assertRaisesRegex(RuntimeError, "environment setting 'x' invalid"):
            app_loader._paste_variables(["x"])

    def test_paste_file_without_paste_deploy_is_refused_in_one_line(self):
        with unittest.mock.patch.dict(sys.modules, {"paste": None, "paste.deploy": None}):
            with self.assertRaises(app_loader.PasteDeployMissing) as caught:
                app_loader.load_paste("/x/app.ini", [])
        text = app_loader.failure_text(caught.exception)
        self.assertIn("paste = '/x/app.ini' cannot be used: the package PasteDeploy is not installed", text)
        self.assertEqual(len(text.splitlines()), 1)

    def test_module_alone_means_application(self):
        self.assertEqual(app_loader.load("loader_sample").__name__, "application")

    def test_name_after_the_colon(self):
        self.assertEqual(app_loader.load("loader_sample:other").__name__, "application")

    def test_factory_with_literal_arguments(self):
        self.assertEqual(app_loader.load("loader_sample:make('x', flag=True)")(None, None), ("x", True))

    def test_refusals_name_the_reason(self):
        for spec, text in {
            "loader_sample:nope": "Failed to find attribute 'nope' in 'loader_sample'.",
            "loader_sample:a.b": "Failed to parse 'a.b' as an attribute name or function call.",
            "loader_sample:a.b()": "Function reference must be a simple name: 'a.b()'",
            "loader_sample:make(x)": "Failed to parse arguments as literal values: 'make(x)'",
            "loader_sample:make()": "TypeError: make() missing 1 required positional argument: 'name'",
            "loader_sample:(": "Failed to parse '(' as an attribute name or function call.",
            "loader_sample:make_nothing()": "Failed to find application object: 'make_nothing()'",
            "loader_sample:nothing": "Failed to find application object: 'nothing'",
            "loader_sample:number": "Application object must be callable.",
        }.items():
            with self.subTest(spec=spec):
                refused = self.refused(spec)
                self.assertTrue(refused.endswith(text.split("make() ")[-1]), refused)

    def test_a_type_error_inside_the_factory_is_its_own(self):
        with self.assertRaisesRegex(TypeError, "inside"):
            app_loader.load("loader_sample:broken()")

    def test_a_file_name_gets_a_hint(self):
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self.folder.name)
        with self.assertRaisesRegex(ImportError, "did you mean 'loader_sample:application'"):
            app_loader.load("loader_sample.py")

    def test_failure_text_of_an_import_hides_the_loader(self):
        with open(os.path.join(self.folder.name, "loader_broken.py"), "w") as file:
            file.write("import does_not_exist\n")
        try:
            app_loader.load("loader_broken")
        except ImportError as error:
            text = app_loader.failure_text(error)
        self.assertIn("No module named 'does_not_exist'", text)
        self.assertNotIn("app_loader.py", text)

    def test_source_files_are_those_of_modules(self):
        app_loader.load("loader_sample")
        files = app_loader.source_files()
        self.assertIn(os.path.join(self.folder.name, "loader_sample.py"), files)
        self.assertEqual([name for name in files if not name.endswith(".py") or not os.path.isabs(name)], [])


if __name__ == "__main__":
    unittest.main()
