"""Requests that wait, and requests that compute.

/sleep/N waits N milliseconds. /cpu/N is a fixed amount of plain Python that takes about N milliseconds of CPython 3.11
on a machine of 2024: the work is fixed, not the time, so a faster Python shows. Everything else answers at once.
"""

import time

ITERATIONS_PER_MS = 30_000


def compute(iterations):
    value = 1
    for i in range(iterations):
        value = (value * 31 + i) & 0xFFFFFF
    return value


def app(environ, start_response):
    words = environ["PATH_INFO"].split("/")
    body = b"at once\n"
    if words[1] == "sleep":
        time.sleep(int(words[2]) / 1000)
        body = b"slept\n"
    elif words[1] == "cpu":
        body = b"%d\n" % compute(int(words[2]) * ITERATIONS_PER_MS)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
