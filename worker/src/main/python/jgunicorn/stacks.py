"""Python stacks of running threads, for requests that never end and for operators who ask."""

import faulthandler
import sys


def ask(descriptor):
    """Has each thread write its stack to the descriptor; returns who they are (see ``names``).

    A thread writes as soon as it runs Python code again, or at once if it sleeps or waits for a lock; one blocked in a native
    call (a socket without a timeout) does not. It writes a whole stack with one call, and here two of them: when the second
    has begun, the first is complete.

    Short on purpose: while another thread computes, every call of the system costs this one a turn of 50 ms.
    """
    faulthandler.dump_traceback(file=descriptor, all_threads=True)
    faulthandler.dump_traceback(file=descriptor, all_threads=True)
    return names()


def names():
    """A line for each thread that the application has started: its number, a blank, its name."""
    threading = sys.modules.get("threading")
    if threading is None:
        return ""
    return "".join(
        "%d %s\n" % (thread.ident, str(thread.name).replace("\n", " "))
        for thread in threading.enumerate()
        if thread.ident is not None and not isinstance(thread, (threading._MainThread, threading._DummyThread))
    )
