"""PEP 3333 on top of the host's exchange: environ, start_response, the response iterable.

One request costs one call from the host into ``serve`` and, for a complete response, one call back (``respond``): every
crossing gives the interpreter lock away, so nothing here asks the host for single values.
"""

import io


class FileWrapper:
    """``wsgi.file_wrapper``: hands a file to the server, which sends it without reading it through Python where it can."""

    def __init__(self, filelike, blksize=8192):
        self.filelike = filelike
        self.blksize = blksize
        # With the last three, frameworks find a range of the file without reading what is before it.
        for name in ("close", "seekable", "seek", "tell"):
            if hasattr(filelike, name):
                setattr(self, name, getattr(filelike, name))

    def __iter__(self):
        return self

    def __next__(self):
        data = self.filelike.read(self.blksize)
        if data:
            return data
        raise StopIteration

    def __getitem__(self, index):  # the protocol from before iterators, which some code still uses
        data = self.filelike.read(self.blksize)
        if data:
            return data
        raise IndexError


class Errors(io.TextIOBase):
    """``wsgi.errors``: text to the error log, line prefix-free, each write at once."""

    def __init__(self, write):
        self._write = write

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("wsgi.errors takes str, not %s" % type(text).__name__)
        self._write(text)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass


class ClientGone(Exception):
    """The client left or the request expired: the application is told by its iterable being closed, nobody else."""


class Response:
    """What the application says about one response. One thread."""

    __slots__ = ("exchange", "status", "headers", "flat", "count", "length", "sent", "logged")

    def __init__(self, exchange):
        self.exchange = exchange
        self.status = None
        self.headers = None
        self.sent = False  # the head has been handed to the server
        self.logged = False  # the access log has been told

    def start_response(self, status, headers, exc_info=None):
        if exc_info is not None:
            try:
                if self.sent:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None  # no reference cycle through the frame
        elif self.status is not None:
            raise AssertionError("Response headers already set!")
        if type(status) is not str:
            raise TypeError("%r is not a string" % (status,))
        flat = []
        length = None
        for name, value in headers:
            if type(name) is not str or type(value) is not str:
                if not isinstance(name, str) or not isinstance(value, str):
                    raise TypeError("%r is not a string" % (name if not isinstance(name, str) else value,))
                name = str(name)
                value = str(value)
            flat.append(name)
            flat.append(value)
            if length is None and len(name) == 14 and name.lower() == "content-length":
                length = int(value)
        self.status = status
        self.headers = headers
        self.flat = "\n".join(flat)
        self.count = len(flat) >> 1
        self.length = length
        return self.write

    def write(self, data):
        """The ``write`` callable of PEP 3333."""
        if not isinstance(data, bytes):
            raise TypeError("%r is not a byte" % (data,))
        self.begin()
        if not self.exchange.write(data):
            raise ClientGone()

    def begin(self):
        if not self.sent:
            if self.status is None:
                raise AssertionError("start_response was not called")
            self.sent = True
            checked(self.exchange.start(self.status, self.flat, self.count))


def checked(problem):
    """Turns what the host says is wrong with a header into an exception of the application's."""
    if problem is not None:
        raise ValueError(problem)


class Recorded:
    """An exchange whose end tells the access log first what it shows of the environ."""

    __slots__ = ("_exchange", "_environ", "_names", "start", "write", "canSendFile", "sendFile", "earlyHints")

    def __init__(self, exchange, environ, names):
        self._exchange = exchange
        self._environ = environ
        self._names = names
        self.start = exchange.start
        self.write = exchange.write
        self.canSendFile = exchange.canSendFile
        self.sendFile = exchange.sendFile
        self.earlyHints = exchange.earlyHints

    def _tell(self):
        found = dict.fromkeys(self._names, "-")
        for key, value in self._environ.items():
            name = str(key).lower()
            if name in found:
                try:
                    found[name] = str(value)
                except Exception:
                    found[name] = "-"  # an object of the application's; the response does not depend on it
        self._exchange.logEnviron(*found.values())

    def respond(self, status, flat, count, body):
        self._tell()
        return self._exchange.respond(status, flat, count, body)

    def finish(self):
        self._tell()
        self._exchange.finish()

    def failed(self, text):
        self._tell()
        self._exchange.failed(text)

    def abandon(self):
        self._tell()
        self._exchange.abandon()


