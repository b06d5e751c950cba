"""A WSGI application without a framework.

    ./jgunicorn -c examples/hello/gunicorn.conf.py app:application
    curl http://127.0.0.1:8000/Ada
"""

import os
import platform
import threading


def application(environ, start_response):
    name = environ["PATH_INFO"].strip("/") or "world"
    body = (
        f"Hello, {name}!\n"
        f"This is worker {os.getpid()} of {environ['SERVER_SOFTWARE']}, thread {threading.current_thread().name},\n"
        f"on {platform.python_implementation()} {platform.python_version()}.\n"
    ).encode("latin-1", "replace")
    start_response("200 OK", [("Content-Type", "text/plain; charset=latin-1"), ("Content-Length", str(len(body)))])
    return [body]
