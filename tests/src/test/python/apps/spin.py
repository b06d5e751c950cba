"""/spin never returns; /drip streams for ?seconds=; everything else answers the pid of the worker."""

import time
from urllib.parse import parse_qs

import pid


def spin_for_ever():
    turns = 0
    while True:
        turns += 1  # the line a stack dump must name


def drip(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield b"drop\n"
        time.sleep(0.25)
    yield b"end\n"


def app(environ, start_response):
    if environ["PATH_INFO"] == "/spin":
        spin_for_ever()
    if environ["PATH_INFO"] == "/drip":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return drip(float(parse_qs(environ["QUERY_STRING"])["seconds"][0]))
    return pid.app(environ, start_response)
