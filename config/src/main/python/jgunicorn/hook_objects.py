"""What hooks get to see: the configuration, the log, the arbiter and its workers.

Used in the master and, for the hooks that run there, in workers. `sink` is a Java object with
`accept(level, text)` and `metric(name, value, type)`, or anything that has such a method.
"""

import logging
import os
import sys
import time

LOGGER_NAME = "gunicorn.error"
BOOTING = "[booting]"
SSL_SETTINGS = (
    "certfile",
    "keyfile",
    "cert_reqs",
    "ca_certs",
    "ciphers",
    "ssl_version",
    "do_handshake_on_connect",
    "suppress_ragged_eofs",
)


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
        """Where to listen: (host, port), the path of a Unix socket or a descriptor's number."""
        from gunicorn import util

        return [util.parse_address(bind) for bind in self._values["bind"]]

    @property
    def uid(self):
        return self._values["user"]

    @property
    def gid(self):
        return self._values["group"]

    @property
    def proc_name(self):
        name = self._values["proc_name"]
        return self._values["default_proc_name"] if name is None else name

    @property
    def env(self):
        return dict(item.split("=", 1) for item in self._values["raw_env"])

    @property
    def env_orig(self):
        """The environment at the start of this process."""
        from jgunicorn import config_file

        return dict(config_file.first_environment)

    @property
    def is_ssl(self):
        return bool(self._values["certfile"] or self._values["keyfile"])

    @property
    def ssl_options(self):
        return {name: self._values[name] for name in SSL_SETTINGS if name in self._values}

    @property
    def worker_class_str(self):
        name = self._values["worker_class"]
        if isinstance(name, type):
            return name.__name__
        is_sync = name == "sync" or name.endswith("SyncWorker")
        return "gthread" if is_sync and self._values["threads"] > 1 else name

    @property
    def worker_class(self):
        from gunicorn import util

        value = self._values["worker_class"]
        return util.load_class(value if isinstance(value, type) else self.worker_class_str)

    @property
    def logger_class(self):
        from gunicorn import util

        return util.load_class(self._values["logger_class"], "gunicorn.glogging.Logger", "gunicorn.loggers")

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


class Application:
    """The application that is served, as ``server.app`` and ``worker.app``."""

    def __init__(self, cfg):
        self.cfg = cfg
        self.callable = None

    def wsgi(self):
        """The WSGI application, loaded once."""
        if self.callable is None:
            from gunicorn import util

            self.callable = util.import_app(self.cfg.wsgi_app)
        return self.callable


def application(cfg):
    """The application of this process, with its effective configuration: that of a script, if one is run."""
    script = sys.modules.get("jgunicorn.script")
    app = (script and script.started()) or Application(cfg)
    app.cfg = cfg
    return app


class _Heartbeat:
    """What is known of a worker being alive, as ``worker.tmp``."""

    def __init__(self, last=None):
        self._last = last

    def last_update(self):
        """When it was last heard of, as ``time.monotonic()``; a worker itself is always alive."""
        return time.monotonic() if self._last is None else self._last


class WorkerFacts:
    """Numbers that only the worker's own process knows."""

    def connections(self):
        return 0

    def waiting(self):
        """Requests that wait for a thread."""
        return 0

    def restart_deadlines(self):
        """The requests that run may take their whole time again."""


class Worker:
    """A worker, as hooks know it. Hooks may hang attributes of their own on it."""

    def __init__(self, age, ppid, sockets, app, timeout, cfg, log):
        self.age = age
        self.pid = BOOTING
        self.ppid = ppid
        self.sockets = sockets
        self.app = app
        self.wsgi = None
        self.timeout = timeout
        self.cfg = cfg
        self.log = log
        self.nr = 0
        self.max_requests = cfg.max_requests or sys.maxsize
        self.alive = True
        self.booted = False
        self.aborted = False
        self.reloader = None
        self.tmp = _Heartbeat()
        self._facts = WorkerFacts()

    def heard(self, seconds_ago):
        """Told in the master."""
        self.tmp = _Heartbeat(time.monotonic() - seconds_ago)

    def notify(self):
        """Says that the worker is alive: its requests may take their whole ``timeout`` again."""
        self._facts.restart_deadlines()

    def __str__(self):
        return f"<Worker {self.pid}>"


