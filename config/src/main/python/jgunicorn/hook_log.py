"""The error log as hooks see it, ``server.log`` and ``worker.log``.

`sink` is a Java object with `accept(level, text)` and `metric(name, value, type)`, or anything that
has such a method.
"""

import logging

LOGGER_NAME = "gunicorn.error"


class _SinkHandler(logging.Handler):
    """Hands records, with their traceback if there is one, to the server's own log."""

    def __init__(self, sink):
        super().__init__()
        self._sink = sink

    def emit(self, record):
        try:
            self._sink.accept(record.levelname.lower(), self.format(record))
        except Exception:
            self.handleError(record)


class Log:
    """The error log, with the methods of a logger."""

    LEVELS = {
        "critical": logging.CRITICAL,
        "error": logging.ERROR,
        "warning": logging.WARNING,
        "info": logging.INFO,
        "debug": logging.DEBUG,
    }

    def __init__(self, sink, level="info"):
        logger = logging.getLogger(LOGGER_NAME)
        for handler in list(logger.handlers):
            if isinstance(handler, _SinkHandler):
                logger.removeHandler(handler)
        logger.addHandler(_SinkHandler(sink))
        logger.propagate = False
        self._sink = sink
        self.error_log = logger
        self.access_log = logging.getLogger("gunicorn.access")
        self.set_level(level)

    def set_level(self, level):
        """Another least level, by its name; one that is unknown means info."""
        self.error_log.setLevel(self.LEVELS.get(str(level).lower(), logging.INFO))
        self.loglevel = self.error_log.level

    def critical(self, message, *args, **kwargs):
        self.error_log.critical(message, *args, **kwargs)

    def error(self, message, *args, **kwargs):
        self.error_log.error(message, *args, **kwargs)

    def warning(self, message, *args, **kwargs):
        self.error_log.warning(message, *args, **kwargs)

    def info(self, message, *args, **kwargs):
        self.log(logging.INFO, message, *args, **kwargs)

    def debug(self, message, *args, **kwargs):
        self.log(logging.DEBUG, message, *args, **kwargs)

    def exception(self, message, *args, **kwargs):
        self.error_log.exception(message, *args, **kwargs)

    def log(self, level, message, *args, **kwargs):
        if isinstance(level, str):
            level = self.LEVELS.get(level.lower(), logging.INFO)
        extra = kwargs.get("extra") or {}
        metric, value, kind = extra.get("metric"), extra.get("value"), extra.get("mtype")
        if metric and value is not None and kind:
            self._sink.metric(str(metric), str(value), str(kind))
        if message:
            self.error_log.log(level, message, *args, **kwargs)
