import io
import json
import logging
import logging.handlers
import os
import sys
import tempfile
import types
import unittest
from datetime import timedelta

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))

from gunicorn import glogging
from jgunicorn import strftime

strftime.install()

ENVIRON = {
    "REMOTE_ADDR": "127.0.0.1",
    "REQUEST_METHOD": "GET",
    "RAW_URI": "/a%20b?x=1",
    "PATH_INFO": "/a b",
    "QUERY_STRING": "x=1",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "HTTP_AUTHORIZATION": "Basic dXNlcjpwdw==",
    "HTTP_USER_AGENT": 'a "quoted" agent',
    "App.Key": "set",
}


def cfg(**changes):
    values = dict(
        loglevel="info",
        errorlog=None,
        accesslog=None,
        syslog=False,
        disable_redirect_access_to_syslog=False,
        logconfig=None,
        logconfig_dict={},
        logconfig_json=None,
        access_log_format='%(h)s %(u)s "%(r)s" %(s)s %(b)s "%(a)s" %({X-Sent}i)s %({x-out}o)s %({APP.KEY}e)s %(L)s %(nope)s',
        proc_name=None,
        default_proc_name="app:app",
        syslog_prefix=None,
        syslog_facility="user",
        syslog_addr="udp://127.0.0.1:514",
    )
    values.update(changes)
    return types.SimpleNamespace(**values)


def response(**changes):
    return types.SimpleNamespace(**{"status": "200 OK", "sent": 12, "headers": [("X-Out", "o")], **changes})


