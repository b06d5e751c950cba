"""Python stacks of running threads, for requests that never end and for operators who ask."""

import faulthandler
import os
import re
import time
from _thread import allocate_lock

_POLL_SECONDS = 0.02
_HEADER = re.compile(r"Thread\[#(\d+),")
_FRAME = re.compile(r'  File "(.*)", line (-?\d+), in (.*)')


class _Dump:
    """The file threads write their stacks to, and what has been read of it.

    It stays open for life: a thread that is asked writes to the descriptor when it next can, be it after minutes, and a
    number that is closed may belong to a client by then. Each thread writes its whole stack with one call.
    """

    def __init__(self):
        import tempfile  # it brings much along, and most workers never ask

        self.descriptor, path = tempfile.mkstemp()
        self.reader = open(path, encoding="ascii", errors="replace")
        os.unlink(path)

    def empty(self):
        """What earlier questions left; late ones may still add to it."""
        os.ftruncate(self.descriptor, 0)
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        self.reader.seek(0)

    def ask(self):
        faulthandler.dump_traceback(file=self.descriptor, all_threads=True)


_dump = None
_asking = allocate_lock()  # one question after the other: they share the file


def of_thread(ident, seconds):
    """The stack of a thread, outermost call first as in a traceback; empty if it cannot be had.

    The thread itself writes it, as soon as it runs Python code again: one blocked in a native call (a socket without a
    timeout) does not, and is waited for no longer than so many seconds.
    """
    return "\n".join(_ask({ident}, seconds).get(ident, ()))


def of_threads(busy, seconds):
    """Where the application is: tuples of thread, name, and its frames, outermost first.

    Waits, as ``of_thread`` does, for the threads in ``busy`` and for those that the application has started. A name is
    None for a thread the application has not started, and frames are None for one that did not answer. A frame is
    (file, line, function).
    """
    import threading

    names = {}
    for thread in threading.enumerate():
        if not isinstance(thread, (threading._MainThread, threading._DummyThread)):
            names[thread.ident] = thread.name
    me = threading.get_ident()
    wanted = (set(busy) | set(names)) - {me, None}
    found = _ask(wanted, seconds)
    threads = []
    for ident in sorted((wanted | set(found)) - {me}):
        lines = found.get(ident)
        threads.append((ident, names.get(ident), None if lines is None else frames(lines)))
    return threads


def _ask(wanted, seconds):
    """The lines of the stacks that were written, by thread; waits for those wanted, but no longer than that."""
    global _dump
    end = time.monotonic() + seconds
    if not _asking.acquire(timeout=seconds):
        return {}
    try:
        if _dump is None:
            _dump = _Dump()
        _dump.empty()
        # Twice: when a thread has begun the second stack, the first is complete.
        _dump.ask()
        _dump.ask()
        text = ""
        while True:
            text += _dump.reader.read()
            stacks = split(text)
            if all(len(stacks.get(ident, ())) > 1 for ident in wanted) or time.monotonic() > end:
                return {ident: all_of_it[0] for ident, all_of_it in stacks.items()}
            time.sleep(_POLL_SECONDS)
    finally:
        _asking.release()


def split(text):
    """What faulthandler wrote in this runtime, as lists of stacks by thread; frames most recent call last, as it has them."""
    stacks = {}
    lines = None
    for line in text.splitlines():
        header = _HEADER.match(line)
        if header:
            lines = []
            stacks.setdefault(int(header.group(1)), []).append(lines)
        elif lines is not None and line.startswith("  File "):
            lines.append(line)
    return stacks


def frames(lines):
    """Tuples of file, line and function; without the calls of the runtime's own, which have no name."""
    matches = [_FRAME.fullmatch(line) for line in lines]
    return [
        (match.group(1), int(match.group(2)), match.group(3))
        for match in matches
        if match and match.group(3) != "null"
    ]
