"""What hooks get to see: the configuration, the log, the arbiter and its workers.

Used in the master and, for the hooks that run there, in workers. `sink` is a Java object with
`accept(level, text)` and `metric(name, value, type)`, or anything that has such a method.
"""

import logging
import os

LOGGER_NAME = "gunicorn.error"
BOOTING = "[booting]"


class Config:
    """Every setting as an attribute, read only."""

    def __init__(self, settings, hooks=None):
        values = dict(settings)
        values.update(hooks or {})
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_hooks", dict(hooks or {}))

    def __getattr__(self, name):
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(f"No configuration setting for: {name}") from None

    def __setattr__(self, name, value):
        if name in self._values:
            raise AttributeError("Invalid access!")
        object.__setattr__(self, name, value)

    def hook(self, name):
        return self._hooks[name]

    def has_hook(self, name):
        return name in self._hooks

    @property
    def settings(self):
        """Objects with `name` and `get()`, by name."""
        return {name: Setting(self, name) for name in self._values}

    def set(self, name, value):
        """Changes what this configuration shows; the running server does not look again."""
        if name not in self._values:
            raise AttributeError(f"No configuration setting for: {name}")
        self._values[name] = value

    @property
    def address(self):
        return list(self._values["bind"])

    @property
    def uid(self):
        return self._values["user"]

    @property
    def gid(self):
        return self._values["group"]

    @property
    def env(self):
        return dict(item.split("=", 1) for item in self._values["raw_env"])

    @property
    def is_ssl(self):
        return bool(self._values["certfile"] or self._values["keyfile"])

    @property
    def worker_class_str(self):
        name = self._values["worker_class"]
        return "gthread" if name == "sync" and self._values["threads"] > 1 else name

    def __str__(self):
        width = max(len(name) for name in self._values)
        lines = []
        for name in sorted(self._values):
            value = self._values[name]
            if callable(value):
                value = f"<{value.__qualname__}()>"
            lines.append(f"{name:{width}} = {value}")
        return "\n".join(lines)


class Setting:
    """One setting of a Config."""

    def __init__(self, config, name):
        self._config = config
        self.name = name

    def get(self):
        return getattr(self._config, self.name)

    def set(self, value):
        self._config.set(self.name, value)


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


class Worker:
    """A worker, as hooks know it. Hooks may hang attributes of their own on it."""

    def __init__(self, age, ppid, cfg, log):
        self.age = age
        self.pid = BOOTING
        self.ppid = ppid
        self.cfg = cfg
        self.log = log
        self.timeout = cfg.timeout
        self.nr = 0
        self.alive = True
        self.booted = False
        self.aborted = False

    def __str__(self):
        return f"<Worker {self.pid}>"


class Listener:
    """A listening socket, by its address only."""

    def __init__(self, address):
        self._address = address

    def __str__(self):
        return self._address


class Server:
    """The arbiter, as hooks know it."""

    def __init__(self, cfg, log):
        self.cfg = cfg
        self.log = log
        self.pid = os.getpid()
        self.master_pid = 0
        self.master_name = "Master"
        self.proc_name = cfg.proc_name or cfg.default_proc_name
        self.address = cfg.address
        self.num_workers = cfg.workers
        self.timeout = cfg.timeout
        self.worker_class = cfg.worker_class_str
        self.worker_age = 0
        self.pidfile = cfg.pidfile
        self.reexec_pid = 0
        self.systemd = False
        self.LISTENERS = []
        self.WORKERS = {}

    def kill_worker(self, pid, sig):
        """Sends a signal to one worker."""
        os.kill(pid, sig)

    def kill_workers(self, sig):
        """Sends a signal to every worker."""
        for pid in list(self.WORKERS):
            self.kill_worker(pid, sig)


class MasterObjects:
    """Keeps the one Server and the Workers, so that what hooks hang on them stays."""

    def __init__(self, cfg, log):
        self.cfg = cfg
        self.log = log
        self.server = Server(cfg, log)
        self._workers = {}

    def arguments(self, descriptions):
        """Turns what the master says (see ConfigModule.java) into objects."""
        return [self._argument(*description) for description in descriptions]

    def forget_dead(self):
        """Drops workers that had a pid and are no longer among the living; call after a hook."""
        alive = self.server.WORKERS.values()
        self._workers = {
            age: worker
            for age, worker in self._workers.items()
            if worker.pid == BOOTING or worker in alive
        }

    def _argument(self, kind, *rest):
        if kind == "server":
            return self._update_server(*rest)
        if kind == "worker":
            return self._worker(*rest)
        return rest[0]

    def _update_server(self, facts, workers):
        server = self.server
        addresses = facts.pop("addresses")
        for name, value in facts.items():
            setattr(server, name, value)
        server.LISTENERS = [Listener(address) for address in addresses]
        alive = [self._worker(*worker[1:]) for worker in workers]
        server.WORKERS = {worker.pid: worker for worker in alive}
        server.worker_age = max([server.worker_age] + [worker.age for worker in alive])
        return server

    def _worker(self, age, pid):
        worker = self._workers.get(age)
        if worker is None:
            worker = Worker(age, self.server.pid, self.cfg, self.log)
            self._workers[age] = worker
        if pid is not None:
            worker.pid = pid
        return worker
