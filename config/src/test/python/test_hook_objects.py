import os
import sys
import socket
import subprocess
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))

import test_hook_config
import test_hook_log
from jgunicorn import hook_config, hook_log, hook_objects


def _ended_child():
    child = subprocess.Popen(["true"])
    child.wait()
    return child.pid


class MasterObjectsTest(unittest.TestCase):
    def setUp(self):
        app = hook_objects.Application(hook_config.Config(test_hook_config.SETTINGS))
        self.asked = []
        self.objects = hook_objects.MasterObjects(app, hook_log.Log(test_hook_log.Sink()), self)

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
