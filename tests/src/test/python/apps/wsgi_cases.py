"""One case of the WSGI protocol per path: /stream, /write, /raise, ..."""

import json
import os
import sys
import time
from urllib.parse import parse_qs

TEXT = [("Content-Type", "text/plain")]
closed = []


def hello(environ, start_response):
    body = b"Hello, world!\n"
    start_response("200 OK", TEXT + [("Content-Length", str(len(body)))])
    return [body]


def echo(environ, start_response):
    """The body as it came, after reading all of it."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(body)))])
    return [body]


def environ_dump(environ, start_response):
    """The environ as JSON: plain values as they are, others as the name of their type."""
    plain = {
        key: value if isinstance(value, (str, int, bool, tuple)) else type(value).__name__
        for key, value in environ.items()
    }
    body = json.dumps(plain).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def read_styles(environ, start_response):
    """Every way of reading the body, one after another."""
    source = environ["wsgi.input"]
    seen = [
        source.read(0),
        source.read(3),
        source.readline(),
        source.readline(2),
        source.readline(),
        next(iter(source)),
        *source.readlines(),
        source.read(),
        source.readline(),
    ]
    body = json.dumps([part.decode("latin-1") for part in seen]).encode()
    start_response("200 OK", TEXT)
    return [body]


def ignore_body(environ, start_response):
    return hello(environ, start_response)


def gate(environ, start_response):
    """Sends one piece, then waits for a file that the test makes after it has read that piece."""

    def pieces():
        yield b"first"
        end = time.monotonic() + 60
        while not os.path.exists("gate.open") and time.monotonic() < end:
            time.sleep(0.01)
        yield b""
        yield b"second"

    start_response("200 OK", TEXT)
    return pieces()


def big(environ, start_response):
    """?size=N bytes in pieces of 64 KiB."""
    size = int(parse_qs(environ["QUERY_STRING"])["size"][0])

    def pieces():
        piece = b"0123456789abcdef" * 4096
        for start in range(0, size, len(piece)):
            yield piece[: size - start]

    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return pieces()


def sized_stream(environ, start_response):
    start_response("200 OK", TEXT + [("Content-Length", "6")])
    return iter([b"one", b"two"])


def too_long(environ, start_response):
    start_response("200 OK", TEXT + [("Content-Length", "3")])
    return [b"one", b"two"]


def write(environ, start_response):
    out = start_response("200 OK", TEXT)
    out(b"one ")
    out(b"two ")
    return [b"three"]


def exc_info_before_the_body(environ, start_response):
    start_response("200 OK", TEXT)
    try:
        raise KeyError("changed my mind")
    except KeyError:
        start_response("503 Changed My Mind", TEXT, sys.exc_info())
    return [b"sorry"]


def exc_info_after_the_body(environ, start_response):
    def pieces():
        start_response("200 OK", TEXT)
        yield b"first"
        try:
            raise KeyError("too late")
        except KeyError:
            start_response("500 Too Late", TEXT, sys.exc_info())
        yield b"never sent"

    return pieces()


def start_twice(environ, start_response):
    start_response("200 OK", TEXT)
    start_response("201 Created", TEXT)
    return [b"never sent"]


class Closing:
    """Pieces with a close() that is remembered under a name."""

    def __init__(self, name, pieces):
        self.name = name
        self.pieces = pieces

    def __iter__(self):
        return iter(self.pieces)

    def close(self):
        closed.append(self.name)


def close_after_the_end(environ, start_response):
    start_response("200 OK", TEXT)
    return Closing("end", [b"a", b"b"])


def close_after_an_error(environ, start_response):
    def pieces():
        yield b"a"
        raise RuntimeError("in the middle")

    start_response("200 OK", TEXT)
    return Closing("error", pieces())


def close_after_the_client_left(environ, start_response):
    def pieces():
        while True:
            yield b"x" * 65536

    start_response("200 OK", TEXT)
    return Closing("client", pieces())


def closed_names(environ, start_response):
    body = ",".join(closed).encode()
    start_response("200 OK", TEXT + [("Content-Length", str(len(body)))])
    return [body]


class RecordedFile:
    """A file whose close() is remembered."""

    def __init__(self, path):
        self.file = open(path, "rb")

    def read(self, size=-1):
        return self.file.read(size)

    def close(self):
        self.file.close()
        closed.append("file")


def real_file(environ, start_response):
    """This source file, from its second line on."""
    source = open(__file__, "rb", buffering=0)
    source.readline()
    start_response("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](source)


def file_like(environ, start_response):
    start_response("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](RecordedFile(__file__), 1000)


def raise_at_once(environ, start_response):
    raise RuntimeError("as the test asked")


def raise_in_the_body(environ, start_response):
    def pieces():
        yield b"first"
        raise RuntimeError("as the test asked, later")

    start_response("200 OK", TEXT)
    return pieces()


def not_bytes(environ, start_response):
    start_response("200 OK", TEXT)
    return ["text"]


def no_content(environ, start_response):
    start_response("204 No Content", [])
    return []


def not_modified(environ, start_response):
    start_response("304 Not Modified", [("ETag", '"one"')])
    return []


def headers(environ, start_response):
    start_response(
        "299 Rather Good",
        [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Name", "caf\xe9"), ("x-lower", "kept")] + TEXT,
    )
    return [b""]


def errors(environ, start_response):
    environ["wsgi.errors"].write("a line for the error log\n")
    environ["wsgi.errors"].flush()
    return hello(environ, start_response)


def app(environ, start_response):
    case = globals().get(environ["PATH_INFO"].strip("/").split("/")[0] or "hello")
    if case is None:
        start_response("404 Not Found", TEXT)
        return [b"no such case"]
    return case(environ, start_response)
