"""Python stacks of running threads, for requests that never end."""

import faulthandler
import os
import time

_POLL_SECONDS = 0.02

class _Dump:
    """The file threads write their stacks to, and what has been read of it.

    It stays open for life: a thread that is asked writes to the descriptor when it next can, be it after minutes, and a
    number that is closed may belong to a client by then.
    """

    def __init__(self):
        import tempfile  # it brings much along, and most workers never ask

        self.descriptor, path = tempfile.mkstemp()
        self.reader = open(path, encoding="ascii", errors="replace")
        os.unlink(path)

    def ask(self):
        faulthandler.dump_traceback(file=self.descriptor, all_threads=True)


_dump = None


def of_thread(name, seconds):
    """The stack of the thread with this Java name, outermost call first as in a traceback; empty if it cannot be had.

    The thread itself writes it, as soon as it runs Python code again: one blocked in a native call (a socket without a
    timeout) does not, and is waited for no longer than so many seconds.
    """
    global _dump
    if _dump is None:
        _dump = _Dump()
    end = time.monotonic() + seconds
    text = ""
    _dump.reader.read()  # what late ones wrote
    # Twice: when the thread has begun the second stack, the first is complete.
    _dump.ask()
    _dump.ask()
    while True:
        text += _dump.reader.read()
        stacks = pick(text, name)
        if len(stacks) > 1 or time.monotonic() > end:
            return stacks[0] if stacks else ""
        time.sleep(_POLL_SECONDS)


def pick(text, name):
    """The stacks of one thread, in order, in what faulthandler wrote; frames most recent call last, as it has them."""
    stacks = []
    mine = False
    for line in text.splitlines():
        if line.startswith("Thread["):
            parts = line.split(",")
            mine = len(parts) > 1 and parts[1] == name
            if mine:
                stacks.append([])
        elif mine and line.startswith("  File "):
            stacks[-1].append(line)
    return ["\n".join(frames) for frames in stacks]
