"""Any application under the watch of wsgiref.validate: the one that VALIDATED_APP names (module:name), else careful.

What the validator objects to is an AssertionError: a 500, and a traceback in the log. It can only wait in vain for a
close(): /validator/unclosed tells how many responses have not been closed, of how many.
"""

import importlib
import os
from wsgiref.validate import validator


def careful(environ, start_response):
    """Reads its body in every way the validator lets pass, and answers in pieces."""
    source = environ["wsgi.input"]
    parts = [source.read(2), source.readline(), source.readline(3), *source.readlines(5), *source, source.read(10)]
    environ["wsgi.errors"].write("validated app was here\n")
    environ["wsgi.errors"].flush()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return iter([b"got ", str(sum(map(len, parts))).encode(), b" bytes"])


def named(spec):
    module, _, name = spec.partition(":")
    return getattr(importlib.import_module(module), name)


validated = validator(named(os.environ["VALIDATED_APP"]) if "VALIDATED_APP" in os.environ else careful)
answers = []  # the validator's iterables, which know whether they have been closed


def app(environ, start_response):
    if environ["PATH_INFO"] == "/validator/unclosed":
        unclosed = [answer for answer in answers if not answer.closed]
        body = f"{len(unclosed)} of {len(answers)}".encode()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]
    answer = validated(environ, start_response)
    answers.append(answer)
    return answer
