"""The Logger of a process (see gunicorn.glogging) and what the Java side does with it (PythonLog.java).

Used only where the configuration asks for logs through Python's logging.
"""

import ast
import importlib
import inspect
import logging
import os
import sys
import threading
import traceback

from gunicorn import glogging
from jgunicorn import config_file, hook_config, strftime

strftime.install()  # gunicorn's date format has a %z

_PLAIN_CLASSES = ("gunicorn.glogging.Logger", "simple")


class Refused:
    """There is no Logger, for a reason that is one line for the operator."""

    def __init__(self, problem):
        self.problem = problem


def configuration(settings, namespace, hooks=()):
    """What a Logger gets as ``cfg``: effective settings, but objects as the configuration file has them.

    ``settings`` is a dict; ``namespace`` holds what the file defines; ``hooks`` are the functions found there, by name.
    """
    values = dict(settings)
    values["logconfig_dict"] = namespace.get("logconfig_dict") or {}
    values["logger_class"] = logger_class(values["logger_class"], namespace)
    return hook_config.Config(values, dict(hooks))


def logger_class(name, namespace):
    """The class that ``logger_class`` names, or that the configuration file holds, or that its function returns."""
    defined = namespace.get("logger_class")
    if inspect.isfunction(defined) or inspect.ismethod(defined):
        defined = defined()
    if inspect.isclass(defined) and f"{defined.__module__}.{defined.__qualname__}" == name:
        return defined
    if name in _PLAIN_CLASSES:
        return glogging.Logger
    try:
        found = _imported(name)
    except Exception as e:
        raise RuntimeError(
            f"logger_class = {name!r} cannot be used: {e}. It must be a class, a function that returns one, or MODULE.CLASS"
        ) from e
    if not callable(found):
        raise RuntimeError(f"logger_class = {name!r} cannot be used: it is a {type(found).__name__}, not a class")
    return found


def _imported(path):
    module, dot, name = path.rpartition(".")
    if not dot:
        raise ImportError("it names no module")
    found = importlib.import_module(module)
    if not hasattr(found, name):
        raise ImportError(f"there is no {name} in {module}")
    return getattr(found, name)


def open_in_master(settings_literal, evaluated):
    """The master's Logger, or why there can be none; ``evaluated`` is the configuration file's (config_file.py) or None."""
    settings = ast.literal_eval(settings_literal)
    os.chdir(settings["chdir"])
    config_file.put_first(settings["chdir"])
    for folder in (settings["pythonpath"] or "").split(","):
        if folder.strip():
            config_file.put_first(os.path.abspath(folder.strip()))
    return opened(lambda: _cfg(settings, evaluated))


def _cfg(settings, evaluated):
    if evaluated is None:
        return configuration(settings, {})
    return evaluated.configuration(settings)


def opened(configure, side=None):
    """A LoggerSide, or a subclass of it, for the configuration that a function returns; or Refused."""
    try:
        cfg = configure()
        found = cfg.logger_class
        if hasattr(found, "install"):
            found.install()
        return (side or LoggerSide)(found(cfg), cfg)
    except Exception as e:
        return Refused(told(e))


def told(error):
    """One line about an exception; where it was raised, unless it is meant for the operator."""
    text = " ".join(str(error).split())
    if isinstance(error, RuntimeError) and text:
        return text
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
    return f"the logger cannot be set up: {type(error).__name__}: {text}{place}"


class _Moment(logging.Filter):
    """Gives records that the Java side makes the time at which their line was written there."""

    def __init__(self):
        super().__init__()
        self._here = threading.local()

    def set(self, created):
        self._here.created = created

    def filter(self, record):
        created = getattr(self._here, "created", None)
        if created is not None:
            record.relativeCreated += (created - record.created) * 1000
            record.created = created
            record.msecs = int((created - int(created)) * 1000) + 0.0
        return True


class LoggerSide:
    """A Logger, as the Java side sees it."""

    problem = ""

    def __init__(self, logger, cfg):
        self.logger = logger
        self.cfg = cfg
        self._moment = _Moment()
        self._log().addFilter(self._moment)

    def _log(self):
        return getattr(self.logger, "error_log", None) or logging.getLogger("gunicorn.error")

    def write(self, level, text, created):
        """Logs a line of the server's own; returns why the Logger could not, or an empty text."""
        self._moment.set(created)
        try:
            getattr(self.logger, level)(text)
            return ""
        except Exception:
            return traceback.format_exc()
        finally:
            self._moment.set(None)

    def level(self):
        """Name of the least level that the error log takes."""
        if not isinstance(getattr(self.logger, "error_log", None), logging.Logger):
            return str(self.cfg.loglevel)
        least = self.logger.error_log.getEffectiveLevel()
        levels = glogging.Logger.LOG_LEVELS
        taken = [name for name in levels if levels[name] >= least]
        return min(taken, key=levels.get) if taken else "critical"

    def set_level(self, name):
        """The error log takes what is at least of this level, whatever the configuration says."""
        level = glogging.Logger.LOG_LEVELS.get(name, logging.INFO)
        self._log().setLevel(level)
        self.logger.loglevel = level

    def set_up(self, settings_literal, evaluated):
        """Follows other settings; returns why it cannot, and then follows those from before, or an empty text."""
        before = self.cfg
        try:
            self.cfg = _cfg(ast.literal_eval(settings_literal), evaluated)
            self._set_up(self.cfg)
            return ""
        except Exception as e:
            self.cfg = before
            try:
                self._set_up(before)
            except Exception as again:
                return f"{told(e)}; nor can the settings from before: {told(again)}"
            return told(e)

    def _set_up(self, cfg):
        set_up = getattr(self.logger, "setup", None)
        if set_up is not None:
            set_up(cfg)
        self._log().addFilter(self._moment)

    def reopen(self):
        """Opens log files anew; returns why one could not be, or an empty text."""
        try:
            reopen_files = getattr(self.logger, "reopen_files", None)
            if reopen_files is not None:
                reopen_files()
            return ""
        except Exception as e:
            return f"Can't reopen a log file: {e}"

    def files(self):
        """Every file that a handler writes, by its full name."""
        return [handler.baseFilename for handler in glogging.file_handlers()]

    def write_raw(self, text):
        """Text without a prefix, to where the error log goes: what the application writes to ``wsgi.errors``."""
        handlers = self._log().handlers
        streams = []
        if self.cfg.errorlog == "-":
            streams.append(sys.stderr)
            handlers = handlers[1:]  # the one that goes there too
        for handler in handlers:
            stream = getattr(handler, "stream", None)
            if stream is not None and stream not in streams:
                streams.append(stream)
        for stream in streams:
            try:
                stream.write(text)
                stream.flush()
            except (OSError, ValueError):
                pass  # a full disk, or a stream that has just been closed for a rotation: there is no better place
