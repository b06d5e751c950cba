"""The ways in which gunicorn's parser finds a request wrong, for code that names them.

Requests are parsed in Java, which answers such requests by itself: an application never sees one of these.
"""

from jgunicorn.own_gunicorn import missing_attribute


class ParseException(Exception):
    """A request that cannot be read."""

    _text = "Invalid request: %r"

    def __init__(self, subject=None, *details):
        super().__init__(subject, *details)
        self.code = 400
        for name, value in zip(self._names, (subject,) + details):
            setattr(self, name, value)
        self._subject = subject

    _names = ()

    def __str__(self):
        return self._text % (self._subject,) if "%" in self._text else self._text


class NoMoreData(IOError):
    """The body ended too early."""

    def __init__(self, buf=None):
        super().__init__(buf)
        self.buf = buf

    def __str__(self):
        return f"No more data after: {self.buf!r}"


def _kind(name, text, *names, code=400):
    def __init__(self, subject=None, *details):
        ParseException.__init__(self, subject, *details)
        self.code = code

    members = {"_text": text, "_names": names, "__module__": __name__, "__init__": __init__}
    return type(name, (ParseException,), members)


ConfigurationProblem = _kind("ConfigurationProblem", "Configuration problem: %s", "info", code=500)
InvalidRequestLine = _kind("InvalidRequestLine", "Invalid HTTP request line: %r", "req")
InvalidRequestMethod = _kind("InvalidRequestMethod", "Invalid HTTP method: %r", "method")
ExpectationFailed = _kind("ExpectationFailed", "Unable to comply with expectation: %r", "expect", code=417)
InvalidHTTPVersion = _kind("InvalidHTTPVersion", "Invalid HTTP Version: %r", "version")
InvalidHeader = _kind("InvalidHeader", "Invalid HTTP Header: %r", "hdr", "req")
ObsoleteFolding = _kind("ObsoleteFolding", "Obsolete line folding is unacceptable: %r", "hdr")
InvalidHeaderName = _kind("InvalidHeaderName", "Invalid HTTP header name: %r", "hdr")
UnsupportedTransferCoding = _kind(
    "UnsupportedTransferCoding", "Unsupported transfer coding: %r", "hdr", code=501
)
LimitRequestLine = _kind("LimitRequestLine", "Request Line is too large (%s)", "size", "max_size")
LimitRequestHeaders = _kind("LimitRequestHeaders", "%s", "msg", code=431)
InvalidProxyLine = _kind("InvalidProxyLine", "Invalid PROXY line: %r", "line")
InvalidProxyHeader = _kind("InvalidProxyHeader", "Invalid PROXY header: %s", "msg")
ForbiddenProxyRequest = _kind("ForbiddenProxyRequest", "Proxy request from %r not allowed", "host", code=403)
InvalidSchemeHeaders = _kind("InvalidSchemeHeaders", "Contradictory scheme headers")


class InvalidChunkSize(IOError):
    """A chunk of the body has no length."""

    def __init__(self, data):
        super().__init__(data)
        self.data = data

    def __str__(self):
        return f"Invalid chunk size: {self.data!r}"


class ChunkMissingTerminator(IOError):
    """A chunk of the body does not end where it should."""

    def __init__(self, term):
        super().__init__(term)
        self.term = term

    def __str__(self):
        return f"Invalid chunk terminator is not '\\r\\n': {self.term!r}"


__getattr__ = missing_attribute(__name__)
