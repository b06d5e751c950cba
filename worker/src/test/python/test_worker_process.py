"""What the worker does to the interpreter before the application is loaded."""

import importlib
import importlib.util
import os
import signal
import sys
import tempfile
import types
import unittest

from jgunicorn import worker_process


class Host:
    def __init__(self):
        self.lines = []

    def log(self, level, text):
        self.lines.append((level, text))


class PathsTest(unittest.TestCase):
    def setUp(self):
        before = sys.path[:]
        self.addCleanup(lambda: sys.path.__setitem__(slice(None), before))

    def test_pythonpath_then_chdir_come_first_and_only_once(self):
        sys.path[:] = ["/lib", "/app"]
        worker_process.set_up_paths({"pythonpath": ["/one", "/two"], "chdir": "/app"})
        self.assertEqual(sys.path, ["/one", "/two", "/app", "/lib"])


class SignalsTest(unittest.TestCase):
    def setUp(self):
        install, get = signal.signal, signal.getsignal

        def restore():
            signal.signal, signal.getsignal = install, get

        self.addCleanup(restore)

    def test_the_workers_signals_are_remembered_but_not_installed(self):
        host = Host()
        before = signal.getsignal(signal.SIGTERM)
        install = signal.signal
        worker_process.guard_signals(host)
        handler = lambda *_: None  # noqa: E731
        self.assertEqual(signal.signal(signal.SIGTERM, handler), signal.SIG_DFL)
        self.assertIs(signal.getsignal(signal.SIGTERM), handler)
        signal.signal = install
        self.assertEqual(len(host.lines), 1)
        self.assertIn("SIGTERM", host.lines[0][1])
        self.assertIsNotNone(before)


class GreenletsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        before = sys.path[:], sys.meta_path[:]

        def restore():
            sys.path[:], sys.meta_path[:] = before
            importlib.invalidate_caches()

        self.addCleanup(restore)
        sys.path.insert(0, self.folder.name)
        worker_process.explain_greenlets()

    def test_an_installed_gevent_says_why_it_cannot_run(self):
        with open(os.path.join(self.folder.name, "gevent.py"), "w") as file:
            file.write("raise SystemError('C code')")
        importlib.invalidate_caches()
        with self.assertRaisesRegex(ImportError, "gevent cannot run under jgunicorn"):
            importlib.import_module("gevent")

    def test_one_that_is_not_installed_is_missing_as_ever(self):
        if importlib.machinery.PathFinder.find_spec("eventlet") is None:
            self.assertIsNone(importlib.util.find_spec("eventlet"))

    def test_other_modules_are_left_alone(self):
        self.assertIsNotNone(importlib.util.find_spec("json"))


class BootTest(unittest.TestCase):
    SETTINGS = {
        "multithread": False,
        "multiprocess": False,
        "server_software": "x",
        "log_environ": [],
        "paste_variables": None,
    }

    def setUp(self):
        def app(environ, start_response):
            start_response("200 OK", [])
            return [repr(environ.get("jgunicorn.warmup")).encode()]

        module = types.ModuleType("booted_app")
        module.app = app
        sys.modules["booted_app"] = module
        self.addCleanup(sys.modules.pop, "booted_app")

    def boot(self, hooks):
        host = Host()
        host.errors = lambda text: None
        return worker_process.boot(host, "booted_app:app", self.SETTINGS, hooks)

    def respond(self, serve, *extra):
        exchange = Exchange()
        serve(exchange, "GET", "/", "/", "", "", "HTTP/1.1", "http", "", "", "", "", None, None, *extra)
        return exchange.body

    def test_without_hooks_clients_and_warm_up_share_one_function(self):
        serve, silent = self.boot(None)
        self.assertIs(serve, silent)
        self.assertEqual(self.respond(serve, "jgunicorn.warmup", True), b"True")
        self.assertEqual(self.respond(serve), b"None")

    def test_warm_up_runs_no_request_hooks(self):
        hooks = Hooks()
        serve, silent = self.boot(hooks)
        self.assertEqual(self.respond(silent), b"None")
        self.assertEqual(hooks.requests, [])
        self.respond(serve)
        self.assertEqual(hooks.requests, ["before", "after"])


class Exchange:
    def respond(self, status, flat, count, body):
        self.body = body


class Hooks:
    def __init__(self):
        self.requests = []

    def run(self, name):
        pass

    def loaded(self, app):
        pass

    def booted(self):
        pass

    def counting(self, exchange):
        return exchange

    def pre_request(self, environ):
        self.requests.append("before")
        return self

    def post_request(self, request, environ, response):
        self.requests.append("after")


if __name__ == "__main__":
    unittest.main()
