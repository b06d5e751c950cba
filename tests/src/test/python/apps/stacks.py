"""Each path is the name of a function below in which the request stays; a thread of its own waits beside them."""

import os
import sys
import threading
import time


ours, theirs = os.pipe()


def sleep_for_long():
    time.sleep(600.5)


def spin_for_ever():
    turns = 0
    while True:
        turns += 1


def receive_nothing():
    os.read(ours, 1)  # a native call: Python cannot look into this thread


def consume():
    threading.Event().wait()


threading.Thread(target=consume, name="consumer", daemon=True).start()


def app(environ, start_response):
    name = environ["PATH_INFO"][1:]
    if name:
        print("inside", name, file=sys.stderr, flush=True)
        globals()[name]()
    start_response("200 OK", [])
    return [b"hello"]
