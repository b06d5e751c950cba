"""Has ``import gunicorn`` find our package of that name, whatever else is installed, and say what is not in it.

The real one cannot run here. Where a virtual environment or an application's folder has one, or a ``gunicorn.py``, ours
is meant all the same.
"""

import importlib._bootstrap_external as external
import sys

_ADVICE = {
    "gunicorn.app.pasterapp": "name the .ini file with --paste",
    "gunicorn.asgi": "only WSGI applications are served",
    "gunicorn.ctl": "'jgunicorn ctl --json' talks to a running server",
    "gunicorn.debug": "the setting spew is not there",
    "gunicorn.dirty": "there are no dirty workers; give long work to a task queue",
    "gunicorn.http2": "a proxy such as nginx talks HTTP/2 to browsers",
    "gunicorn.pidfile": "the setting pidfile writes one",
    "gunicorn.reloader": "the settings reload and reload_extra_files watch files",
    "gunicorn.systemd": "systemd's sockets and notifications are used without your help",
    "gunicorn.uwsgi": "have the proxy talk HTTP (nginx: proxy_pass)",
    "gunicorn.workers.gasgi": "only WSGI applications are served",
}
_OTHERWISE = "leave it out, or use another way; docs/differences.md lists what is here"


def install():
    """Call before anything else can import gunicorn."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder(__file__.rpartition("/")[0].rpartition("/")[0]))


def missing_attribute(module):
    """The ``__getattr__`` of one of our gunicorn modules."""

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        raise AttributeError(_explained(f"{module}.{name}"))

    return __getattr__


def _explained(name):
    advice = _OTHERWISE
    part = name
    while part:
        if part in _ADVICE:
            advice = _ADVICE[part]
            break
        part = part.rpartition(".")[0]
    return f"{name} is not there: jgunicorn has only those parts of gunicorn that applications and configurations use; {advice}"


class _Finder:
    def __init__(self, folder):
        self._folder = folder

    def find_spec(self, name, path=None, target=None):
        if name == "gunicorn":
            path = [self._folder]
        elif not name.startswith("gunicorn."):
            return None
        spec = external.PathFinder.find_spec(name, path, target)
        if spec is None:
            # Without its name: 'from gunicorn.util import x' would otherwise swallow what is said.
            raise ModuleNotFoundError(_explained(name))
        if spec.submodule_search_locations is None:
            # Has 'from gunicorn.util import x' look for a module gunicorn.util.x, here, before it gives up.
            spec.submodule_search_locations = []
        return spec
