import contextlib
import io
import os
import sys
import tempfile
import textwrap
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))

from jgunicorn import config_file, own_gunicorn, script, settings_host

own_gunicorn.install()

STANDALONE = """
import sys
from gunicorn.app.base import BaseApplication

class Standalone(BaseApplication):
    def __init__(self, app, options):
        self.options = options
        self.application = app
        super().__init__()

    def load_config(self):
        for name, value in self.options.items():
            if name in self.cfg.settings and value is not None:
                self.cfg.set(name.lower(), value)

    def load(self):
        return self.application

def when_ready(server):
    pass

if __name__ == "__main__":
    Standalone(lambda environ, start_response: [], OPTIONS).run()
    raise AssertionError("run() has returned")
"""


class Catalogue:
    """What Java says of settings, for a few of them."""

    def defaults(self):
        settings = {
            "bind": ["127.0.0.1:8000"],
            "workers": 1,
            "config": "./gunicorn.conf.py",
            "chdir": os.getcwd(),
            "paste": None,
            "wsgi_app": None,
            "default_proc_name": "gunicorn",
            "proc_name": None,
            "pidfile": None,
            "timeout": 30,
        }
        return repr((settings, {"when_ready": 1, "post_request": 4}))

    def accepted(self, name, tagged):
        if name == "workers" and tagged[0] != "int":
            return repr(("refused", f"invalid literal for int() with base 10: {tagged[1]!r}"))
        if tagged[0] in ("function", "class"):
            return repr(("object", None))
        return repr(("value", [tagged[1]] if name == "bind" else tagged[1]))

    def parsed(self, arguments):
        if "--help" in arguments:
            return repr(("end", 0, "usage\n"))
        if "--nope" in arguments:
            return repr(("end", 2, "unrecognized arguments\n"))
        values = {}
        if "-w" in arguments:
            values["workers"] = int(arguments[arguments.index("-w") + 1])
        return repr(("options", values, arguments[-1] if arguments and ":" in arguments[-1] else None))


