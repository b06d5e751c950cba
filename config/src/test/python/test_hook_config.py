import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))

from jgunicorn import hook_config

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


def on_exit(server):
    pass


class ConfigTest(unittest.TestCase):
    def setUp(self):
        self.cfg = hook_config.Config(SETTINGS, {"on_exit": on_exit})

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
            return hook_config.Config({**SETTINGS, "worker_class": name, "threads": threads}).worker_class

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


if __name__ == "__main__":
    unittest.main()
