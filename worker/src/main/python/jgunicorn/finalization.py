"""The end of the interpreter, as CPython has it, up to where memory would be given back.

The process ends right after, so nothing needs to be given back; and closing the runtime's context would do it
wrongly: what native extensions (sqlite3 among them) have allocated is freed twice, and the C library ends the process.
"""

import atexit
import sys


def run():
    """Waits for the application's own non-daemon threads, runs its exit handlers, flushes its standard streams.

    Call on the main thread. A handler that raises is reported on stderr and the others still run.
    """
    _join_threads()
    try:
        atexit._run_exitfuncs()
    except BaseException:
        pass  # raised anew by the last of them; each has been reported
    for stream in (sys.stdout, sys.stderr):
        _flush(stream)


def _join_threads():
    threading = sys.modules.get("threading")
    if threading is None:
        return  # then the application has started none
    try:
        threading._shutdown()  # ends thread pools, and lets go those who wait for the main thread
    except AssertionError:
        pass  # one of those was quicker to take the lock it had to find free; it goes on by itself
    except BaseException:
        import traceback  # it brings much along, and most workers end without

        traceback.print_exc()  # of the end of a thread pool; handlers run all the same
    for thread in threading.enumerate():
        if not thread.daemon and thread not in (threading.current_thread(), threading.main_thread()):
            thread.join()


def _flush(stream):
    try:
        stream.flush()
    except Exception:
        pass  # the application has replaced, lost or closed it
