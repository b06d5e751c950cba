"""The hooks that run in a worker, and what they get to see."""

import os
import sys
import tempfile
import unittest

from jgunicorn import app_error, own_gunicorn, script, worker_hooks, worker_process, wsgi

own_gunicorn.install()

SETTINGS = {
    "bind": ["127.0.0.1:0"],
    "default_proc_name": "app",
    "loglevel": "info",
    "max_requests": 7,
    "pidfile": None,
    "proc_name": None,
    "threads": 1,
    "timeout": 30,
    "worker_class": "sync",
    "workers": 1,
    "wsgi_app": "app:app",
}
IDENTITY = {"age": 3, "pid": 41, "ppid": 40, "listeners": [["http://127.0.0.1:9", 12]]}


class Host:
    def __init__(self):
        self.lines = []
        self.asked = []

    def log(self, level, text):
        self.lines.append((level, text))

    def retire(self):
        self.asked.append("retire")

    def connections(self):
        return 4

    def waiting(self):
        return 5

    def restartDeadlines(self):
        self.asked.append("restart")


class Exchange:
    def __init__(self):
        self.body = b""
        self.failure = None

    def respond(self, status, flat, count, body):
        self.body += body

    def start(self, status, flat, count):
        pass

    def write(self, data):
        self.body += data
        return True

    def finish(self):
        pass

    def failed(self, text):
        self.failure = text


