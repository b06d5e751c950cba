"""What logging configurations of the tests refer to, as operators write it."""

import json
import logging
import traceback

from gunicorn.glogging import Logger


class JsonFormatter(logging.Formatter):
    """One JSON object a line, in the manner of python-json-logger; ``static_fields`` come with each."""

    def __init__(self, fmt=None, datefmt=None, style="%", static_fields=None):
        super().__init__(fmt, datefmt, style)
        self._static_fields = static_fields or {}

    def format(self, record):
        shown = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname,
            "logger": record.name,
            "pid": record.process,
            "message": record.getMessage(),
            **self._static_fields,
        }
        if record.exc_info:
            shown["exception"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(shown)


class QuietLogger(Logger):
    """Leaves health checks out of the access log, and secrets out of its lines."""

    def access(self, resp, req, environ, request_time):
        if req.path != "/health":
            super().access(resp, req, environ, request_time)

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        atoms["r"] = atoms["r"].replace("secret", "***")
        return atoms

    def critical(self, msg, *args, **kwargs):
        super().critical("PAGE SOMEBODY: " + msg, *args, **kwargs)
