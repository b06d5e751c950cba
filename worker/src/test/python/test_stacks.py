"""What threads are called; what they write of themselves is tested with the Java side, which reads it."""

import threading
import unittest

from jgunicorn import stacks


class NamesTest(unittest.TestCase):
    def test_threads_of_the_application_are_told_with_their_names(self):
        end = threading.Event()
        thread = threading.Thread(target=end.wait, name="of the\napplication", daemon=True)
        thread.start()
        try:
            lines = stacks.names().splitlines()
        finally:
            end.set()
            thread.join()
        self.assertIn("%d of the application" % thread.ident, lines)
        self.assertFalse([line for line in lines if line.endswith("MainThread")])


if __name__ == "__main__":
    unittest.main()