def make_serve(app, base, hooks, log=None, log_names=()):
    """The function the host calls for each request, on one of the worker's Python threads.

    ``base`` is the part of the environ all requests share. ``hooks`` is None or has ``counting(exchange)``,
    ``pre_request(environ)`` and ``post_request(request, environ, response)``; ``log`` is None or has
    ``access(exchange, request, environ, response)`` and ``failed(exchange, error, request, environ, response)``.
    ``log_names`` are keys of the environ, in lower case and each of them once, that the access log shows:
    ``exchange.logEnviron`` gets their values, in that order, before the exchange ends.
    """

    new_response = Response
    memory = io.BytesIO

    def send_all(response, exchange, result):
        """Sends what the application returned; a complete response in one crossing."""
        kind = type(result)
        if kind is list or kind is tuple:
            if response.sent:
                for piece in result:
                    response.write(piece)
                exchange.finish()
                return
            body = result[0] if len(result) == 1 else b"".join(result)
            if type(body) is not bytes:
                if not isinstance(body, bytes):
                    raise TypeError("%r is not a byte" % (body,))
                body = bytes(body)
            if response.status is None:
                raise AssertionError("start_response was not called")
            response.sent = True
            checked(exchange.respond(response.status, response.flat, response.count, body))
            return
        if kind is FileWrapper and send_file(response, exchange, result):
            return
        complete = False
        for piece in result:
            if not isinstance(piece, bytes):
                raise TypeError("%r is not a byte" % (piece,))
            if not piece:
                continue
            if not response.sent and response.length == len(piece):
                response.sent = True
                checked(exchange.respond(response.status, response.flat, response.count, piece))
                complete = True
            elif not complete:
                response.begin()
                if not exchange.write(piece):
                    raise ClientGone()
        if complete:
            return
        if response.sent:
            exchange.finish()
        else:
            if response.status is None:
                raise AssertionError("start_response was not called")
            response.sent = True
            checked(exchange.respond(response.status, response.flat, response.count, b""))

    def send_file(response, exchange, wrapper):
        """Lets the server send a real file from its current position; False if it is not one."""
        try:
            fd = wrapper.filelike.fileno()
            offset = wrapper.filelike.tell()
        except (AttributeError, OSError, ValueError):
            return False
        if response.status is None:
            raise AssertionError("start_response was not called")
        length = -1 if response.length is None else response.length
        if not exchange.canSendFile(fd):
            return False
        response.begin()
        if not exchange.sendFile(fd, offset, length):
            raise ClientGone()
        exchange.finish()
        return True

    def serve(exchange, method, target, path, script, query, protocol, scheme, client, port, server, server_port, body, spooled, *headers):
        environ = base.copy()
        environ["REQUEST_METHOD"] = method
        environ["RAW_URI"] = target
        environ["SCRIPT_NAME"] = script
        environ["PATH_INFO"] = path
        environ["QUERY_STRING"] = query
        environ["SERVER_PROTOCOL"] = protocol
        environ["wsgi.url_scheme"] = scheme
        environ["REMOTE_ADDR"] = client
        if port:
            environ["REMOTE_PORT"] = port
        environ["SERVER_NAME"] = server
        environ["SERVER_PORT"] = server_port
        if headers:
            environ.update(zip(headers[::2], headers[1::2]))
        if spooled is not None:
            stream = open(spooled, "rb")
        elif body is not None:
            stream = memory(body.encode("latin-1"))
        else:
            stream = memory()
        environ["wsgi.input"] = stream
        if log_names:
            exchange = Recorded(exchange, environ, log_names)
        environ["wsgi.early_hints"] = EarlyHints(exchange)
        if hooks is not None:
            exchange = hooks.counting(exchange)
        response = new_response(exchange)
        request = None
        try:
            if hooks is not None:
                request = hooks.pre_request(environ)
            result = app(environ, response.start_response)
            try:
                send_all(response, exchange, result)
                if log is not None:
                    log.access(exchange, request, environ, response)
            finally:
                close = getattr(result, "close", None)
                if close is not None:
                    close()
        except ClientGone:
            exchange.abandon()
        except BaseException as error:
            if log is None:
                failed(exchange, error)
            else:
                log.failed(exchange, error, request, environ, response)
        finally:
            try:
                if log is not None:
                    log.access(exchange, request, environ, response)
                if hooks is not None and request is not None:
                    hooks.post_request(request, environ, response)
            finally:
                if spooled is not None:
                    stream.close()

    def failed(exchange, error):
        import traceback  # needs much, and a server without errors never does

        trace = error.__traceback__.tb_next if error.__traceback__ is not None else None
        text = "".join(traceback.format_exception(type(error), error, trace)).rstrip()
        exchange.failed(text)

    return serve


class EarlyHints:
    """``wsgi.early_hints``: sends 103 with the given headers."""

    __slots__ = ("exchange",)

    def __init__(self, exchange):
        self.exchange = exchange

    def __call__(self, headers):
        flat = []
        for name, value in headers:
            flat.append(name.decode("latin-1") if isinstance(name, bytes) else name)
            flat.append(value.decode("latin-1") if isinstance(value, bytes) else value)
        checked(self.exchange.earlyHints("\n".join(flat), len(flat) >> 1))


def base_environ(settings, errors):
    """The keys that are the same for all requests of this worker."""
    return {
        "wsgi.errors": errors,
        "wsgi.version": (1, 0),
        "wsgi.multithread": settings["multithread"],
        "wsgi.multiprocess": settings["multiprocess"],
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
        "wsgi.input_terminated": True,
        "SERVER_SOFTWARE": settings["server_software"],
    }