class ScriptTest(unittest.TestCase):
    def setUp(self):
        kept = (list(sys.path), list(sys.argv), sys.modules["__main__"], os.getcwd())
        self.addCleanup(self.restore, *kept)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)
        os.chdir(self.folder)
        settings_host.use(Catalogue())

    def restore(self, path, argv, main, folder):
        sys.path[:] = path
        sys.argv[:] = argv
        sys.modules["__main__"] = main
        os.chdir(folder)
        script._literal = script._application = None

    def literal(self, text, *arguments):
        path = os.path.join(self.folder, "app.py")
        with open(path, "w") as file:
            file.write(textwrap.dedent(text))
        return repr([path, "app.py", *arguments])

    def evaluated(self, text, *arguments):
        """What the master gets to see, and what was printed."""
        printed = io.StringIO()
        with contextlib.redirect_stderr(printed), contextlib.redirect_stdout(printed):
            outcome = config_file.evaluate(
                "script:" + self.literal(text, *arguments),
                self.folder,
                "bind workers config chdir paste wsgi_app default_proc_name when_ready post_request",
                "when_ready post_request",
            )
        return outcome, printed.getvalue()

    def test_settings_of_the_application_are_those_of_the_server(self):
        text = STANDALONE.replace("OPTIONS", "{'bind': '0.0.0.0:9', 'workers': 3, 'mine': 1, 'when_ready': when_ready}")
        outcome, _ = self.evaluated(text)
        self.assertEqual((outcome.kind, outcome.message), ("ok", ""))
        self.assertEqual(
            dict(outcome.values),
            {
                "bind": ("str", "0.0.0.0:9"),
                "workers": ("int", 3),
                "when_ready": ("function", "when_ready", 1, dict(outcome.values)["when_ready"][3]),
            },
        )
        self.assertEqual(outcome.strangers, [])
        self.assertEqual(script.started().cfg.bind, ["0.0.0.0:9"])
        self.assertEqual(script.started().wsgi()({}, None), [])

    def test_script_sees_what_python_would_show_it(self):
        text = """
            import sys
            import helper
            seen = (__name__, __file__, sys.argv, sys.modules["__main__"].__dict__ is globals())
            raise SystemExit(repr(seen))
            """
        with open(os.path.join(self.folder, "helper.py"), "w"):
            pass
        outcome, _ = self.evaluated(text, "--port", "8")
        path = os.path.join(self.folder, "app.py")
        self.assertEqual(outcome.kind, "exit")
        self.assertEqual(outcome.message, repr(("__main__", path, ["app.py", "--port", "8"], True)) + "\n")

    def test_script_without_a_server_is_one_message(self):
        outcome, _ = self.evaluated("x = 1\n")
        self.assertEqual((outcome.kind, outcome.traceback), ("raised", ""))
        self.assertRegex(outcome.message, r"^app\.py has ended and started no server: ")

    def test_script_that_raises_brings_its_traceback_only(self):
        outcome, _ = self.evaluated("\n\n1 / 0\n")
        self.assertEqual(outcome.message, "division by zero")
        self.assertIn('app.py", line 3', outcome.traceback)
        self.assertNotIn("script.py", outcome.traceback)

    def test_bad_value_is_one_message(self):
        outcome, printed = self.evaluated(STANDALONE.replace("OPTIONS", "{'workers': 'many'}"))
        self.assertEqual((outcome.kind, outcome.code), ("exit", 1))
        self.assertEqual(printed, "\nError: invalid literal for int() with base 10: 'many'\n")

    def test_unknown_setting_is_told(self):
        text = """
            from gunicorn.app.base import BaseApplication
            class Mine(BaseApplication):
                def load_config(self):
                    self.cfg.set("threds", 3)
            Mine().run()
            """
        self.assertEqual(self.evaluated(text)[1], "\nError: No configuration setting for: threds\n")

    def test_worker_runs_the_script_once(self):
        literal = self.literal("with open('runs', 'a') as file:\n    file.write('x')\n" + STANDALONE.replace("OPTIONS", "{}"))
        config_file.load("script:" + literal)
        self.assertIs(script.application(literal), script.started())
        with open("runs") as file:
            self.assertEqual(file.read(), "x")

    def test_command_line_is_read_by_applications_that_ask_for_it(self):
        with open("gunicorn.conf.py", "w") as file:
            file.write("workers = 2\nbind = 'here:1'\n")
        text = """
            from gunicorn.app.wsgiapp import run
            run()
            """
        outcome, _ = self.evaluated(text, "-w", "5", "some:app")
        values = dict(outcome.values)
        self.assertEqual(values["workers"], ("int", 5))
        self.assertEqual(values["bind"], ("str", "here:1"))
        self.assertEqual(values["default_proc_name"], ("str", "some:app"))
        self.assertEqual(script.started().app_uri, "some:app")

    def test_command_line_can_end_it(self):
        text = "from gunicorn.app.wsgiapp import run\nrun()\n"
        outcome, printed = self.evaluated(text, "--help")
        self.assertEqual((outcome.kind, outcome.code, printed), ("exit", 0, "usage\n"))
        outcome, printed = self.evaluated(text, "--nope")
        self.assertEqual((outcome.code, printed), (2, "unrecognized arguments\n"))
        outcome, printed = self.evaluated(text)
        self.assertEqual((outcome.code, printed), (1, "\nError: No application module specified.\n"))

    def test_settings_returned_by_init_count_least(self):
        text = """
            from gunicorn.app.base import Application
            class Mine(Application):
                def init(self, parser, opts, args):
                    return {"workers": 4, "bind": "b:1"}
                def load(self):
                    return "app"
            Mine().run()
            """
        outcome, _ = self.evaluated(text, "-w", "6")
        self.assertEqual(dict(outcome.values), {"workers": ("int", 6), "bind": ("str", "b:1")})

    def test_arbiter_runs_an_application_too(self):
        text = STANDALONE.replace("OPTIONS).run()", "{})\n    from gunicorn.arbiter import Arbiter\n    Arbiter(app).run()")
        text = text.replace("    Standalone(lambda", "    app = Standalone(lambda")
        outcome, _ = self.evaluated(text)
        self.assertEqual((outcome.kind, outcome.message), ("ok", ""))

    def test_run_elsewhere_says_how_to_start_it(self):
        with self.assertRaisesRegex(RuntimeError, "jgunicorn run SCRIPT"):
            script.start(object())


if __name__ == "__main__":
    unittest.main()
