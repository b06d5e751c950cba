"""Python stacks of running threads, for requests that never end."""

import faulthandler
import tempfile


def of_thread(name):
    """The stack of the thread with this Java name, outermost call first as in a traceback; empty if it cannot be had.

    A thread blocked in a native call (a socket without a timeout) prints nothing until that call returns.
    """
    with tempfile.TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file=file, all_threads=True)
        file.seek(0)
        text = file.read()
    return pick(text, name)


def pick(text, name):
    """The frames that belong to one thread in what faulthandler wrote, most recent call last as this runtime has them."""
    frames = []
    mine = False
    for line in text.splitlines():
        if line.startswith("Thread["):
            parts = line.split(",")
            mine = len(parts) > 1 and parts[1] == name
        elif mine and line.startswith("  File "):
            frames.append(line)
    return "\n".join(frames)
