import logging
import os
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))

from gunicorn import glogging
from jgunicorn import config_file, hook_config, loggers

SETTINGS = {
    "accesslog": None,
    "access_log_format": "%(r)s",
    "bind": ["127.0.0.1:8000"],
    "chdir": os.getcwd(),
    "default_proc_name": "app",
    "errorlog": None,
    "logconfig": None,
    "logconfig_dict": {"version": "1"},
    "logconfig_json": None,
    "logger_class": "gunicorn.glogging.Logger",
    "loglevel": "info",
    "proc_name": None,
    "pythonpath": None,
    "syslog": False,
    "threads": 1,
    "timeout": 30,
    "worker_class": "sync",
    "workers": 1,
    "pidfile": None,
}


class Own(glogging.Logger):
    pass


class Duck:
    """Not a gunicorn Logger at all."""

    def __init__(self, cfg):
        self.lines = []
        self.fail = False

    def info(self, text):
        if self.fail:
            raise OSError("full")
        self.lines.append(text)


class LoggersTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.log_file = os.path.join(self.folder, "error.log")
        self.addCleanup(os.chdir, os.getcwd())
        self.addCleanup(sys.path.__setitem__, slice(None), list(sys.path))
        self.addCleanup(self.forget)

    def forget(self):
        for name in ("gunicorn.error", "gunicorn.access"):
            logger = logging.getLogger(name)
            for handler in list(logger.handlers):
                logger.removeHandler(handler)
                handler.close()
            logger.filters.clear()
            logger.setLevel(logging.NOTSET)

    def settings(self, **changes):
        return repr({**SETTINGS, "chdir": self.folder, "errorlog": self.log_file, **changes})

    def evaluated(self, **namespace):
        return config_file.Evaluated(namespace, set(), ["on_exit"])

    def open(self, evaluated=None, **changes):
        return loggers.open_in_master(self.settings(**changes), evaluated)

    def lines(self):
        with open(self.log_file) as file:
            return file.read().splitlines()


class ClassesTest(LoggersTestCase):
    def name_of(self, cls):
        return f"{cls.__module__}.{cls.__qualname__}"

    def test_the_default_and_its_short_name_are_the_logger_of_gunicorn(self):
        for name in ("gunicorn.glogging.Logger", "simple"):
            self.assertIs(type(self.open(logger_class=name).logger), glogging.Logger)

    def test_a_class_of_the_file_is_the_one_the_file_has(self):
        side = self.open(self.evaluated(logger_class=Own), logger_class=self.name_of(Own))
        self.assertIs(type(side.logger), Own)
        self.assertIs(side.cfg.logger_class, Own)

    def test_a_function_of_the_file_returns_the_class(self):
        side = self.open(self.evaluated(logger_class=lambda: Own), logger_class=self.name_of(Own))
        self.assertIs(type(side.logger), Own)

    def test_another_source_than_the_file_wins(self):
        side = self.open(self.evaluated(logger_class=Own), logger_class="gunicorn.glogging.Logger")
        self.assertIs(type(side.logger), glogging.Logger)

    def test_names_are_imported_from_chdir_and_pythonpath(self):
        for folder, module in ((self.folder, "own_logger_a"), (os.path.join(self.folder, "lib"), "own_logger_b")):
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, module + ".py"), "w") as file:
                file.write("from gunicorn.glogging import Logger\nclass Mine(Logger):\n    pass\n")
            side = self.open(logger_class=module + ".Mine", pythonpath="lib" if folder != self.folder else None)
            self.assertEqual(side.problem, "")
            self.assertEqual(type(side.logger).__module__, module)

    def test_classes_that_cannot_be_used_are_named_with_the_reason(self):
        for name, reason in (
            ("nosuch.X", "No module named 'nosuch'"),
            ("X", "it names no module"),
            ("os.X", "there is no X in os"),
            ("os.name", "it is a str, not a class"),
        ):
            problem = self.open(logger_class=name).problem
            self.assertTrue(problem.startswith(f"logger_class = {name!r} cannot be used: {reason}"), problem)

    def test_install_of_the_class_is_called_first(self):
        class Installed(Own):
            done = []

            @classmethod
            def install(cls):
                cls.done.append("install")

            def __init__(self, cfg):
                self.done.append("made")
                super().__init__(cfg)

        self.open(self.evaluated(logger_class=Installed), logger_class=self.name_of(Installed))
        self.assertEqual(Installed.done, ["install", "made"])

    def test_an_exception_of_the_class_is_told_with_its_place(self):
        class Broken(Own):
            def setup(self, cfg):
                raise KeyError("no\nsuch")

        problem = self.open(self.evaluated(logger_class=Broken), logger_class=self.name_of(Broken)).problem
        self.assertRegex(problem, r"^the logger cannot be set up: KeyError: [^\n]* \(.*test_loggers\.py, line \d+\)$")


