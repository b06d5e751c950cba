"""Writes down every request that reaches it, whoever reads the answer, and answers the id that a proxy gave the request."""

import hashlib
import os

SEEN = os.environ["SEEN_REQUESTS"]


def app(environ, start_response):
    body = environ["wsgi.input"].read()
    ids = environ.get("HTTP_X_PROXY_ID", "")  # two fields would be joined by a comma
    seen = [
        environ["REMOTE_PORT"],
        str(len(body)),
        hashlib.sha256(body).hexdigest(),
        environ["REQUEST_METHOD"],
        environ["RAW_URI"],
        ids,
    ]
    line = "\t".join(seen) + "\n"
    with open(SEEN, "ab", buffering=0) as out:
        out.write(line.encode("latin-1"))
    answer = ("proxied " + ids + "\n").encode("latin-1")
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
    return [answer]
