"""What hooks get to see beside configuration and log: the arbiter, its workers and its sockets.

Used in the master and, for the hooks that run there, in workers.
"""

import os
import sys
import time

BOOTING = "[booting]"


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
