import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))

from jgunicorn import strftime

# Directives with what CPython makes of them in the C locale, for one moment in the afternoon, and one at night.
EXPECTED = {
    "[%Y-%m-%d %H:%M:%S %z]": ("[2026-11-22 15:04:05 +0000]", "[2026-01-01 00:04:05 +0000]"),
    "%F|%T|%R|%D|%h|%r": ("2026-11-22|15:04:05|15:04|11/22/26|Nov|03:04:05 PM", "2026-01-01|00:04:05|00:04|01/01/26|Jan|12:04:05 AM"),
    "%C|%e|%k|%l|%P": ("20|22|15| 3|pm", "20| 1| 0|12|am"),
    "%G|%g|%V|%u": ("2026|26|47|7", "2026|26|01|4"),
    "%n%t%%z %%%z x%": ("\n\t%z %+0000 x%", "\n\t%z %+0000 x%"),
}


class StrftimeTest(unittest.TestCase):
    def setUp(self):
        self.strftime = strftime.complete(time.strftime)

    def test_directives_are_those_of_the_c_library(self):
        moments = (time.gmtime(1795359845), time.gmtime(1767225845))
        for format, expected in EXPECTED.items():
            self.assertEqual(tuple(self.strftime(format, when) for when in moments), expected, format)

    def test_seconds_since_the_epoch_and_now(self):
        now = time.localtime()
        self.assertEqual(self.strftime("%s", now), str(int(time.mktime(now))))
        self.assertIn(self.strftime("%s"), [str(int(time.time()) - lost) for lost in (0, 1, 2)])

    def test_offsets_of_time_zones(self):
        for seconds, text in ((19800, "+0530"), (-12600, "-0330"), (0, "+0000")):
            when = time.struct_time((2026, 11, 22, 15, 4, 5, 6, 326, 0, "X", seconds))
            self.assertEqual(self.strftime("%z", when), text)
        self.assertEqual(self.strftime("%z", tuple(time.gmtime())), "+0000")

    def test_it_is_installed_where_it_is_needed(self):
        before = time.strftime
        self.addCleanup(setattr, time, "strftime", before)
        strftime.install()
        self.assertRegex(time.strftime("%z]"), r"^[+-]\d{4}\]$")
        strftime.install()
        self.assertNotIn("%", time.strftime("%z"))


if __name__ == "__main__":
    unittest.main()
