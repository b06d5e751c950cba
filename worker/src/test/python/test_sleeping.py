import threading
import time
import unittest

from jgunicorn import sleeping


class SleepingTest(unittest.TestCase):
    def test_sleeps_are_as_long_as_they_are_to_be(self):
        for seconds in (0.001, 0.25, 0, 0.0, 1):
            begin = time.monotonic()
            self.assertIsNone(sleeping.sleep(seconds))
            self.assertGreaterEqual(time.monotonic() - begin, seconds)

    def test_others_run_meanwhile(self):
        ran = threading.Event()
        threading.Thread(target=ran.set).start()
        sleeping.sleep(0.01)
        self.assertTrue(ran.wait(10))

    def test_what_cannot_be_is_refused_as_ever(self):
        for impossible, error in ((-1, ValueError), (-0.5, ValueError), (float("nan"), ValueError), (None, TypeError)):
            with self.assertRaises(error):
                sleeping.sleep(impossible)

    def test_it_passes_for_the_one_of_the_library(self):
        self.assertEqual(sleeping.sleep.__name__, "sleep")
        self.assertEqual(sleeping.sleep.__doc__, sleeping._native_sleep.__doc__)
