"""``time.sleep`` for fractions of a second that lets a thread be asked where it is.

GraalPy's own does that for whole seconds. With a float, a question (stacks.py) interrupts it, is not answered, and
interrupts it again: a processor is busy until the sleep ends.
"""

import _thread
import functools
import time

# A wait for a lock that is interrupted begins anew: by so much a question may prolong a sleep.
_SLICE = 0.1  # seconds

_native_sleep = time.sleep


@functools.wraps(_native_sleep)
def sleep(seconds, /):
    if not isinstance(seconds, float) or not 0 < seconds < _thread.TIMEOUT_MAX:
        return _native_sleep(seconds)  # which refuses what cannot be
    end = time.monotonic() + seconds
    lock = _thread.allocate_lock()
    lock.acquire()
    while (left := end - time.monotonic()) > 0:
        lock.acquire(True, min(left, _SLICE))


def install():
    """Before any code of the operator's runs, which may take the name ``sleep`` out of ``time``."""
    time.sleep = sleep
