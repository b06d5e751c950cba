"""What the Logger of a worker is told of requests."""

import logging
import os
import tempfile
import unittest

from jgunicorn import worker_hooks, worker_log, wsgi

SETTINGS = {
    "accesslog": None,
    "access_log_format": "%(m)s %(U)s %(s)s %(b)s %(D)s %({app.user}e)s",
    "check_config": False,
    "print_config": False,
    "errorlog": None,
    "logconfig": None,
    "logconfig_dict": {},
    "logconfig_json": None,
    "logger_class": "gunicorn.glogging.Logger",
    "loglevel": "info",
    "syslog": False,
    "timeout": 30,
    "max_requests": 0,
    "bind": [],
    "proc_name": None,
    "default_proc_name": "app",
    "workers": 1,
    "pidfile": None,
    "worker_class": "sync",
    "threads": 1,
}

CONFIG = """
from gunicorn.glogging import Logger

class Own(Logger):
    seen = []

    def access(self, resp, req, environ, request_time):
        self.seen.append((resp.status, resp.sent, req.method, req.headers, environ.get("app.user"), request_time.microseconds))
        super().access(resp, req, environ, request_time)

logger_class = Own

def post_request(worker, req, environ, resp):
    worker.log.info("post_request %s", resp.status)
"""


class Exchange:
    """Answers what a server would, and records what it is told."""

    facts = "1500 5 False"

    def __init__(self):
        self.calls = []

    def respond(self, status, flat, count, body):
        self.calls.append(("respond", status, body))

    def start(self, status, flat, count):
        self.calls.append(("start", status))

    def write(self, data):
        self.calls.append(("write", data))
        return True

    def finish(self):
        self.calls.append(("finish",))

    def abandon(self):
        self.calls.append(("abandon",))

    def accessFacts(self):
        return self.facts


def hello(environ, start_response):
    environ["app.user"] = "ann"
    start_response("200 OK", [])
    return [b"hello"]


class WorkerLogTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(self.forget)
        self.folder = folder.name

    def forget(self):
        for name in ("gunicorn.error", "gunicorn.access"):
            logger = logging.getLogger(name)
            for handler in list(logger.handlers):
                logger.removeHandler(handler)
                handler.close()
            logger.filters.clear()

    def open(self, **changes):
        source = os.path.join(self.folder, "conf.py")
        with open(source, "w") as file:
            file.write(CONFIG)
        logs = {name: os.path.join(self.folder, name) for name in ("errorlog", "accesslog")}
        settings = {**SETTINGS, **logs, "logger_class": "__config__.Own", **changes}
        return worker_log.open_in_worker("file:" + source, repr(settings), ["post_request"])

    def lines(self, name):
        with open(os.path.join(self.folder, name)) as file:
            return file.read().splitlines()

    def serve(self, app, log, exchange=None, hooks=None):
        exchange = exchange or Exchange()
        serve = wsgi.make_serve(app, {"wsgi.file_wrapper": wsgi.FileWrapper}, hooks, log)
        head = ("GET", "/a%20b?x=1", "/a b", "", "x=1", "HTTP/1.1", "http", "127.0.0.1", "5", "127.0.0.1", "80")
        serve(exchange, *head, None, None, "HTTP_X_A", "1")
        return exchange.calls

    def test_requests_are_logged_with_what_the_server_has_sent(self):
        log = self.open()
        self.serve(hello, log)
        self.assertEqual(self.lines("accesslog"), ["GET /a b 200 5 1500 ann"])
        self.assertEqual(log.logger.seen, [("200 OK", 5, "GET", [("X-A", "1")], "ann", 1500)])

    def test_the_line_precedes_close_and_the_hook(self):
        log = self.open()
        events = log.logger.error_log

        class Body(list):
            def close(self):
                events.info("close")

        log.logger.access_log.addHandler(log.logger.error_log.handlers[0])
        hooks = worker_hooks.make("", (), "", repr({"age": 1, "pid": 2, "ppid": 3, "listeners": []}), None, log)
        self.serve(lambda environ, start: (start("200 OK", []), Body([b"hello"]))[1], log, hooks=hooks)
        self.assertEqual(
            [line.rpartition("] ")[2] for line in self.lines("errorlog")],
            ["GET /a b 200 5 1500 -", "close", "post_request 200 OK"],
        )

    def test_an_application_that_raises_is_told_with_its_traceback_and_as_500(self):
        log = self.open()

        def app(environ, start_response):
            start_response("200 OK", [])
            raise KeyError("gone")

        records = []
        log.logger.error_log.addFilter(lambda record: records.append(record) or True)
        self.assertEqual(self.serve(app, log), [("abandon",)])
        self.assertEqual(self.lines("accesslog"), ["GET /a b 500 5 1500 -"])
        lines = self.lines("errorlog")
        self.assertTrue(lines[0].endswith("[ERROR] Error handling request GET /a%20b?x=1"), lines)
        self.assertEqual((lines[1], lines[-1]), ("Traceback (most recent call last):", "KeyError: 'gone'"))
        self.assertEqual(len([line for line in lines if line.startswith("  File")]), 1, lines)
        self.assertIs(records[0].exc_info[0], KeyError)

    def test_an_application_that_raises_later_keeps_its_status(self):
        log = self.open()

        def app(environ, start_response):
            start_response("201 Created", [])
            yield b"begun"
            raise ValueError

        self.serve(app, log)
        self.assertEqual(self.lines("accesslog"), ["GET /a b 201 5 1500 -"])
        self.assertTrue(self.lines("errorlog")[0].endswith("[ERROR] Error handling request GET /a%20b?x=1"))

    def test_a_client_that_left_is_499(self):
        log = self.open()
        exchange = Exchange()
        exchange.facts = "1500 0 True"
        self.serve(hello, log, exchange)
        self.assertEqual(self.lines("accesslog"), ["GET /a b 499 0 1500 ann"])

    def test_a_request_that_missed_its_deadline_is_not_logged_here(self):
        log = self.open()
        exchange = Exchange()
        exchange.facts = None
        self.serve(hello, log, exchange)
        self.assertEqual(self.lines("accesslog"), [])

    def test_a_logger_that_raises_harms_no_request(self):
        log = self.open()
        log.logger.access = None
        self.assertEqual(self.serve(hello, log), [("respond", "200 OK", b"hello")])
        self.assertTrue(self.lines("errorlog")[0].endswith("[ERROR] Exception in the access log"))

    def test_requests_the_application_has_not_seen_have_what_is_known(self):
        log = self.open()
        known = ("GET", "/x?a", "/x", "a", "HTTP/1.0", "http", "127.0.0.1", "5", "host", "80")
        log.unseen("400", 0, 7, *known, "HTTP_A", "1", "HTTP_A", "2", "CONTENT_TYPE", "x")
        self.assertEqual(self.lines("accesslog"), ["GET /x 400 0 7 -"])
        self.assertEqual(log.logger.seen, [("400", 0, "GET", [("A", "1,2"), ("CONTENT-TYPE", "x")], None, 7)])

    def test_problems_are_told(self):
        self.assertRegex(self.open(logger_class="nosuch.X").problem, "No module named 'nosuch'")

    def test_nothing_but_the_worst_is_logged_while_checking(self):
        log = self.open(check_config=True)
        log.logger.error("quiet")
        self.assertEqual(self.lines("errorlog"), [])


if __name__ == "__main__":
    unittest.main()
