import logging
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))

from jgunicorn import hook_log


class Sink:
    def __init__(self):
        self.lines = []

    def accept(self, level, text):
        self.lines.append((level, text))

    def metric(self, name, value, kind):
        self.lines.append((name, value, kind))


class MetricTest(unittest.TestCase):
    def test_metrics_are_told_whatever_the_level_and_nothing_is_logged_without_a_message(self):
        sink = Sink()
        log = hook_log.Log(sink, "info")
        log.info("", extra={"metric": "jobs", "value": 0, "mtype": "gauge"})
        log.debug("said", extra={"metric": "jobs", "value": 1.5, "mtype": "counter"})
        log.log("info", "heard", extra={"metric": "jobs", "value": 2, "mtype": "timer"})
        log.info("plain", extra={"metric": "jobs"})
        self.assertEqual(
            sink.lines,
            [("jobs", "0", "gauge"), ("jobs", "1.5", "counter"), ("jobs", "2", "timer"), ("info", "heard"), ("info", "plain")],
        )


class LogTest(unittest.TestCase):
    def setUp(self):
        self.sink = Sink()

    def test_level_of_the_configuration_is_the_threshold(self):
        log = hook_log.Log(self.sink, "warning")
        log.info("no")
        log.warning("%s and %d", "yes", 2)
        log.log("error", "named")
        log.log(50, "numbered")
        self.assertEqual(
            self.sink.lines,
            [("warning", "yes and 2"), ("error", "named"), ("critical", "numbered")],
        )

    def test_level_can_be_changed(self):
        log = hook_log.Log(self.sink, "info")
        log.set_level("error")
        log.warning("no")
        log.set_level("debug")
        log.debug("yes")
        self.assertEqual(self.sink.lines, [("debug", "yes")])
        self.assertEqual(log.loglevel, logging.DEBUG)

    def test_newest_log_replaces_older_ones(self):
        hook_log.Log(Sink())
        hook_log.Log(self.sink).info("once")
        self.assertEqual(self.sink.lines, [("info", "once")])

    def test_exception_brings_its_traceback(self):
        log = hook_log.Log(self.sink)
        try:
            1 / 0
        except ZeroDivisionError:
            log.exception("failed")
        level, text = self.sink.lines[0]
        self.assertEqual(level, "error")
        self.assertTrue(text.startswith("failed\nTraceback"))


if __name__ == "__main__":
    unittest.main()
