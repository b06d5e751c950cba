"""Reads its body in pieces and answers in pieces, under the watch of wsgiref.validate."""

from wsgiref.validate import validator


def careful(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.errors"].write("validated app was here\n")
    environ["wsgi.errors"].flush()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return iter([b"got ", str(len(body)).encode(), b" bytes"])


app = validator(careful)
