"""The server hooks that run inside a worker, with the objects gunicorn's users expect.

The configuration is run again in the worker, because functions cannot cross from the master's process. Only made when the
configuration defines one of these hooks: requests then cost a little more.
"""

import ast
import os
import signal

from jgunicorn import config_file, hook_config, hook_log, hook_objects
from jgunicorn.request_objects import Request, Response, header_fields

# Which objects each hook gets (gunicorn's settings of the same names).
_SIGNATURES = {
    "post_fork": ("server", "worker"),
    "post_worker_init": ("worker",),
    "worker_int": ("worker",),
    "worker_abort": ("worker",),
    "worker_exit": ("server", "worker"),
}


def make(source, names, settings_literal, identity_literal, host, logger=None):
    """Runs the configuration and returns the worker's hooks.

    ``source`` as for ``config_file.load``; ``names`` of the hooks to look for; ``settings_literal`` the effective settings as
    the text of a dict; ``identity_literal`` likewise, with age, pid, ppid and listeners (pairs of address and descriptor);
    ``host`` is WorkerHost.java; ``logger`` is None or the WorkerLog (worker_log.py), which has run the configuration already.
    """
    identity = ast.literal_eval(identity_literal)
    if logger is not None:
        return WorkerHooks(logger.hooks, logger.cfg, logger.logger, identity, host)
    found = config_file.find_hooks(config_file.load(source), list(names))
    cfg = hook_config.Config(ast.literal_eval(settings_literal), found)
    log = hook_log.Log(_Sink(host), cfg.loglevel)
    return WorkerHooks(found, cfg, log, identity, host)


class _Sink:
    def __init__(self, host):
        self._host = host

    def accept(self, level, text):
        self._host.log(level, text)

    def metric(self, name, value, kind):
        self._host.metric(name, value, kind)


class _Facts(hook_objects.WorkerFacts):
    def __init__(self, host):
        self._host = host

    def connections(self):
        return self._host.connections()

    def waiting(self):
        return self._host.waiting()

    def restart_deadlines(self):
        self._host.restartDeadlines()


class _MasterBySignals:
    """What a hook in a worker may ask of the master: what anybody may, by a signal."""

    def __init__(self, pid):
        self._pid = pid

    def scale(self, count):
        raise RuntimeError("num_workers can be assigned in hooks of the master only, such as when_ready or child_exit")

    def reload(self):
        os.kill(self._pid, signal.SIGHUP)

    def stop(self, graceful):
        os.kill(self._pid, signal.SIGTERM if graceful else signal.SIGINT)


class _Counting:
    """An exchange that counts the bytes of the response's body."""

    def __init__(self, exchange):
        self._exchange = exchange
        self.sent = 0

    def __getattr__(self, name):
        return getattr(self._exchange, name)

    def respond(self, status, flat, count, body):
        problem = self._exchange.respond(status, flat, count, body)
        self.sent += len(body)
        return problem

    def write(self, data):
        self.sent += len(data)
        return self._exchange.write(data)

    def sendFile(self, fd, offset, length):
        self.sent += os.fstat(fd).st_size - offset if length < 0 else length
        return self._exchange.sendFile(fd, offset, length)


class WorkerHooks:
    """The hooks of one worker."""

    def __init__(self, hooks, cfg, log, identity, host):
        age, pid, ppid = identity["age"], identity["pid"], identity["ppid"]
        self._hooks = hooks
        self._cfg = cfg
        self._host = host
        self._log = log
        self._before = hooks.get("pre_request")
        self._after = hooks.get("post_request")
        self.app = hook_objects.application(cfg)
        sockets = [hook_objects.BaseSocket.of(*listener) for listener in identity["listeners"]]
        self.server = hook_objects.Server(self.app, log, _MasterBySignals(ppid))
        self.server.pid = ppid
        self.server.worker_age = age
        self.server.LISTENERS[:] = sockets
        self.worker = cfg.worker_class(age, ppid, sockets, self.app, cfg.timeout, cfg, log)
        self.worker.pid = pid
        self.worker._facts = _Facts(host)

    def loaded(self, app):
        """The application has been loaded."""
        self.app.callable = app
        self.worker.wsgi = app

    def booted(self):
        """Nothing is left to do before the first request."""
        self.worker.booted = True

    def counting(self, exchange):
        """The exchange of a response of which ``post_request`` is told."""
        return exchange if self._after is None else _Counting(exchange)

    def set_log_level(self, level):
        """The error log takes what is at least of this level, whatever the settings say."""
        set_level = getattr(self._log, "set_level", None)
        if set_level is not None:  # else it is a Logger, and the Java side has seen to it
            set_level(level)

    def run(self, name):
        """Runs a hook that belongs to the worker's life; does nothing if it is not defined."""
        hook = self._hooks.get(name)
        if hook is None:
            return
        if name == "worker_abort":
            self.worker.aborted = True
        hook(*[getattr(self, argument) for argument in _SIGNATURES[name]])

    def run_safely(self, name):
        """Like ``run``, for moments at which a failing hook must change nothing: it is logged."""
        try:
            self.run(name)
        except BaseException:
            self._log.warning("Exception during %s hook", name, exc_info=True)

    def pre_request(self, environ):
        """Runs before the application; what the hook does to the headers reaches the environ."""
        self.worker.nr += 1
        headers = header_fields(environ)
        request = Request(environ, headers, self.worker.nr, self._cfg)
        if self._before is not None:
            before = list(headers)
            self._before(self.worker, request)
            if request.headers != before:
                _replace_headers(environ, request.headers)
        return request

    def post_request(self, request, environ, response):
        """Runs after the response; a failure is logged. A worker set to ``alive = False`` retires."""
        if self._after is not None:
            try:
                sent = 0 if request.method == "HEAD" else response.exchange.sent
                shown = Response.of(request, response, sent)
                self._after(self.worker, request, environ, shown)
            except BaseException:
                self._log.exception("Exception in post_request hook")
        if not self.worker.alive:
            self._host.retire()


def _replace_headers(environ, headers):
    for name in [name for name in environ if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")]:
        del environ[name]
    for name, value in headers:
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = "HTTP_" + key
        environ[key] = environ[key] + "," + value if key in environ else value
