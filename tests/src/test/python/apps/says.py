"""An application that logs, through Python's logging and through what the server gives it."""

import logging
import time

log = logging.getLogger("shop.orders")
log.info("application loaded")


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/raise":
        try:
            raise KeyError("inner")
        except KeyError as e:
            raise ValueError("outer") from e
    if path == "/sleep":
        time.sleep(60)
    if path == "/errors":
        environ["wsgi.errors"].write("written to wsgi.errors\n")
    log.info("order from %s", path)
    environ["shop.customer"] = "ann"
    body = b"said\n"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
