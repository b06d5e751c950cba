"""The application of the training run: what its requests load and link is in the AOT caches.

It imports and does what common frameworks import and do, with the standard library alone.
"""

import base64
import collections
import contextlib
import dataclasses
import datetime
import decimal
import email.message
import email.utils
import enum
import functools
import gzip
import hashlib
import hmac
import html
import http.cookies
import importlib
import inspect
import io
import json
import logging
import mimetypes
import random
import re
import secrets
import sqlite3
import string
import tempfile
import threading
import time
import traceback
import typing
import urllib.parse
import uuid
import warnings
import weakref

# More that frameworks import, and what there is of gunicorn: after this their compiled form is part of the distribution.
for name in """
    argparse asyncio bisect calendar codecs colorsys concurrent.futures configparser contextvars copy csv ctypes difflib
    email.generator email.header email.mime.multipart email.mime.text email.parser email.policy encodings.idna
    encodings.latin_1 fractions getopt getpass gettext glob gunicorn.app.wsgiapp gunicorn.arbiter gunicorn.http.errors
    gunicorn.http.wsgi gunicorn.sock gunicorn.workers.geventlet gunicorn.workers.ggevent gunicorn.workers.gtornado
    gunicorn.workers.sync hashlib heapq html.parser http.client http.cookiejar
    http.server importlib.metadata importlib.resources ipaddress itertools linecache locale logging.config
    logging.handlers multiprocessing numbers operator optparse pathlib pickle pkgutil platform posixpath pprint queue
    selectors shlex shutil signal smtplib socket socketserver ssl statistics stat struct subprocess sysconfig tarfile
    textwrap timeit tokenize types unicodedata unittest urllib.error urllib.request wsgiref.simple_server
    wsgiref.util xml.dom.minidom xml.etree.ElementTree xml.sax zipfile zlib zoneinfo
""".split():
    try:
        importlib.import_module(name)
    except ImportError as missing:
        print("training without", missing)

log = logging.getLogger("training")
local = threading.local()
ROUTES = []


class Kind(enum.Enum):
    TEXT = "text/plain"
    JSON = "application/json"
    HTML = "text/html; charset=utf-8"


@dataclasses.dataclass(frozen=True)
class Result:
    body: bytes
    kind: Kind = Kind.TEXT
    headers: typing.Mapping = dataclasses.field(default_factory=dict)


class Lazy:
    """A descriptor that computes once, as frameworks have it."""

    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function

    def __get__(self, instance, owner):
        if instance is None:
            return self
        value = instance.__dict__[self.function.__name__] = self.function(instance)
        return value


class Request:
    def __init__(self, environ):
        self.environ = environ
        self.started = time.perf_counter()

    @Lazy
    def query(self):
        return dict(urllib.parse.parse_qsl(self.environ.get("QUERY_STRING", "")))

    @Lazy
    def form(self):
        length = int(self.environ.get("CONTENT_LENGTH") or 0)
        return urllib.parse.parse_qs(self.environ["wsgi.input"].read(length).decode())

    @Lazy
    def cookies(self):
        return http.cookies.SimpleCookie(self.environ.get("HTTP_COOKIE", "a=b; c=d"))


def route(pattern):
    def register(function):
        ROUTES.append((re.compile(pattern), function))

        @functools.wraps(function)
        def call(*args, **kwargs):
            return function(*args, **kwargs)

        return call

    return register


@route(r"^/$")
def hello(request):
    return Result(b"Hello, world!\n")


@route(r"^/json$")
def as_json(request):
    rows = [{"id": i, "name": f"row {i}", "at": datetime.datetime(2026, 1, 1 + i)} for i in range(5)]
    text = json.dumps({"rows": rows, "query": request.query}, default=str, sort_keys=True)
    json.loads(text)
    return Result(text.encode(), Kind.JSON, {"ETag": '"%s"' % hashlib.sha1(text.encode()).hexdigest()})


TEMPLATE = string.Template("<!doctype html><title>$title</title><ul>$items</ul>")


@route(r"^/page$")
def page(request):
    items = "".join("<li>%s</li>" % html.escape(f"{key} & {value}") for key, value in request.query.items())
    morsel = request.cookies.get("a")
    text = TEMPLATE.substitute(title=html.escape(morsel.value), items=items)
    return Result(gzip.decompress(gzip.compress(text.encode(), 1)), Kind.HTML)


@route(r"^/form$")
def form(request):
    token = hmac.new(b"key", repr(sorted(request.form.items())).encode(), "sha256").digest()
    return Result(base64.urlsafe_b64encode(token))


@route(r"^/file$")
def file(request):
    with tempfile.TemporaryFile() as stored:
        stored.write(b"x" * 1000)
        stored.seek(0)
        return Result(stored.read())


@route(r"^/error$")
def error(request):
    try:
        return Result(str(decimal.Decimal(1) / decimal.Decimal(0)).encode())
    except ArithmeticError:
        log.debug("as expected", exc_info=True)
        return Result(traceback.format_exc().encode())


def rows():
    """A native module of the standard library: frameworks with a database load one too."""
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.execute("create table t (a integer, b text)")
        database.executemany("insert into t values (?, ?)", [(i, str(i)) for i in range(10)])
        return database.execute("select sum(a), max(b) from t").fetchone()


def app(environ, start_response):
    local.request = request = Request(environ)
    for pattern, function in ROUTES:
        if pattern.match(environ["PATH_INFO"]):
            result = function(request)
            break
    headers = {
        "Content-Type": result.kind.value,
        "Content-Length": str(len(result.body)),
        "Date": email.utils.formatdate(usegmt=True),
        **result.headers,
    }
    start_response("200 OK", list(headers.items()))
    return [result.body]


print("training:", rows(), uuid.UUID(int=1), secrets.token_hex(4), random.random() < 1, mimetypes.guess_type("a.css"))
assert inspect.signature(app).parameters and collections.OrderedDict() == {} and io.StringIO().read() == ""
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    weakref.ref(log)
    email.message.EmailMessage()["Subject"] = "training"
