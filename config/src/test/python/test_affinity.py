"""Processors are counted as CPython counts them."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))

from jgunicorn import affinity


class AffinityTest(unittest.TestCase):
    def test_ranges_and_single_numbers_are_processors(self):
        self.assertEqual(list(affinity._numbers("0-2,5,7-8")), [0, 1, 2, 5, 7, 8])

    def test_own_processors_are_counted(self):
        processors = affinity.allowed(0)
        self.assertTrue(processors)
        self.assertLessEqual(len(processors), os.cpu_count())
        self.assertEqual(affinity.allowed(os.getpid()), processors)

    def test_unknown_process_is_an_error(self):
        with self.assertRaises(OSError):
            affinity.allowed(1 << 30)

    def test_function_is_there_afterwards_and_agrees(self):
        affinity.complete()
        self.assertEqual(os.sched_getaffinity(0), affinity.allowed(0))


if __name__ == "__main__":
    unittest.main()
