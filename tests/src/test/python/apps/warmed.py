"""Remembers the warm-up requests, and answers every path with what it remembers. Some paths fail while it is warmed up."""

import json
import threading

seen = []


def app(environ, start_response):
    warmup = environ.get("jgunicorn.warmup", False)
    path = environ["PATH_INFO"]
    if warmup:
        names = ("REQUEST_METHOD", "QUERY_STRING", "HTTP_HOST", "REMOTE_ADDR", "SERVER_PORT")
        seen.append([path, warmup is True] + [environ[name] for name in names])
        if "HTTP_COOKIE" in environ:
            seen.append(environ["HTTP_COOKIE"])
        if path == "/raises":
            raise ValueError("not warm yet\nbut soon")
        if path == "/stuck":
            threading.Event().wait()
    status = "503 Come later" if warmup and path == "/unavailable" else "200 OK"
    body = json.dumps(seen).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
