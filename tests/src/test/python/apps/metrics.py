"""Counts in files of its own process, as applications with prometheus_client do; answers its process id."""

import os
import time

from multiprocess_metrics import multiprocess

multiprocess.open_files()


def app(environ, start_response):
    time.sleep(0.02)  # so that other workers get requests too
    body = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
