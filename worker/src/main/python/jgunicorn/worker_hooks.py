"""The server hooks that run inside a worker, with the objects gunicorn's users expect.

The configuration is run again in the worker, because functions cannot cross from the master's process. Only made when the
configuration defines one of these hooks: requests then cost a little more.
"""

import ast

from jgunicorn import config_file, hook_objects

# Which objects each hook gets (gunicorn's settings of the same names).
_SIGNATURES = {
    "post_fork": ("server", "worker"),
    "post_worker_init": ("worker",),
    "worker_int": ("worker",),
    "worker_abort": ("worker",),
    "worker_exit": ("server", "worker"),
}


def make(source, names, settings_literal, identity, host):
    """Runs the configuration and returns the worker's hooks.

    ``source`` as for ``config_file.load``; ``names`` of the hooks to look for; ``settings_literal`` the effective settings as
    the text of a dict; ``identity`` is (age, pid, master's pid); ``host`` has ``log(level, text)``,
    ``metric(name, value, type)`` and ``retire()``.
    """
    found = config_file.find_hooks(config_file.load(source), list(names))
    cfg = hook_objects.Config(ast.literal_eval(settings_literal), found)
    log = hook_objects.Log(_Sink(host), cfg.loglevel)
    return WorkerHooks(found, cfg, log, identity, host)


class _Sink:
    def __init__(self, host):
        self._host = host

    def accept(self, level, text):
        self._host.log(level, text)

    def metric(self, name, value, kind):
        self._host.metric(name, value, kind)


class Request:
    """What ``pre_request`` and ``post_request`` see of a request; ``headers`` may be changed by ``pre_request``."""

    def __init__(self, environ, headers, number, cfg):
        version = environ["SERVER_PROTOCOL"].partition("/")[2].partition(".")
        self.method = environ["REQUEST_METHOD"]
        self.uri = environ["RAW_URI"]
        self.path = self.uri.partition("?")[0].partition("#")[0]
        self.query = environ["QUERY_STRING"]
        self.fragment = self.uri.partition("#")[2]
        self.version = (int(version[0] or 1), int(version[2] or 1))
        self.headers = headers
        self.trailers = []
        self.body = environ["wsgi.input"]
        self.scheme = environ["wsgi.url_scheme"]
        self.remote_addr = (environ["REMOTE_ADDR"], environ.get("REMOTE_PORT", ""))
        self.peer_addr = self.remote_addr
        self.req_number = number
        self.proxy_protocol_info = None
        self.cfg = cfg
        self.must_close = False

    def should_close(self):
        return self.must_close

    def force_close(self):
        self.must_close = True


class Response:
    """What ``post_request`` sees of a response."""

    def __init__(self, request, response):
        self.req = request
        self.cfg = request.cfg
        self.version = request.version
        self.status = response.status
        self.headers = list(response.headers or ())
        self.headers_sent = response.sent
        self.response_length = response.length
        self.must_close = request.must_close
        self.upgrade = False
        self.chunked = response.length is None
        self.sent = response.length or 0

    @property
    def status_code(self):
        word = (self.status or "").split(None, 1)[:1]
        return int(word[0]) if word and word[0].isdigit() else None


class WorkerHooks:
    """The hooks of one worker."""

    def __init__(self, hooks, cfg, log, identity, host):
        age, pid, ppid = identity
        self._hooks = hooks
        self._cfg = cfg
        self._host = host
        self.worker = hook_objects.Worker(age, ppid, cfg, log)
        self.worker.pid = pid
        self.server = hook_objects.Server(cfg, log)
        self.server.pid = ppid
        self._log = log
        self._before = hooks.get("pre_request")
        self._after = hooks.get("post_request")

    def loaded(self, app):
        """The application has been loaded."""
        self.worker.wsgi = app

    def set_log_level(self, level):
        """The error log takes what is at least of this level, whatever the settings say."""
        self._log.set_level(level)

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
            self._log.exception("Exception during %s:", name)

    def pre_request(self, environ):
        """Runs before the application; what the hook does to the headers reaches the environ."""
        self.worker.nr += 1
        headers = [
            (name[5:].replace("_", "-"), value) for name, value in environ.items() if name.startswith("HTTP_")
        ]
        for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            if name in environ:
                headers.append((name.replace("_", "-"), environ[name]))
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
                self._after(self.worker, request, environ, Response(request, response))
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
