import os
import sys
import logging
import socket
import subprocess
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))

from jgunicorn import hook_objects

SETTINGS = {
    "workers": 2,
    "threads": 4,
    "bind": ["127.0.0.1:8000"],
    "proc_name": None,
    "default_proc_name": "app",
    "timeout": 30,
    "worker_class": "sync",
    "worker_connections": 1000,
    "max_requests": 0,
    "logger_class": "gunicorn.glogging.Logger",
    "pidfile": None,
    "loglevel": "warning",
    "certfile": None,
    "keyfile": None,
    "raw_env": ["A=1", "B=x=y"],
    "user": 1000,
    "group": 1001,
}


class Sink:
    def __init__(self):
        self.lines = []

    def accept(self, level, text):
        self.lines.append((level, text))

    def metric(self, name, value, kind):
        self.lines.append((name, value, kind))


def on_exit(server):
    pass


class MetricTest(unittest.TestCase):
    def test_metrics_are_told_whatever_the_level_and_nothing_is_logged_without_a_message(self):
        sink = Sink()
        log = hook_objects.Log(sink, "info")
        log.info("", extra={"metric": "jobs", "value": 0, "mtype": "gauge"})
        log.debug("said", extra={"metric": "jobs", "value": 1.5, "mtype": "counter"})
        log.log("info", "heard", extra={"metric": "jobs", "value": 2, "mtype": "timer"})
        log.info("plain", extra={"metric": "jobs"})
        self.assertEqual(
            sink.lines,
            [("jobs", "0", "gauge"), ("jobs", "1.5", "counter"), ("jobs", "2", "timer"), ("info", "heard"), ("info", "plain")],
        )


class ConfigTest(unittest.TestCase):
    def setUp(self):
        self.cfg = hook_objects.Config(SETTINGS, {"on_exit": on_exit})

    def test_settings_and_hooks_are_attributes(self):
        self.assertEqual(self.cfg.workers, 2)
        self.assertIs(self.cfg.on_exit, on_exit)
        self.assertEqual(self.cfg.settings["workers"].get(), 2)

    def test_derived_values(self):
        self.assertEqual(self.cfg.address, [("127.0.0.1", 8000)])
        self.assertEqual(self.cfg.proc_name, "app")
        self.assertEqual(self.cfg.ssl_options, {"certfile": None, "keyfile": None})
        self.assertIn("PATH", self.cfg.env_orig)
        self.assertEqual(self.cfg.env, {"A": "1", "B": "x=y"})
        self.assertEqual((self.cfg.uid, self.cfg.gid), (1000, 1001))
        self.assertEqual(self.cfg.worker_class_str, "gthread")
        self.assertFalse(self.cfg.is_ssl)

    def test_worker_class_is_a_class_of_gunicorns_name(self):
        from gunicorn.workers.ggevent import GeventWorker
        from gunicorn.workers.gthread import ThreadWorker
        from gunicorn.workers.sync import SyncWorker

        def class_for(name, threads):
            return hook_objects.Config({**SETTINGS, "worker_class": name, "threads": threads}).worker_class

        self.assertIs(class_for("sync", 1), SyncWorker)
        self.assertIs(class_for("sync", 2), ThreadWorker)
        self.assertIs(class_for("gunicorn.workers.sync.SyncWorker", 2), ThreadWorker)
        self.assertIs(class_for("gevent", 2), GeventWorker)
        self.assertIs(class_for(GeventWorker, 2), GeventWorker)

    def test_assignment_is_refused_but_own_attributes_are_kept(self):
        with self.assertRaisesRegex(AttributeError, "Invalid access!"):
            self.cfg.workers = 3
        self.cfg.mine = 3
        self.assertEqual(self.cfg.mine, 3)

    def test_set_changes_what_is_shown(self):
        self.cfg.set("workers", 5)
        self.assertEqual(self.cfg.workers, 5)
        self.assertEqual(SETTINGS["workers"], 2)
        with self.assertRaises(AttributeError):
            self.cfg.set("nosuch", 1)

    def test_unknown_names_are_attribute_errors(self):
        self.assertFalse(hasattr(self.cfg, "nosuch"))

    def test_text_is_aligned_and_sorted(self):
        lines = str(self.cfg).splitlines()
        self.assertEqual(lines, sorted(lines))
        self.assertIn("on_exit            = <on_exit()>", lines)


class LogTest(unittest.TestCase):
    def setUp(self):
        self.sink = Sink()

    def test_level_of_the_configuration_is_the_threshold(self):
        log = hook_objects.Log(self.sink, "warning")
        log.info("no")
        log.warning("%s and %d", "yes", 2)
        log.log("error", "named")
        log.log(50, "numbered")
        self.assertEqual(
            self.sink.lines,
            [("warning", "yes and 2"), ("error", "named"), ("critical", "numbered")],
        )

    def test_level_can_be_changed(self):
        log = hook_objects.Log(self.sink, "info")
        log.set_level("error")
        log.warning("no")
        log.set_level("debug")
        log.debug("yes")
        self.assertEqual(self.sink.lines, [("debug", "yes")])
        self.assertEqual(log.loglevel, logging.DEBUG)

    def test_newest_log_replaces_older_ones(self):
        hook_objects.Log(Sink())
        hook_objects.Log(self.sink).info("once")
        self.assertEqual(self.sink.lines, [("info", "once")])

    def test_exception_brings_its_traceback(self):
        log = hook_objects.Log(self.sink)
        try:
            1 / 0
        except ZeroDivisionError:
            log.exception("failed")
        level, text = self.sink.lines[0]
        self.assertEqual(level, "error")
        self.assertTrue(text.startswith("failed\nTraceback"))


