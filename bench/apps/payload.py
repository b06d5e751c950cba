"""Bodies of different sizes: /10k and /100k from memory, /file (10 MB) by wsgi.file_wrapper, POST /echo."""

import os
from pathlib import Path

BODIES = {"/10k": b"x" * 10_240, "/100k": b"x" * 102_400}
FILE = Path(__file__).with_name("payload.bin")
FILE_SIZE = 10 * 1024 * 1024
BLOCK = 64 * 1024

if not FILE.exists() or FILE.stat().st_size != FILE_SIZE:
    # Several workers may do this at once: each writes its own and the last rename wins.
    part = FILE.with_suffix(f".{os.getpid()}")
    part.write_bytes(b"x" * FILE_SIZE)
    part.rename(FILE)


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/file":
        start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(FILE_SIZE))])
        return environ["wsgi.file_wrapper"](open(FILE, "rb"), BLOCK)
    if path == "/echo":
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    else:
        body = BODIES.get(path, b"ready\n")
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(body)))])
    return [body]
