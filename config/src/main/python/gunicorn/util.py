"""Functions of gunicorn that applications and configurations have come to use."""

import importlib
import os
import sys
import time

# Imported where they are needed, since hooks and configurations mostly do without: email, fcntl, random, socket, urllib.
from jgunicorn.own_gunicorn import missing_attribute

_HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailers",
        "transfer-encoding",
        "upgrade",
        "server",
        "date",
    )
)


def load_class(uri, default="gunicorn.workers.sync.SyncWorker", section="gunicorn.workers"):
    """The class of a name, such as ``sync`` or ``package.module.Class``; a class is returned as it is."""
    from gunicorn.workers import SUPPORTED_WORKERS

    if isinstance(uri, type):
        return uri
    name = uri.removeprefix("egg:gunicorn#")
    if section == "gunicorn.workers":
        name = SUPPORTED_WORKERS.get(name, name)
    elif "." not in name:
        name = default
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as e:
        raise RuntimeError(f"class uri {uri!r} invalid or not found: {e}") from e


def import_app(module):
    """The application that ``MODULE``, ``MODULE:NAME`` or ``MODULE:FACTORY(...)`` names; where applications run."""
    from jgunicorn import app_loader

    return app_loader.load(module)


def is_ipv6(addr):
    import socket

    try:
        socket.inet_pton(socket.AF_INET6, addr)
    except (OSError, ValueError):
        return False
    return True


def parse_address(netloc, default_port="8000"):
    """``(host, port)``, the path of a Unix socket, or the number of a descriptor."""
    if netloc.startswith("unix:"):
        path = netloc.removeprefix("unix:")
        return path[2:] if path.startswith("//") else path
    if netloc.startswith("fd://"):
        return _number(netloc.removeprefix("fd://"), netloc)
    netloc = netloc.removeprefix("tcp://")
    if netloc.startswith("["):
        host, bracket, port = netloc[1:].partition("]")
        if not bracket:
            raise RuntimeError(f"{netloc!r} is not a valid address")
        port = port.removeprefix(":")
    else:
        host, _, port = netloc.partition(":")
    return (host.lower() or "0.0.0.0", _number(port or str(default_port), netloc))


def _number(text, address):
    if not text.isdecimal():
        raise RuntimeError(f"{text!r} is not a valid port number in {address!r}.")
    return int(text)


def close_on_exec(fd):
    import fcntl

    fcntl.fcntl(fd, fcntl.F_SETFD, fcntl.fcntl(fd, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)


def set_non_blocking(fd):
    import fcntl

    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)


def close(sock):
    try:
        sock.close()
    except OSError:
        pass


def unlink(filename):
    """Removes a file; it need not be there."""
    try:
        os.unlink(filename)
    except (FileNotFoundError, NotADirectoryError):
        pass


def getcwd():
    """The current folder, by the name it was entered with where PWD tells."""
    folder = os.getcwd()
    named = os.environ.get("PWD", "")
    try:
        return named if os.path.isabs(named) and os.path.samefile(named, folder) else folder
    except OSError:
        return folder


def check_is_writable(path):
    """RuntimeError if nothing can be appended to a file, which is made if need be."""
    try:
        with open(path, "a"):
            pass
    except OSError as e:
        raise RuntimeError(f"Error: '{path}' isn't writable [{e!r}]") from e


def http_date(timestamp=None):
    """A time, or now, as HTTP writes it."""
    import email.utils

    return email.utils.formatdate(time.time() if timestamp is None else timestamp, localtime=False, usegmt=True)


def is_hoppish(header):
    return header.lower().strip() in _HOP_BY_HOP


def seed():
    import random

    random.seed(os.urandom(64))


def to_bytestring(value, encoding="utf8"):
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a string")
    return value.encode(encoding)


def bytes_to_str(b):
    return b if isinstance(b, str) else str(b, "latin1")


def unquote_to_wsgi_str(string):
    import urllib.parse

    return urllib.parse.unquote_to_bytes(string).decode("latin-1")


def has_fileno(obj):
    try:
        obj.fileno()
    except (AttributeError, OSError, TypeError):
        return False
    return True


def split_request_uri(uri):
    """Like ``urlsplit``, but two slashes at the start belong to the path."""
    import urllib.parse

    if uri.startswith("//"):
        parts = urllib.parse.urlsplit("." + uri)
        return parts._replace(path=parts.path[1:])
    return urllib.parse.urlsplit(uri)


def warn(msg):
    lines = [f"!!! {line}" for line in f"WARNING: {msg}".splitlines()]
    print("!!!", *lines, "!!!\n", sep="\n", file=sys.stderr, flush=True)


def make_fail_app(msg):
    """A WSGI application that answers 500 with this text."""
    body = to_bytestring(msg)

    def app(environ, start_response):
        start_response(
            "500 Internal Server Error",
            [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))],
        )
        return [body]

    return app


def reraise(tp, value, tb=None):
    raise (tp() if value is None else value).with_traceback(tb)


__getattr__ = missing_attribute(__name__)