class LoggingTestCase(unittest.TestCase):
    """Leaves no handler behind, and looks at files only in a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(self.forget)
        self.folder = folder.name

    def forget(self):
        for name in ("", "gunicorn.error", "gunicorn.access", "gunicorn.test.other"):
            logger = logging.getLogger(name)
            for handler in list(logger.handlers):
                logger.removeHandler(handler)
                if isinstance(handler, logging.FileHandler):
                    handler.close()
            logger.setLevel(logging.NOTSET if name else logging.WARNING)
            logger.propagate = True

    def path(self, name):
        return os.path.join(self.folder, name)

    def lines(self, name):
        with open(self.path(name)) as file:
            return file.read().splitlines()

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)


class LoggerTest(LoggingTestCase):
    def test_error_log_has_the_format_of_gunicorn(self):
        log = glogging.Logger(cfg(errorlog=self.path("error.log"), loglevel="warning"))
        log.info("not seen")
        log.warning("100%% of %s", "it")
        log.log("error", "by name")
        lines = self.lines("error.log")
        self.assertRegex(lines[0], r"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] \[%d\] \[WARNING\] 100%% of it$" % os.getpid())
        self.assertRegex(lines[1], r"\[ERROR\] by name$")
        self.assertEqual(len(lines), 2)

    def test_exceptions_are_logged_with_their_traceback(self):
        log = glogging.Logger(cfg(errorlog=self.path("error.log")))
        try:
            raise KeyError("gone")
        except KeyError:
            log.exception("Failed %s", "here")
        lines = self.lines("error.log")
        self.assertTrue(lines[0].endswith("[ERROR] Failed here"))
        self.assertEqual((lines[1], lines[-1]), ("Traceback (most recent call last):", "KeyError: 'gone'"))

    def test_access_lines_show_atoms(self):
        log = glogging.Logger(cfg(accesslog=self.path("access.log")))
        request = types.SimpleNamespace(headers=[("X-SENT", "yes")])
        log.access(response(), request, ENVIRON, timedelta(seconds=61, microseconds=42))
        self.assertEqual(
            self.lines("access.log"),
            [r'127.0.0.1 user "GET /a%20b?x=1 HTTP/1.1" 200 12 "a \"quoted\" agent" yes o set 61.000042 -'],
        )

    def test_times_in_seconds_milliseconds_and_microseconds(self):
        atoms = glogging.Logger(cfg()).atoms(response(sent=None), {}, ENVIRON, timedelta(seconds=2, microseconds=3999))
        self.assertEqual([atoms[name] for name in "TMDLbB"], [2, 2003, 2003999, "2.003999", "-", None])
        self.assertRegex(atoms["t"], r"^\[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]$")

    def test_nothing_is_logged_of_requests_without_a_place_for_it(self):
        class Counting(glogging.Logger):
            def atoms(self, *arguments):
                raise AssertionError("not to be called")

        Counting(cfg()).access(response(), {}, ENVIRON, timedelta())

    def test_subclasses_change_formats_requests_and_atoms(self):
        class Own(glogging.Logger):
            error_fmt = "%(levelname)s %(message)s"

            def access(self, resp, req, environ, request_time):
                if environ["PATH_INFO"] != "/health":
                    super().access(resp, req, environ, request_time)

            def atoms(self, resp, req, environ, request_time):
                return {**super().atoms(resp, req, environ, request_time), "h": "hidden"}

        log = Own(cfg(errorlog=self.path("error.log"), accesslog=self.path("access.log"), access_log_format="%(h)s %(U)s"))
        log.info("own")
        log.access(response(), {}, {**ENVIRON, "PATH_INFO": "/health"}, timedelta())
        log.access(response(), {}, ENVIRON, timedelta())
        self.assertEqual(self.lines("error.log"), ["INFO own"])
        self.assertEqual(self.lines("access.log"), ["hidden /a b"])

    def test_setting_up_again_replaces_own_handlers_and_keeps_others(self):
        log = glogging.Logger(cfg(errorlog=self.path("one.log")))
        other = logging.NullHandler()
        log.error_log.addHandler(other)
        log.setup(cfg(errorlog=self.path("two.log"), loglevel="debug"))
        log.debug("seen")
        self.assertEqual(len(log.error_log.handlers), 2)
        self.assertIn(other, log.error_log.handlers)
        self.assertEqual((self.lines("one.log"), len(self.lines("two.log"))), ([], 1))

    def test_a_file_that_cannot_be_written_is_named(self):
        with self.assertRaisesRegex(RuntimeError, r"^Error: '/no/such.log' isn't writable \[FileNotFoundError"):
            glogging.Logger(cfg(errorlog="/no/such.log"))

    def test_syslog_lines_carry_the_name_of_the_server(self):
        log = glogging.Logger(cfg(syslog=True, syslog_facility="local3"))
        handlers = log.error_log.handlers + log.access_log.handlers
        self.addCleanup(lambda: [handler.close() for handler in handlers])
        self.assertEqual([handler.facility for handler in handlers], [19, 19])
        record = logging.LogRecord("gunicorn.error", logging.INFO, "", 0, "text", (), None)
        formatted = [handler.format(record) for handler in handlers]
        pid = os.getpid()
        self.assertEqual(formatted, ["gunicorn.app.app.error: [%d] text" % pid, "gunicorn.app.app.access: [%d] text" % pid])
        with self.assertRaisesRegex(RuntimeError, "unknown facility name"):
            glogging.Logger(cfg(syslog=True, syslog_facility="nope"))

    def test_syslog_addresses(self):
        import socket

        parse = glogging.parse_syslog_address
        self.assertEqual(parse("udp://Host:99"), (socket.SOCK_DGRAM, ("host", 99)))
        self.assertEqual(parse("tcp://[::1]:99"), (socket.SOCK_STREAM, ("::1", 99)))
        self.assertEqual(parse("tcp://[::1]"), (socket.SOCK_STREAM, ("::1", 514)))
        self.assertEqual(parse("udp://"), (socket.SOCK_DGRAM, ("localhost", 514)))
        self.assertEqual(parse("unix:///dev/log"), (None, "/dev/log"))
        self.assertEqual(parse("unix:///dev/log#dgram"), (socket.SOCK_DGRAM, "/dev/log"))
        for bad in ("/dev/log", "http://x", "udp://x:y"):
            with self.assertRaises(RuntimeError):
                parse(bad)

    def test_atoms_that_are_missing_are_dashes(self):
        atoms = glogging.SafeAtoms({"a": 'say "x"', "{x}i": 1})
        self.assertEqual([atoms["a"], atoms["{X}i"], atoms["b"], atoms["{y}i"]], [r"say \"x\"", 1, "-", "-"])


class ConfigurationsTest(LoggingTestCase):
    """logconfig_dict before logconfig_json before logconfig, the first two over defaults."""

    def streams(self):
        return {name: logging.getLogger(name).handlers for name in ("", "gunicorn.error", "gunicorn.access")}

    def file_handler(self, name):
        return {"class": "logging.FileHandler", "filename": self.path(name)}

    def test_defaults_log_everything_twice(self):
        log = glogging.Logger(cfg(errorlog="-", logconfig_dict={"version": 1}))
        found = self.streams()
        self.assertEqual([h.stream for h in found["gunicorn.error"]], [sys.stderr])
        self.assertEqual([h.stream for h in found[""] + found["gunicorn.access"]], [sys.stdout, sys.stdout])
        self.assertTrue(log.error_log.propagate and log.access_log.propagate)

    def test_whole_sections_are_replaced(self):
        glogging.Logger(cfg(errorlog="-", logconfig_dict={"loggers": {}}))
        found = self.streams()
        self.assertEqual(([h.stream for h in found["gunicorn.error"]], found["gunicorn.access"]), ([sys.stderr], []))
        self.assertFalse(logging.getLogger("gunicorn.error").propagate)

    def test_named_loggers_lose_their_files_and_others_keep_them(self):
        glogging.Logger(
            cfg(
                errorlog=self.path("error.log"),
                accesslog=self.path("access.log"),
                logconfig_dict={
                    "root": {"handlers": []},
                    "handlers": {"f": self.file_handler("mine.log")},
                    "loggers": {"gunicorn.access": {"handlers": ["f"], "propagate": False}},
                },
            )
        )
        logging.getLogger("gunicorn.error").error("to the error log")
        logging.getLogger("gunicorn.access").info("to mine")
        self.assertEqual(len(self.lines("error.log")), 1)
        self.assertEqual((self.lines("access.log"), self.lines("mine.log")), ([], ["to mine"]))

    def test_the_dict_wins_then_json_then_ini(self):
        dictionary = {"root": {"handlers": ["f"]}, "loggers": {}, "handlers": {"f": self.file_handler("dict.log")}}
        as_json = self.write("log.json", json.dumps({**dictionary, "handlers": {"f": self.file_handler("json.log")}}))
        ini = self.write(
            "log.ini",
            "[loggers]\nkeys=root\n[handlers]\nkeys=f\n[formatters]\nkeys=\n[logger_root]\nlevel=INFO\nhandlers=f\n"
            "[handler_f]\nclass=FileHandler\nargs=('%(here)s/ini.log',)\n",
        )
        for changes, name in (({"logconfig_dict": dictionary}, "dict.log"), ({"logconfig_json": as_json}, "json.log"), ({}, "ini.log")):
            all_three = {"logconfig_dict": dictionary, "logconfig_json": as_json, "logconfig": ini}
            order = list(all_three)
            chosen = dict(list(all_three.items())[order.index(next(iter(changes), "logconfig")) :])
            glogging.Logger(cfg(**chosen))
            logging.getLogger("gunicorn.test.other").error("here")
            self.assertEqual(self.lines(name), ["here"])

    def test_a_json_file_that_is_missing_changes_nothing_but_says_so(self):
        glogging.Logger(cfg(errorlog=self.path("error.log"), logconfig_json="no.json"))
        self.assertRegex(self.lines("error.log")[0], r"\[WARNING\] logconfig_json: there is no 'no.json'")

    def test_what_is_wrong_is_told_in_one_line(self):
        for changes, text in (
            ({"logconfig": "nofile.ini"}, "^Error: log config 'nofile.ini' not found$"),
            ({"logconfig": self.write("bad.ini", "[nothing]\n")}, r"^logconfig: .*bad\.ini: [^\n]*(formatters|loggers)[^\n]*$"),
            ({"logconfig_json": self.write("bad.json", "{")}, r"^logconfig_json: Expecting property name[^\n]*$"),
            ({"logconfig_json": self.write("list.json", "[]")}, r"^logconfig_json: .*list.json holds no object$"),
            ({"logconfig_dict": {"version": 3}}, "^logconfig_dict: Unsupported version: 3$"),
            (
                {"logconfig_dict": {"handlers": {"f": {"class": "logging.FileHandler", "filename": "/no/x.log"}}}},
                r"^logconfig_dict: Unable to configure handler 'f': \[Errno 2\] No such file or directory: '/no/x.log'$",
            ),
            ({"logconfig_dict": {"handlers": {"f": {"class": "no.Handler"}}}}, "^logconfig_dict: Unable .* 'f': .*No module named 'no'$"),
        ):
            with self.subTest(changes), self.assertRaisesRegex(RuntimeError, text):
                glogging.Logger(cfg(**changes))


class ReopeningTest(LoggingTestCase):
    def rotate(self, name):
        os.rename(self.path(name), self.path(name + ".1"))

    def test_files_of_every_handler_are_opened_anew(self):
        log = glogging.Logger(cfg(errorlog=self.path("error.log")))
        kinds = {
            "rotating": logging.handlers.RotatingFileHandler(self.path("rotating"), maxBytes=1000000, backupCount=2),
            "watched": logging.handlers.WatchedFileHandler(self.path("watched")),
            "behind": logging.FileHandler(self.path("behind")),
        }
        logging.getLogger().addHandler(kinds["rotating"])
        logging.getLogger("gunicorn.test.other").addHandler(kinds["watched"])
        memory = logging.handlers.MemoryHandler(1, target=kinds["behind"])
        logging.getLogger("gunicorn.test.other").addHandler(memory)
        log.info("one")
        logging.getLogger("gunicorn.test.other").error("one")
        names = ["error.log", *kinds]
        for name in names:
            self.rotate(name)
        log.reopen_files()
        log.info("two")
        logging.getLogger("gunicorn.test.other").error("two")
        for name in names:
            self.assertEqual((len(self.lines(name)), len(self.lines(name + ".1"))), (1, 1), name)

    def test_a_file_that_cannot_be_opened_stays_in_use(self):
        log = glogging.Logger(cfg(errorlog=self.path("error.log"), accesslog=self.path("access.log")))
        for name in ("error.log", "access.log"):
            self.rotate(name)
        os.mkdir(self.path("error.log"))
        with self.assertRaises(IsADirectoryError):
            log.reopen_files()
        log.info("kept")
        log.access_log.info("anew")
        self.assertEqual((len(self.lines("error.log.1")), self.lines("access.log")), (1, ["anew"]))


if __name__ == "__main__":
    unittest.main()
