"""What faulthandler writes in this runtime, taken apart; and real threads, where it writes that way."""

import sys
import threading
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


INNER_AND_OUTER = ['  File "/app.py", line 6, in outer', '  File "/app.py", line 3, in inner']


class SplitTest(unittest.TestCase):
    def test_frames_of_each_thread_outermost_first(self):
        self.assertEqual(
            stacks.split(DUMP),
            {33: [['  File "stacks.py", line 15, in of_thread']], 32: [INNER_AND_OUTER]},
        )

    def test_each_stack_of_a_thread_is_one_of_its_own(self):
        begun = DUMP + "\nThread[#32,python-2,5,main]\n"
        self.assertEqual(stacks.split(begun)[32], [INNER_AND_OUTER, []])

    def test_what_precedes_the_first_header_belongs_to_nobody(self):
        self.assertEqual(stacks.split('\0\0  File "x", line 1, in y\n'), {})


class FramesTest(unittest.TestCase):
    def test_parts_of_a_frame(self):
        self.assertEqual(
            stacks.frames(INNER_AND_OUTER), [("/app.py", 6, "outer"), ("/app.py", 3, "inner")]
        )

    def test_calls_without_a_name_are_the_runtimes_own(self):
        self.assertEqual(stacks.frames(['  File "threading.py", line 975, in null']), [])


@unittest.skipUnless(sys.implementation.name == "graalpy", "faulthandler writes otherwise")
class ThreadsTest(unittest.TestCase):
    def setUp(self):
        self.end = threading.Event()
        self.inside = threading.Event()
        self.thread = threading.Thread(target=self.body_of_the_thread, name="of the application", daemon=True)
        self.thread.start()
        self.assertTrue(self.inside.wait(30))

    def tearDown(self):
        self.end.set()
        self.thread.join()

    def body_of_the_thread(self):
        self.inside.set()
        self.end.wait()

    def test_thread_of_the_application_is_told_with_its_name(self):
        threads = {ident: (name, found) for ident, name, found in stacks.of_threads([], 30)}

        name, found = threads[self.thread.ident]
        self.assertEqual(name, "of the application")
        self.assertIn("body_of_the_thread", [function for _, _, function in found])
        self.assertNotIn(threading.get_ident(), threads)

    def test_a_thread_that_is_not_there_does_not_answer(self):
        threads = {ident: found for ident, _, found in stacks.of_threads([1 << 40], 0)}
        self.assertIsNone(threads[1 << 40])

    def test_one_question_does_not_leave_its_answers_to_the_next(self):
        first = stacks.of_thread(self.thread.ident, 30)
        self.assertIn("in body_of_the_thread", first)
        self.assertEqual(stacks.of_thread(self.thread.ident, 30), first)


if __name__ == "__main__":
    unittest.main()
