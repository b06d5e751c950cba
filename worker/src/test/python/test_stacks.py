"""Picking one thread out of what faulthandler writes in this runtime."""

import unittest

from jgunicorn import stacks

DUMP = """
Thread[#33,watcher,5,main]
Traceback (most recent call first)
  File "stacks.py", line 15, in of_thread

Thread[#32,python-2,5,main]
Traceback (most recent call last):
  File "/app.py", line 6, in outer
  File "/app.py", line 3, in inner
"""


INNER_AND_OUTER = '  File "/app.py", line 6, in outer\n  File "/app.py", line 3, in inner'


class StacksTest(unittest.TestCase):
    def test_frames_of_the_named_thread_outermost_first(self):
        self.assertEqual(stacks.pick(DUMP, "python-2"), [INNER_AND_OUTER])

    def test_a_thread_that_is_not_there_has_no_frames(self):
        self.assertEqual(stacks.pick(DUMP, "python-22"), [])

    def test_each_stack_of_a_thread_is_one_of_its_own(self):
        begun = DUMP + "\nThread[#32,python-2,5,main]\n"
        self.assertEqual(stacks.pick(begun, "python-2"), [INNER_AND_OUTER, ""])


if __name__ == "__main__":
    unittest.main()
