"""Takes and gives bodies of any size without holding them: what arrived is told by its hash."""

import hashlib
import os

BLOCK = 64 * 1024
FILL = os.urandom(BLOCK - 8)


def app(environ, start_response):
    if environ["REQUEST_METHOD"] == "POST":
        return upload(environ, start_response)
    if environ["PATH_INFO"] == "/":
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
        return [b"ready"]
    if environ["PATH_INFO"] == "/whole":
        return whole(int(environ["QUERY_STRING"]), start_response)
    return download(int(environ["QUERY_STRING"]), start_response)


def upload(environ, start_response):
    seen = hashlib.sha256()
    body = environ["wsgi.input"]
    while piece := body.read(BLOCK):
        seen.update(piece)
    answer = seen.hexdigest().encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
    return [answer]


def download(blocks, start_response):
    """So many blocks, no two alike, and a last one with the hash of all of them."""
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    sent = hashlib.sha256()
    for number in range(blocks):
        block = number.to_bytes(8, "big") + FILL
        sent.update(block)
        yield block
    yield sent.digest()


def whole(blocks, start_response):
    """The same in one piece, as a page is that a template has made."""
    body = b"".join(number.to_bytes(8, "big") + FILL for number in range(blocks))
    body += hashlib.sha256(body).digest()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