class BaseSocket:
    """A listening socket, which is the server's: it cannot be closed here."""

    # By address and descriptor, kept for ever: Python closes a socket that nobody uses any more.
    _borrowed = {}

    def __init__(self, address, descriptor):
        self._address = address
        self._descriptor = descriptor

    @staticmethod
    def of(address, descriptor):
        """The socket of an address as the log shows it."""
        if address.startswith("unix:"):
            return UnixSocket(address, descriptor)
        return (TCP6Socket if "[" in address else TCPSocket)(address, descriptor)

    def fileno(self):
        return self._descriptor

    @property
    def sock(self):
        """The ``socket.socket``; to look at, since connections are accepted in Java."""
        import socket

        key = (self._address, self._descriptor)
        if key not in self._borrowed:
            self._borrowed[key] = socket.socket(fileno=self._descriptor)
        return self._borrowed[key]

    def getsockname(self):
        return self.sock.getsockname()

    def __str__(self):
        return self._address


class TCPSocket(BaseSocket):
    """Bound to an IPv4 address."""


class TCP6Socket(TCPSocket):
    """Bound to an IPv6 address."""


class UnixSocket(BaseSocket):
    """Bound to a path."""


class Pidfile:
    """The file with the master's process id."""

    def __init__(self, fname, pid):
        self.fname = fname
        self.pid = pid


class Server:
    """The arbiter, as hooks know it."""

    def __init__(self, app, log=None, controls=None):
        self.app = app
        self.cfg = app.cfg
        self.log = log
        self._controls = controls
        self.pid = os.getpid()
        self.master_pid = 0
        self.master_name = "Master"
        self.proc_name = self.cfg.proc_name
        self.address = self.cfg.address
        self._num_workers = self.cfg.workers
        self.timeout = self.cfg.timeout
        self.worker_age = 0
        self.pidfile = Pidfile(self.cfg.pidfile, self.pid) if self.cfg.pidfile else None
        self.reexec_pid = 0
        self.systemd = False
        self.LISTENERS = []
        self.WORKERS = {}
        self.START_CTX = {"args": [sys.executable] + sys.argv, "cwd": os.getcwd(), 0: sys.executable}

    @property
    def worker_class(self):
        return self.cfg.worker_class

    @property
    def num_workers(self):
        return self._num_workers

    @num_workers.setter
    def num_workers(self, count):
        """Takes effect, and calls nworkers_changed, soon after the hook."""
        count = int(count)
        self._controls.scale(count)
        self._num_workers = count

    def kill_worker(self, pid, sig):
        """Sends a signal to one worker; one that is gone is forgotten."""
        try:
            os.kill(pid, sig)
        except ProcessLookupError:
            self.WORKERS.pop(pid, None)

    def kill_workers(self, sig):
        """Sends a signal to every worker."""
        for pid in list(self.WORKERS):
            self.kill_worker(pid, sig)

    def manage_workers(self):
        """Nothing is to be done: after each hook the master starts the workers it lacks and ends those it has too many."""

    def spawn_worker(self):
        """The same: workers beyond ``num_workers`` would not stay."""
        self.manage_workers()

    def wakeup(self):
        """The master looks around by itself."""

    def reload(self):
        """As HUP does, soon after the hook."""
        self._controls.reload()

    def stop(self, graceful=True):
        """As TERM or, without grace, INT does, soon after the hook."""
        self._controls.stop(bool(graceful))

    def halt(self, reason=None, exit_status=0):
        """Leaves the hook; the server stops with this status."""
        from gunicorn.errors import HaltServer

        raise HaltServer(reason, exit_status)

    def run(self):
        """Runs the server of a script ('jgunicorn run SCRIPT'), and does not return."""
        from jgunicorn import script

        script.start(self.app)


class MasterObjects:
    """Keeps the one Server and the Workers, so that what hooks hang on them stays."""

    def __init__(self, app, log, controls=None):
        self.cfg = app.cfg
        self.log = log
        self.server = Server(app, log, controls)
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
        server._num_workers = facts.pop("num_workers")
        listeners = zip(facts.pop("addresses"), facts.pop("descriptors"))
        for name, value in facts.items():
            setattr(server, name, value)
        if server.pidfile is not None:
            server.pidfile.pid = server.pid
        server.LISTENERS[:] = [BaseSocket.of(*listener) for listener in listeners]
        alive = [self._worker(*worker[1:]) for worker in workers]
        server.WORKERS = {worker.pid: worker for worker in alive}
        server.worker_age = max([server.worker_age] + [worker.age for worker in alive])
        return server

    def _worker(self, age, pid, silence=0.0):
        server = self.server
        worker = self._workers.get(age)
        if worker is None:
            worker = self.cfg.worker_class(
                age, server.pid, server.LISTENERS, server.app, self.cfg.timeout, self.cfg, self.log
            )
            self._workers[age] = worker
        if pid is not None:
            worker.pid = pid
        worker.heard(silence)
        return worker
