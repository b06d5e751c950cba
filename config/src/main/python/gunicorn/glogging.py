"""The Logger of gunicorn: error log and access log through Python's logging.

Made where a configuration asks for it (``logconfig``, ``logconfig_dict``, ``logconfig_json``, ``logger_class``), in the master
and in each worker. Names are gunicorn's, because subclasses of the operator's build on them.
"""

import logging
import os
import threading
import time
import traceback

SYSLOG_FACILITIES = {
    "kern": 0,
    "user": 1,
    "mail": 2,
    "daemon": 3,
    "auth": 4,
    "security": 4,
    "syslog": 5,
    "lpr": 6,
    "news": 7,
    "uucp": 8,
    "cron": 9,
    "authpriv": 10,
    "ftp": 11,
    **{f"local{number}": 16 + number for number in range(8)},
}


def _default_logger(name, handler):
    return {"level": "INFO", "handlers": [handler], "propagate": True, "qualname": name}


def _default_handler(stream):
    return {"class": "logging.StreamHandler", "formatter": "generic", "stream": f"ext://sys.{stream}"}


# What logconfig_dict and logconfig_json are laid over, whole sections at a time.
CONFIG_DEFAULTS = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": "INFO", "handlers": ["console"]},
    "loggers": {
        "gunicorn.error": _default_logger("gunicorn.error", "error_console"),
        "gunicorn.access": _default_logger("gunicorn.access", "console"),
    },
    "handlers": {"console": _default_handler("stdout"), "error_console": _default_handler("stderr")},
    "formatters": {
        "generic": {
            "format": "%(asctime)s [%(process)d] [%(levelname)s] %(message)s",
            "datefmt": "[%Y-%m-%d %H:%M:%S %z]",
            "class": "logging.Formatter",
        }
    },
}


def loggers():
    """Every logger there is, the root first: its files are reopened too."""
    return [logging.root] + [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]


def file_handlers():
    """Every handler that writes a file, also those that stand behind a MemoryHandler."""
    found = []
    for logger in loggers():
        for handler in logger.handlers:
            while handler is not None:
                if isinstance(handler, logging.FileHandler) and handler not in found:
                    found.append(handler)
                handler = getattr(handler, "target", None)
    return found


class SafeAtoms(dict):
    """Atoms of an access line: double quotes in texts are escaped, and what is not there is ``-``."""

    def __init__(self, atoms):
        super().__init__(
            (name, value.replace('"', '\\"') if isinstance(value, str) else value) for name, value in atoms.items()
        )

    def __getitem__(self, name):
        return self.get(name.lower() if name.startswith("{") else name, "-")


def parse_syslog_address(addr):
    """Type of socket and address of ``syslog_addr``; no type for a Unix socket means to try both."""
    import socket

    kind, found, rest = addr.partition("://")
    if not found or kind not in ("unix", "udp", "tcp"):
        raise RuntimeError("invalid syslog address")
    if kind == "unix":
        path, _, wanted = rest.partition("#")
        return (socket.SOCK_DGRAM if wanted == "dgram" else None, path)
    if "[" in rest and "]" in rest:
        host, rest = rest.split("]", 1)
        host = host[1:]
    else:
        host = rest.partition(":")[0] or "localhost"
    port = rest.partition(":")[2] if ":" in rest else "514"
    if not port.isdigit():
        raise RuntimeError("%r is not a valid port number." % port)
    return (socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM, (host.lower(), int(port)))