class SideTest(LoggersTestCase):
    def test_lines_have_the_time_at_which_they_were_written(self):
        side = self.open()
        self.assertEqual(side.write("warning", "early 100%", time.time() - 7200), "")
        side.logger.warning("now")
        early, now = (line[1:17] for line in self.lines())
        self.assertLess(early, now)
        self.assertTrue(self.lines()[0].endswith("[WARNING] early 100%"))

    def test_objects_of_the_dict_are_those_of_the_file(self):
        formatter = logging.Formatter("own %(message)s")
        dictionary = {
            "formatters": {"own": {"()": lambda: formatter}},
            "handlers": {"f": {"class": "logging.FileHandler", "filename": "mine.log", "formatter": "own"}},
            "loggers": {"gunicorn.error": {"handlers": ["f"], "level": "DEBUG", "propagate": False}},
            "root": {"handlers": []},
        }
        side = self.open(self.evaluated(logconfig_dict=dictionary))
        side.write("debug", "line", time.time())
        self.assertEqual(side.level(), "debug")
        mine = os.path.join(self.folder, "mine.log")
        with open(mine) as file:
            self.assertEqual(file.read(), "own line\n")
        self.assertIn(os.path.realpath(mine), [os.path.realpath(name) for name in side.files()])

    def test_levels_between_those_of_gunicorn_mean_the_next_one(self):
        side = self.open()
        for number, name in ((1, "debug"), (15, "info"), (30, "warning"), (50, "critical"), (60, "critical")):
            side.logger.error_log.setLevel(number)
            self.assertEqual(side.level(), name)

    def test_an_operator_changes_the_level(self):
        side = self.open()
        side.set_level("debug")
        side.write("debug", "seen", time.time())
        self.assertEqual((side.level(), side.logger.loglevel, len(self.lines())), ("debug", logging.DEBUG, 1))

    def test_other_settings_are_followed(self):
        side = self.open()
        other = os.path.join(self.folder, "other.log")
        self.assertEqual(side.set_up(self.settings(errorlog=other, loglevel="error"), None), "")
        side.write("error", "there", time.time())
        with open(other) as file:
            self.assertTrue(file.read().endswith("[ERROR] there\n"))
        self.assertEqual((side.level(), self.lines()), ("error", []))

    def test_settings_that_cannot_be_followed_change_nothing(self):
        side = self.open()
        bad = self.evaluated(logconfig_dict={"version": 9})
        self.assertEqual(side.set_up(self.settings(loglevel="error"), bad), "logconfig_dict: Unsupported version: 9")
        side.write("info", "as before", time.time())
        self.assertEqual(len(self.lines()), 1)

    def test_any_class_with_the_methods_will_do(self):
        side = self.open(self.evaluated(logger_class=Duck), logger_class=f"{__name__}.Duck")
        self.assertEqual(side.write("info", "quack", time.time()), "")
        self.assertEqual((side.logger.lines, side.level(), side.reopen()), (["quack"], "info", ""))
        side.logger.fail = True
        self.assertIn("OSError: full", side.write("info", "lost?", time.time()))
        self.assertIn("AttributeError", side.write("error", "no such method", time.time()))

    def test_raw_text_goes_where_the_error_log_goes(self):
        side = self.open()
        side.write_raw("as it is\nfor the file\n")
        self.assertEqual(self.lines(), ["as it is", "for the file"])
        stream = side.logger.error_log.handlers[0].stream
        side.logger.error_log.handlers[0].stream = None
        stream.close()
        side.write_raw("lost, not raised")


class HooksTest(LoggersTestCase):
    def test_hooks_log_with_the_logger_and_see_its_configuration(self):
        seen = []
        evaluated = config_file.Evaluated(
            {"on_exit": lambda server: seen.append((server.log, server.cfg.logconfig_dict)), "logconfig_dict": {}},
            {"on_exit"},
            ["on_exit"],
        )
        side = self.open(evaluated)
        settings = repr({**eval(self.settings()), "certfile": None, "keyfile": None, "raw_env": [], "user": 0, "group": 0})
        evaluated.attach(settings, None, None, side)
        facts = {"pid": 1, "master_name": "Master", "proc_name": "p", "num_workers": 1, "addresses": [], "descriptors": []}
        self.assertIsNone(evaluated.call("on_exit", repr([("server", facts, [])])))
        evaluated.set_log_level("debug")
        self.assertEqual(seen, [(side.logger, {})])
        self.assertIsInstance(side.cfg, hook_config.Config)


if __name__ == "__main__":
    unittest.main()
