import importlib
import os
import sys
import tempfile
import unittest

MAIN = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))
sys.path.insert(0, MAIN)

from jgunicorn import own_gunicorn

own_gunicorn.install()

MODULES = [
    "gunicorn.app.base",
    "gunicorn.app.wsgiapp",
    "gunicorn.arbiter",
    "gunicorn.config",
    "gunicorn.errors",
    "gunicorn.http.errors",
    "gunicorn.http.message",
    "gunicorn.http.wsgi",
    "gunicorn.sock",
    "gunicorn.util",
    "gunicorn.workers.base",
    "gunicorn.workers.base_async",
    "gunicorn.workers.geventlet",
    "gunicorn.workers.ggevent",
    "gunicorn.workers.gthread",
    "gunicorn.workers.gtornado",
    "gunicorn.workers.sync",
]


class FindingTest(unittest.TestCase):
    def test_ours_is_found_before_any_other(self):
        kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "gunicorn"}
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "gunicorn.py"), "w") as file:
                file.write("raise AssertionError('not this one')")
            sys.path.insert(0, folder)
            try:
                for name in kept:
                    del sys.modules[name]
                module = importlib.import_module("gunicorn")
            finally:
                sys.path.remove(folder)
                for name in [name for name in sys.modules if name.partition(".")[0] == "gunicorn"]:
                    del sys.modules[name]
                sys.modules.update(kept)
        self.assertEqual(os.path.dirname(os.path.dirname(module.__file__)), MAIN)

    def test_installed_once(self):
        before = list(sys.meta_path)
        own_gunicorn.install()
        self.assertEqual(sys.meta_path, before)

    def test_version_is_a_26(self):
        import gunicorn

        self.assertEqual(gunicorn.version_info[0], 26)
        self.assertEqual(gunicorn.SERVER_SOFTWARE, "gunicorn/" + gunicorn.__version__)

    def test_every_module_can_be_imported(self):
        for name in MODULES:
            importlib.import_module(name)

    def test_missing_module_is_named_with_advice(self):
        with self.assertRaisesRegex(ImportError, r"^gunicorn\.dirty is not there: .*task queue"):
            import gunicorn.dirty
        with self.assertRaisesRegex(ImportError, r"^gunicorn\.dirty is not there: "):
            from gunicorn import dirty
        with self.assertRaisesRegex(ImportError, r"^gunicorn\.workers\.gasgi is not there: .*only WSGI"):
            from gunicorn.workers.gasgi import ASGIWorker
        with self.assertRaisesRegex(ImportError, r"^gunicorn\.six is not there: .*docs/differences\.md"):
            import gunicorn.six

    def test_missing_name_in_a_module_is_named_with_advice(self):
        import gunicorn.util

        with self.assertRaisesRegex(AttributeError, r"^gunicorn\.util\.daemonize is not there: "):
            gunicorn.util.daemonize
        with self.assertRaisesRegex(ImportError, r"^gunicorn\.util\.daemonize is not there: "):
            from gunicorn.util import daemonize
        self.assertFalse(hasattr(gunicorn.util, "daemonize"))


class WorkerClassTest(unittest.TestCase):
    def test_classes_have_the_names_by_which_the_server_knows_them(self):
        from gunicorn.util import load_class
        from gunicorn.workers import SUPPORTED_WORKERS

        for name, path in SUPPORTED_WORKERS.items():
            found = load_class(name)
            self.assertEqual(f"{found.__module__}.{found.__qualname__}", path)
            self.assertIs(load_class(path), found)
            self.assertIs(load_class("egg:gunicorn#" + name), found)
            self.assertIs(load_class(found), found)

    def test_unknown_class_is_told(self):
        from gunicorn.util import load_class

        with self.assertRaisesRegex(RuntimeError, "class uri 'nosuch.Worker' invalid or not found"):
            load_class("nosuch.Worker")


class UtilTest(unittest.TestCase):
    def test_addresses(self):
        from gunicorn.util import parse_address

        self.assertEqual(parse_address("127.0.0.1:80"), ("127.0.0.1", 80))
        self.assertEqual(parse_address("tcp://Example.org"), ("example.org", 8000))
        self.assertEqual(parse_address("[::1]:90"), ("::1", 90))
        self.assertEqual(parse_address("[::1]"), ("::1", 8000))
        self.assertEqual(parse_address(":90"), ("0.0.0.0", 90))
        self.assertEqual(parse_address("unix:/run/x"), "/run/x")
        self.assertEqual(parse_address("unix:///run/x"), "/run/x")
        self.assertEqual(parse_address("fd://3"), 3)
        with self.assertRaisesRegex(RuntimeError, "'http' is not a valid port number"):
            parse_address("localhost:http")

    def test_text(self):
        from gunicorn import util

        self.assertEqual(util.http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT")
        self.assertEqual(util.to_bytestring("ä"), "ä".encode())
        self.assertEqual(util.bytes_to_str(b"\xe4"), "ä")
        self.assertEqual(util.unquote_to_wsgi_str("/%C3%A4"), "/\xc3\xa4")
        self.assertEqual(util.split_request_uri("//a/b?c").path, "//a/b")
        self.assertTrue(util.is_hoppish("Connection "))
        self.assertTrue(util.is_ipv6("::1"))
        self.assertFalse(util.is_ipv6("127.0.0.1"))

    def test_fail_app(self):
        from gunicorn.util import make_fail_app

        said = []
        body = make_fail_app("broken")({}, lambda status, headers: said.append((status, dict(headers))))
        self.assertEqual(body, [b"broken"])
        self.assertEqual(said[0][0], "500 Internal Server Error")
        self.assertEqual(said[0][1]["Content-Length"], "6")


class HttpErrorsTest(unittest.TestCase):
    def test_errors_tell_what_was_wrong(self):
        from gunicorn.http import errors

        error = errors.InvalidHeader("X Y")
        self.assertIsInstance(error, errors.ParseException)
        self.assertEqual((error.hdr, str(error), error.code), ("X Y", "Invalid HTTP Header: 'X Y'", 400))
        self.assertEqual(str(errors.InvalidSchemeHeaders()), "Contradictory scheme headers")
        self.assertEqual(errors.LimitRequestHeaders("too many").code, 431)
        self.assertEqual(str(errors.NoMoreData(b"a")), "No more data after: b'a'")


if __name__ == "__main__":
    unittest.main()