class Logger:
    """What ``server.log`` and ``worker.log`` are. Safe on any thread."""

    LOG_LEVELS = {
        "critical": logging.CRITICAL,
        "error": logging.ERROR,
        "warning": logging.WARNING,
        "info": logging.INFO,
        "debug": logging.DEBUG,
    }
    loglevel = logging.INFO

    error_fmt = r"%(asctime)s [%(process)d] [%(levelname)s] %(message)s"
    datefmt = r"[%Y-%m-%d %H:%M:%S %z]"

    access_fmt = "%(message)s"
    syslog_fmt = "[%(process)d] %(message)s"

    atoms_wrapper_class = SafeAtoms

    def __init__(self, cfg):
        self.error_log = logging.getLogger("gunicorn.error")
        self.error_log.propagate = False
        self.access_log = logging.getLogger("gunicorn.access")
        self.access_log.propagate = False
        self.error_handlers = []
        self.access_handlers = []
        self.logfile = None  # the server itself sends captured output to the file
        self.lock = threading.Lock()
        self.cfg = cfg
        self.setup(cfg)

    def setup(self, cfg):
        """Makes the handlers that a configuration asks for; again at each reload."""
        self.cfg = cfg
        self.loglevel = self.LOG_LEVELS.get(cfg.loglevel.lower(), logging.INFO)
        self.error_log.setLevel(self.loglevel)
        self.access_log.setLevel(logging.INFO)
        for log in (self.error_log, self.access_log):
            for handler in list(log.handlers):
                if getattr(handler, "_gunicorn", False):
                    log.removeHandler(handler)
                    handler.close()

        self._set_handler(self.error_log, cfg.errorlog, logging.Formatter(self.error_fmt, self.datefmt))
        if cfg.accesslog is not None:
            import sys

            self._set_handler(self.access_log, cfg.accesslog, fmt=logging.Formatter(self.access_fmt), stream=sys.stdout)
        if cfg.syslog:
            self._set_syslog_handler(self.error_log, cfg, self.syslog_fmt, "error")
            if not cfg.disable_redirect_access_to_syslog:
                self._set_syslog_handler(self.access_log, cfg, self.syslog_fmt, "access")
        self._configure(cfg)

    def _configure(self, cfg):
        """The first of logconfig_dict, logconfig_json and logconfig that is set."""
        if cfg.logconfig_dict:
            self._apply("logconfig_dict", lambda: cfg.logconfig_dict)
        elif cfg.logconfig_json:
            if os.path.exists(cfg.logconfig_json):
                self._apply("logconfig_json", lambda: _read_json(cfg.logconfig_json))
            else:
                self.warning("logconfig_json: there is no '%s', which changes nothing", cfg.logconfig_json)
        elif cfg.logconfig:
            if not os.path.exists(cfg.logconfig):
                raise RuntimeError("Error: log config '%s' not found" % cfg.logconfig)
            from logging.config import fileConfig

            defaults = {**CONFIG_DEFAULTS, "__file__": cfg.logconfig, "here": os.path.dirname(cfg.logconfig)}
            try:
                fileConfig(cfg.logconfig, defaults=defaults, disable_existing_loggers=False)
            except Exception as e:
                raise RuntimeError("logconfig: %s: %s" % (cfg.logconfig, _said(e))) from e

    @staticmethod
    def _apply(setting, read):
        from logging.config import dictConfig

        try:
            dictConfig({**CONFIG_DEFAULTS, **read()})
        except Exception as e:
            raise RuntimeError("%s: %s" % (setting, _said(e))) from e

    def critical(self, msg, *args, **kwargs):
        self.error_log.critical(msg, *args, **kwargs)

    def error(self, msg, *args, **kwargs):
        self.error_log.error(msg, *args, **kwargs)

    def warning(self, msg, *args, **kwargs):
        self.error_log.warning(msg, *args, **kwargs)

    def info(self, msg, *args, **kwargs):
        self.error_log.info(msg, *args, **kwargs)

    def debug(self, msg, *args, **kwargs):
        self.error_log.debug(msg, *args, **kwargs)

    def exception(self, msg, *args, **kwargs):
        self.error_log.exception(msg, *args, **kwargs)

    def log(self, lvl, msg, *args, **kwargs):
        if isinstance(lvl, str):
            lvl = self.LOG_LEVELS.get(lvl.lower(), logging.INFO)
        self.error_log.log(lvl, msg, *args, **kwargs)

    def atoms(self, resp, req, environ, request_time):
        """What ``access_log_format`` can show of a request."""
        status = resp.status
        if isinstance(status, str):
            status = status.split(None, 1)[0]
        seconds, micros = request_time.seconds, request_time.microseconds
        sent = getattr(resp, "sent", None)
        atoms = {
            "h": environ.get("REMOTE_ADDR", "-"),
            "l": "-",
            "u": self._get_user(environ) or "-",
            "t": self.now(),
            "r": "%s %s %s" % (environ["REQUEST_METHOD"], environ["RAW_URI"], environ["SERVER_PROTOCOL"]),
            "s": status,
            "m": environ.get("REQUEST_METHOD"),
            "U": environ.get("PATH_INFO"),
            "q": environ.get("QUERY_STRING"),
            "H": environ.get("SERVER_PROTOCOL"),
            "b": "-" if sent is None else str(sent),
            "B": sent,
            "f": environ.get("HTTP_REFERER", "-"),
            "a": environ.get("HTTP_USER_AGENT", "-"),
            "T": seconds,
            "D": seconds * 1000000 + micros,
            "M": seconds * 1000 + micros // 1000,
            "L": "%d.%06d" % (seconds, micros),
            "p": "<%s>" % os.getpid(),
        }
        for suffix, pairs in (("i", getattr(req, "headers", req)), ("o", resp.headers), ("e", environ)):
            pairs = pairs.items() if hasattr(pairs, "items") else pairs
            atoms.update(("{%s}%s" % (name.lower(), suffix), value) for name, value in pairs)
        return atoms

    @property
    def access_log_enabled(self):
        """True if any setting gives access lines a place to go."""
        cfg = self.cfg
        return bool(
            cfg.accesslog
            or cfg.logconfig
            or cfg.logconfig_dict
            or cfg.logconfig_json
            or (cfg.syslog and not cfg.disable_redirect_access_to_syslog)
        )

    def access(self, resp, req, environ, request_time):
        """Logs one request, after its response; ``request_time`` is a timedelta."""
        if not self.access_log_enabled:
            return
        safe_atoms = self.atoms_wrapper_class(self.atoms(resp, req, environ, request_time))
        try:
            self.access_log.info(self.cfg.access_log_format, safe_atoms)
        except Exception:
            self.error(traceback.format_exc())

    def now(self):
        """The time as web servers write it."""
        return time.strftime("[%d/%b/%Y:%H:%M:%S %z]")

    def reopen_files(self):
        """Opens the files of all handlers anew, after a rotation; one that cannot be opened stays as it is."""
        failures = []
        for handler in file_handlers():
            handler.acquire()
            try:
                if handler.stream:
                    fresh = handler._open()
                    handler.stream.close()
                    handler.stream = fresh
            except OSError as e:
                failures.append(e)
            finally:
                handler.release()
        if failures:
            raise failures[0]

    def close_on_exec(self):
        """Nothing to do: Python opens files so that programs it starts do not inherit them (PEP 446)."""

    def _get_gunicorn_handler(self, log):
        for handler in log.handlers:
            if getattr(handler, "_gunicorn", False):
                return handler
        return None

    def _set_handler(self, log, output, fmt, stream=None):
        """Has a log go to a file, or for ``-`` to a stream, in place of where it went by settings before."""
        known = self._get_gunicorn_handler(log)
        if known is not None:
            log.removeHandler(known)
        if output is None:
            return
        if output == "-":
            handler = logging.StreamHandler(stream)
        else:
            try:
                handler = logging.FileHandler(output)
            except OSError as e:
                raise RuntimeError("Error: '%s' isn't writable [%r]" % (output, e)) from e
        self._add_handler(log, handler, fmt)

    def _set_syslog_handler(self, log, cfg, fmt, name):
        from logging.handlers import SysLogHandler

        prefix = cfg.syslog_prefix or (cfg.proc_name or cfg.default_proc_name).replace(":", ".")
        facility = SYSLOG_FACILITIES.get(cfg.syslog_facility.lower())
        if facility is None:
            raise RuntimeError("unknown facility name")
        socktype, addr = parse_syslog_address(cfg.syslog_addr)
        handler = SysLogHandler(address=addr, facility=facility, socktype=socktype)
        self._add_handler(log, handler, logging.Formatter("gunicorn.%s.%s: %s" % (prefix, name, fmt)))

    @staticmethod
    def _add_handler(log, handler, formatter):
        handler.setFormatter(formatter)
        handler._gunicorn = True
        log.addHandler(handler)

    def _get_user(self, environ):
        """The name a client has given by Basic authentication."""
        scheme, _, credentials = (environ.get("HTTP_AUTHORIZATION") or "").partition(" ")
        if not scheme.lower().startswith("basic") or not credentials:
            return None
        import base64

        try:
            return base64.b64decode(credentials.strip().encode()).partition(b":")[0].decode()
        except ValueError as e:
            self.debug("Couldn't get username: %s", e)
            return None


def _read_json(path):
    import json

    with open(path, encoding="utf-8") as file:
        found = json.load(file)
    if not isinstance(found, dict):
        raise ValueError("%s holds no object" % path)
    return found


def _said(error):
    """What an error and those behind it say, in one line and without repetition."""
    said = []
    while error is not None:
        text = " ".join(str(error).split())
        if isinstance(error, KeyError) or not text:
            text = " ".join((type(error).__name__, text)).strip()
        if not any(text in known for known in said):
            said.append(text)
        error = error.__cause__
    return ": ".join(said)
