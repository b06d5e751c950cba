"""The worker's Logger, and what it is told of requests.

Used only where the configuration asks for logs through Python's logging. Lines about a request are written by the thread that
runs it, as gunicorn does: what the application keeps per thread or per context is there for the operator's filters.
"""

import ast
import datetime
import io
import sys
import traceback

from jgunicorn import config_file, loggers
from jgunicorn.request_objects import Request, Response, header_fields

# Keys of the environ in the order of the parameters of `unseen`.
_KEYS = (
    "REQUEST_METHOD",
    "RAW_URI",
    "PATH_INFO",
    "QUERY_STRING",
    "SERVER_PROTOCOL",
    "wsgi.url_scheme",
    "REMOTE_ADDR",
    "REMOTE_PORT",
    "SERVER_NAME",
    "SERVER_PORT",
)


def open_in_worker(source, settings_literal, hooks):
    """The worker's Logger, or why there can be none.

    ``source`` as for ``config_file.load``, or empty; ``hooks`` are names of the hooks that run here.
    """
    namespace = config_file.load(source) if source else {}
    settings = ast.literal_eval(settings_literal)
    found = config_file.find_hooks(namespace, list(hooks))
    side = loggers.opened(lambda: loggers.configuration(settings, namespace, found), WorkerLog)
    side.hooks = found
    return side


class _Ended:
    """What a Logger sees of a response that the application has no part in."""

    def __init__(self, status):
        self.status = status
        self.headers = ()
        self.length = 0
        self.sent = True


class WorkerLog(loggers.LoggerSide):
    """The Logger, with what it is told of requests."""

    def __init__(self, logger, cfg):
        super().__init__(logger, cfg)
        if cfg.check_config or cfg.print_config:
            self.set_level("critical")  # nobody is served: hooks must not fill the screen

    def access(self, exchange, request, environ, response):
        """Has a request logged whose response has ended, however it did; once."""
        if not response.logged:
            response.logged = True
            self._ended(exchange, request, environ, response)

    def _ended(self, exchange, request, environ, response):
        facts = exchange.accessFacts()
        if facts is not None:  # else it missed its deadline, and the server has logged that
            micros, sent, gone = facts.split(" ")
            if gone == "True":
                response = _Ended("499 Client Closed Request")
            self._access(request, environ, response, int(sent), int(micros))

    def unseen(self, status, sent, micros, *values):
        """Has a request logged that the application has not seen: values of `_KEYS`, then names and values of its fields."""
        environ = dict(zip(_KEYS, values))
        environ["SCRIPT_NAME"] = ""
        environ["wsgi.input"] = io.BytesIO()
        fields = values[len(_KEYS) :]
        for key, value in zip(fields[::2], fields[1::2]):
            environ[key] = environ[key] + "," + value if key in environ else value
        self._access(None, environ, _Ended(status), sent, micros)

    def _access(self, request, environ, response, sent, micros):
        try:
            if request is None:
                request = Request(environ, header_fields(environ), 0, self.cfg)
            shown = Response.of(request, response, sent)
            self.logger.access(shown, request, environ, datetime.timedelta(microseconds=micros))
        except Exception:
            self._say(self.logger.error, "Exception in the access log\n%s" % traceback.format_exc().rstrip())

    def _say(self, method, *args):
        """Logs; a Logger that fails must not keep the request from its end."""
        try:
            method(*args)
        except Exception:
            print("The logger failed:\n" + traceback.format_exc().rstrip(), file=sys.stderr, flush=True)

    def failed(self, exchange, error, request, environ, response):
        """The application has raised: the record carries the exception, as in gunicorn. The client is answered."""
        error.__traceback__ = error.__traceback__.tb_next if error.__traceback__ is not None else None
        message, named = "Error handling request %s %s", (environ["REQUEST_METHOD"], environ["RAW_URI"])
        if "jgunicorn.request_id" in environ:
            message, named = message + " (request %s)", (*named, environ["jgunicorn.request_id"])
        self._say(self.logger.exception, message, *named)
        exchange.abandon()
        if not response.sent and not response.logged:
            response.logged = True
            self._ended(exchange, request, environ, _Ended("500 Internal Server Error"))
