"""``os.sched_getaffinity``, which this runtime lacks: many configurations count processors by it."""

import os


def complete():
    """Adds the function to ``os``, if it is missing."""
    if not hasattr(os, "sched_getaffinity"):
        os.sched_getaffinity = allowed


def allowed(pid):
    """The processors a process may run on, as the kernel tells them; 0 stands for this process."""
    with open(f"/proc/{pid or os.getpid()}/status") as status:
        for line in status:
            name, _, ranges = line.partition(":")
            if name == "Cpus_allowed_list":
                return set(_numbers(ranges.strip()))
    raise OSError(f"/proc/{pid or os.getpid()}/status names no processors")


def _numbers(ranges):
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