def _ended_child():
    child = subprocess.Popen(["true"])
    child.wait()
    return child.pid


class MasterObjectsTest(unittest.TestCase):
    def setUp(self):
        app = hook_objects.Application(hook_objects.Config(SETTINGS))
        self.asked = []
        self.objects = hook_objects.MasterObjects(app, hook_objects.Log(Sink()), self)

    def scale(self, count):
        self.asked.append(("scale", count))

    def reload(self):
        self.asked.append("reload")

    def stop(self, graceful):
        self.asked.append(("stop", graceful))

    def server(self, *workers):
        facts = {"pid": 7, "num_workers": 3, "addresses": ["unix:/run/x"], "descriptors": [9], "systemd": True}
        return ("server", facts, list(workers))

    def test_worker_is_the_same_object_for_life(self):
        (first,) = self.objects.arguments([("worker", 1, None)])
        self.assertEqual(str(first), "<Worker [booting]>")
        self.objects.forget_dead()
        server, second = self.objects.arguments([self.server(("worker", 1, 40)), ("worker", 1, 40)])
        self.assertIs(first, second)
        self.assertEqual(str(second), "<Worker 40>")
        self.assertEqual(server.WORKERS, {40: first})

    def test_dead_worker_is_forgotten_after_its_last_hook(self):
        self.objects.arguments([self.server(("worker", 1, 40))])
        _, worker = self.objects.arguments([self.server(), ("worker", 1, 40)])
        self.objects.forget_dead()
        (another,) = self.objects.arguments([("worker", 1, 40)])
        self.assertIsNot(worker, another)

    def test_server_takes_what_it_is_told(self):
        (server,) = self.objects.arguments([self.server()])
        self.assertEqual((server.pid, server.num_workers), (7, 3))
        self.assertEqual([str(one) for one in server.LISTENERS], ["unix:/run/x"])
        self.assertEqual([one.fileno() for one in server.LISTENERS], [9])
        self.assertEqual((server.proc_name, server.systemd, server.pidfile), ("app", True, None))
        self.assertEqual(server.address, [("127.0.0.1", 8000)])
        self.assertEqual(server.START_CTX["cwd"], os.getcwd())
        self.assertEqual(self.asked, [])

    def test_server_hands_on_what_it_is_asked_for(self):
        from gunicorn.errors import HaltServer

        (server,) = self.objects.arguments([self.server()])
        server.num_workers += 2
        server.reload()
        server.stop()
        server.stop(graceful=False)
        self.assertEqual(self.asked, [("scale", 5), "reload", ("stop", True), ("stop", False)])
        with self.assertRaises(HaltServer) as caught:
            server.halt("enough", 4)
        self.assertEqual((caught.exception.reason, caught.exception.exit_status), ("enough", 4))
        self.assertEqual(server.num_workers, 5)

    def test_kill_worker_forgets_one_that_is_gone(self):
        child = _ended_child()
        server, _ = self.objects.arguments([self.server(("worker", 1, child)), ("worker", 1, child)])
        server.kill_workers(15)
        self.assertEqual(server.WORKERS, {})

    def test_worker_has_the_class_and_the_attributes_of_gunicorns(self):
        from gunicorn.arbiter import Arbiter
        from gunicorn.workers.base import Worker
        from gunicorn.workers.gthread import ThreadWorker

        server, worker = self.objects.arguments([self.server(("worker", 1, 40)), ("worker", 1, 40, 2.5)])
        self.assertIsInstance(server, Arbiter)
        self.assertIsInstance(worker, ThreadWorker)
        self.assertIsInstance(worker, Worker)
        self.assertEqual((worker.age, worker.nr, worker.alive, worker.booted, worker.aborted), (1, 0, True, False, False))
        self.assertEqual((worker.timeout, worker.max_requests, worker.reloader), (30, sys.maxsize, None))
        self.assertEqual((worker.worker_connections, worker.nr_conns, worker.tpool._max_workers), (1000, 0, 4))
        self.assertEqual(worker.tpool._work_queue.qsize(), 0)
        self.assertAlmostEqual(time.monotonic() - worker.tmp.last_update(), 2.5, delta=1)
        self.assertIs(worker.app, server.app)
        worker.notify()

    def test_listeners_have_the_class_of_their_address_and_their_socket(self):
        with socket.create_server(("127.0.0.1", 0)) as opened:
            listener = hook_objects.BaseSocket.of("http://127.0.0.1:1", opened.fileno())
            self.assertIs(type(listener), hook_objects.TCPSocket)
            self.assertEqual(listener.getsockname(), opened.getsockname())
            self.assertIs(listener.sock, listener.sock)
            listener.sock.detach()
        self.assertIs(type(hook_objects.BaseSocket.of("http://[::1]:1", 3)), hook_objects.TCP6Socket)
        self.assertIs(type(hook_objects.BaseSocket.of("unix:/run/x", 3)), hook_objects.UnixSocket)

    def test_plain_values_pass(self):
        self.assertEqual(self.objects.arguments([("value", 3), ("value", None)]), [3, None])


if __name__ == "__main__":
    unittest.main()
