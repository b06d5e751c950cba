"""What the hooks of a request get to see: the request and its response."""


class Request:
    """What ``pre_request`` and ``post_request`` see of a request; ``headers`` may be changed by ``pre_request``."""

    def __init__(self, environ, headers, number, cfg):
        version = environ["SERVER_PROTOCOL"].partition("/")[2].partition(".")
        self.method = environ["REQUEST_METHOD"]
        self.uri = environ["RAW_URI"]
        self.path = self.uri.partition("?")[0].partition("#")[0]
        self.query = environ["QUERY_STRING"]
        self.fragment = self.uri.partition("#")[2]
        self.version = (int(version[0] or 1), int(version[2] or 1))
        self.headers = headers
        self.trailers = []
        self.body = environ["wsgi.input"]
        self.scheme = environ["wsgi.url_scheme"]
        self.remote_addr = (environ["REMOTE_ADDR"], environ.get("REMOTE_PORT", ""))
        self.peer_addr = self.remote_addr
        self.req_number = number
        self.proxy_protocol_info = _proxy_protocol(environ)
        self.cfg = cfg
        self.must_close = False

    def should_close(self):
        return self.must_close

    def force_close(self):
        self.must_close = True


def _proxy_protocol(environ):
    """What a PROXY header said, or None if there was none."""
    if "PROXY_PROTOCOL" not in environ:
        return None
    return {
        "proxy_protocol": environ["PROXY_PROTOCOL"],
        "client_addr": environ["REMOTE_ADDR"],
        "client_port": _port(environ.get("REMOTE_PORT")),
        "proxy_addr": environ.get("PROXY_ADDR"),
        "proxy_port": _port(environ.get("PROXY_PORT")),
    }


def _port(text):
    return int(text) if text and text.isdecimal() else None


class Response:
    """What ``post_request`` sees of a response."""

    def __init__(self, request, status, headers, headers_sent, length, sent):
        self.req = request
        self.cfg = request.cfg
        self.version = "gunicorn"
        self.status = status
        self.headers = headers
        self.headers_sent = headers_sent
        self.response_length = length
        self.must_close = request.must_close
        self.upgrade = False
        self.chunked = length is None and request.version > (1, 0)
        self.sent = sent

    @classmethod
    def of(cls, request, response, sent):
        """What there is of a response (wsgi.py) that may never have been started; ``sent`` bytes of it have gone."""
        if response.headers is None:
            return cls(request, response.status, [], response.sent, None, sent)
        return cls(request, response.status, list(response.headers), response.sent, response.length, sent)

    @property
    def status_code(self):
        word = (self.status or "").split(None, 1)[:1]
        return int(word[0]) if word and word[0].isdigit() else None

    def should_close(self):
        return self.must_close or self.req.should_close()

    def force_close(self):
        self.must_close = True


def header_fields(environ):
    """The fields of a request, as pairs of upper-case name and value."""
    headers = [(name[5:].replace("_", "-"), value) for name, value in environ.items() if name.startswith("HTTP_")]
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if name in environ:
            headers.append((name.replace("_", "-"), environ[name]))
    return headers