class WorkerHooksTest(unittest.TestCase):
    def make(self, text, **settings):
        self.host = Host()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "gunicorn.conf.py")
        with open(path, "w") as file:
            file.write(text)
        names = ["post_fork", "post_worker_init", "pre_request", "post_request", "worker_exit", "worker_abort"]
        return worker_hooks.make("file:" + path, names, repr({**SETTINGS, **settings}), repr(IDENTITY), self.host)

    def respond(self, hooks, app, method="GET", protocol="HTTP/1.1", header=()):
        exchange = Exchange()
        base = wsgi.base_environ(
            {"multithread": False, "multiprocess": False, "server_software": "x"}, wsgi.Errors(self.host.log)
        )
        target = ("/a%20b?c=d", "/a b", "", "c=d")
        wsgi.make_serve(app, base, hooks)(
            exchange, method, *target, protocol, "https", "10.0.0.1", "99", "host", "80", None, None, *header
        )
        return exchange

    def test_worker_and_server_know_who_they_are(self):
        hooks = self.make("def post_fork(server, worker): worker.seen = server\n", threads=4)
        hooks.run("post_fork")
        worker, server = hooks.worker, hooks.server
        self.assertIs(worker.seen, server)
        self.assertEqual(type(worker).__name__, "ThreadWorker")
        self.assertEqual((worker.age, worker.pid, worker.ppid, server.pid), (3, 41, 40, 40))
        self.assertEqual((worker.max_requests, worker.nr_conns, worker.tpool._work_queue.qsize()), (7, 4, 5))
        self.assertEqual([(str(one), one.fileno()) for one in worker.sockets], [("http://127.0.0.1:9", 12)])
        worker.notify()
        self.assertEqual(self.host.asked, ["restart"])
        with self.assertRaisesRegex(RuntimeError, "hooks of the master only"):
            server.num_workers = 3

    def test_application_and_boot_are_known_when_they_are_there(self):
        hooks = self.make("def post_worker_init(worker): worker.seen = (worker.wsgi, worker.booted)\n")
        hooks.loaded(len)
        hooks.run("post_worker_init")
        hooks.booted()
        self.assertEqual(hooks.worker.seen, (len, False))
        self.assertIs(hooks.worker.app.wsgi(), len)
        self.assertIs(hooks.server.app.callable, len)
        self.assertTrue(hooks.worker.booted)

    def test_failing_last_hook_is_a_warning(self):
        hooks = self.make("def worker_exit(server, worker): raise ValueError('at the end')\n")
        hooks.run_safely("worker_exit")
        level, text = self.host.lines[0]
        self.assertEqual(level, "warning")
        self.assertTrue(text.startswith("Exception during worker_exit hook\nTraceback"), text)

    def test_worker_given_up_is_aborted(self):
        hooks = self.make("def worker_abort(worker): worker.seen = worker.aborted\n")
        hooks.run_safely("worker_abort")
        self.assertTrue(hooks.worker.seen)

    REQUESTS = """
def pre_request(worker, req):
    worker.seen = [
        req.method, req.uri, req.path, req.query, req.fragment, req.version, req.scheme, req.remote_addr, req.peer_addr,
        req.req_number, req.proxy_protocol_info, req.trailers, req.headers[:], req.should_close(), worker.nr,
    ]
    req.headers.append(("X-ADDED", "yes"))

def post_request(worker, req, environ, resp):
    worker.answer = [
        environ["HTTP_X_ADDED"], resp.status, resp.status_code, resp.headers, resp.headers_sent, resp.response_length,
        resp.sent, resp.chunked, resp.must_close, resp.upgrade, resp.req is req, resp.cfg is worker.cfg,
    ]
"""

    def test_request_and_response_have_gunicorns_attributes(self):
        def app(environ, start_response):
            start_response("201 Created", [("X-A", "b")])
            return iter([b"12", b"345"])

        hooks = self.make(self.REQUESTS)
        exchange = self.respond(hooks, app, header=("HTTP_X_H", "v"))
        self.assertIsNone(exchange.failure)
        self.assertEqual(
            hooks.worker.seen,
            ["GET", "/a%20b?c=d", "/a%20b", "c=d", "", (1, 1), "https", ("10.0.0.1", "99"), ("10.0.0.1", "99")]
            + [1, None, [], [("X-H", "v")], False, 1],
        )
        self.assertEqual(
            hooks.worker.answer,
            ["yes", "201 Created", 201, [("X-A", "b")], True, None, 5, True, False, False, True, True],
        )

    def test_proxy_header_is_told(self):
        header = ("PROXY_PROTOCOL", "TCP4", "PROXY_ADDR", "10.0.0.9", "PROXY_PORT", "81")
        hooks = self.make("def pre_request(worker, req): worker.seen = req.proxy_protocol_info\n")
        self.respond(hooks, lambda environ, start_response: [], header=header)
        self.assertEqual(
            hooks.worker.seen,
            {
                "proxy_protocol": "TCP4",
                "client_addr": "10.0.0.1",
                "client_port": 99,
                "proxy_addr": "10.0.0.9",
                "proxy_port": 81,
            },
        )

    def test_bytes_that_were_sent_are_counted_whole_or_in_pieces(self):
        text = "def post_request(worker, req, environ, resp): worker.seen = (resp.sent, resp.response_length)\n"

        def whole(environ, start_response):
            start_response("200 OK", [("Content-Length", "3")])
            return [b"abc"]

        def written(environ, start_response):
            write = start_response("200 OK", [])
            write(b"ab")
            return [b"c", b"d"]

        hooks = self.make(text)
        for app, method, seen in (whole, "GET", (3, 3)), (written, "GET", (4, None)), (whole, "HEAD", (0, 3)):
            self.respond(hooks, app, method)
            self.assertEqual(hooks.worker.seen, seen)

    def test_files_that_were_sent_are_counted(self):
        hooks = self.make("def post_request(worker, req, environ, resp): worker.seen = resp.sent\n")
        exchange = Exchange()
        exchange.canSendFile = lambda fd: True
        exchange.sendFile = lambda fd, offset, length: True
        counting = hooks.counting(exchange)
        with tempfile.TemporaryFile() as file:
            file.write(b"0123456789")
            file.flush()
            self.assertTrue(counting.canSendFile(file.fileno()))
            counting.sendFile(file.fileno(), 4, -1)
            counting.sendFile(file.fileno(), 0, 2)
        self.assertEqual(counting.sent, 8)

    def test_nobody_counts_without_the_hook_that_is_told(self):
        exchange = Exchange()
        self.assertIs(self.make("def pre_request(worker, req): pass\n").counting(exchange), exchange)

    def test_an_application_that_raises_first_of_all_is_told_without_status(self):
        hooks = self.make("def post_request(worker, req, environ, resp): worker.seen = (req.path, resp.status, resp.headers)\n")

        def app(environ, start_response):
            raise ValueError("boom")

        self.respond(hooks, app)
        self.assertEqual(hooks.worker.seen, ("/a%20b", None, []))

    def test_failing_post_request_is_logged_and_a_dead_worker_retires(self):
        hooks = self.make(
            "def post_request(worker, req, environ, resp):\n    worker.alive = False\n    raise KeyError('gone')\n"
        )
        exchange = self.respond(hooks, lambda environ, start_response: start_response("200 OK", []) and [b"x"])
        self.assertEqual(exchange.body, b"x")
        self.assertEqual(self.host.asked, ["retire"])
        level, text = self.host.lines[0]
        self.assertEqual(level, "error")
        self.assertIn("KeyError: 'gone'", text)


class ScriptTest(unittest.TestCase):
    def load(self, result):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        main = sys.modules["__main__"]
        self.addCleanup(lambda: sys.modules.__setitem__("__main__", main))
        self.addCleanup(lambda: (setattr(script, "_application", None), setattr(script, "_literal", None)))
        self.addCleanup(lambda path: sys.path.__setitem__(slice(None), path), sys.path[:])
        path = os.path.join(folder.name, "script.py")
        with open(path, "w") as file:
            file.write(
                "from jgunicorn import script\n"
                "class App:\n"
                "    def wsgi(self):\n"
                f"        return {result}\n"
                "script.start(App())\n"
            )
        return worker_process.load("script:" + repr([path, "script.py"]))

    def test_application_of_a_script_is_what_it_loads(self):
        self.assertIs(self.load("len"), len)

    def test_what_is_no_application_is_told(self):
        with self.assertRaisesRegex(app_error.AppImportError, "has returned None, which is no WSGI application"):
            self.load("None")


if __name__ == "__main__":
    unittest.main()
