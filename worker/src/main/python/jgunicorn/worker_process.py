"""What a worker does in Python before its first request: paths, guards, hooks, the application."""

import importlib.machinery
import os
import re
import signal
import sys

from jgunicorn import affinity, app_loader, settings_host, sleeping, strftime, wsgi

# The worker owns these; an application that takes one would take the server's shutdown or its log rotation.
_OWNED_SIGNALS = frozenset(("SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGABRT", "SIGUSR1", "SIGUSR2", "SIGWINCH"))

# Exit codes the master knows (gunicorn): the worker could not boot; the application could not be found.
WORKER_BOOT_ERROR = 3
APP_LOAD_ERROR = 4


def prepare(host, settings, catalogue):
    """Sets up the interpreter before any code of the operator's runs: the configuration file included.

    ``catalogue`` is SettingsHost.java.
    """
    affinity.complete()
    settings_host.use(catalogue)
    sys.argv = ["jgunicorn"]  # empty in this runtime, and many programs look at its first item
    set_up_paths(settings)
    set_up_time_zones()
    strftime.install()
    sleeping.install()
    guard_signals(host)
    explain_greenlets()
    set_up_regular_expressions()


def boot(host, spec, settings, hooks, log=None):
    """Loads the application; returns ``serve`` and the same without hooks, or None after having told the host why not.

    ``host`` is the Java side: ``log(level, text)``, ``errors(text)``, ``bootFailed(code, text)``.
    ``settings`` has the keys chdir, pythonpath, multithread, multiprocess, server_software, log_environ, and paste_variables:
    None unless ``spec`` names a PasteDeploy file.
    ``hooks`` is None or the worker's hooks (see worker_hooks.py); ``log`` is None or its Logger (worker_log.py).
    """
    try:
        if hooks is not None:
            hooks.run("post_fork")
        variables = settings["paste_variables"]
        app = load(spec) if variables is None else app_loader.load_paste(spec, variables)
        if hooks is not None:
            hooks.loaded(app)
            hooks.run("post_worker_init")
            hooks.booted()
        base = wsgi.base_environ(settings, wsgi.Errors(host.errors if log is None else log.write_raw))
        names = tuple(settings["log_environ"])
        serve = wsgi.make_serve(app, base, hooks, log, names)
        return serve, serve if hooks is None and log is None else wsgi.make_serve(app, base, None, None, names)
    except app_loader.AppImportError as error:
        host.bootFailed(APP_LOAD_ERROR, app_loader.failure_text(error))
    except BaseException as error:
        host.bootFailed(WORKER_BOOT_ERROR, app_loader.failure_text(error))
    return None


def load(spec):
    """The application of an app spec, or of a script (see script.py)."""
    if not spec.startswith("script:"):
        return app_loader.load(spec)
    from jgunicorn import script

    app = script.application(spec.removeprefix("script:")).wsgi()
    if app is None or not callable(app):
        raise app_loader.AppImportError("load() of the script's application has returned %r, which is no WSGI application" % (app,))
    return app


def set_up_paths(settings):
    """Puts the folders of ``pythonpath``, then ``chdir``, before what the runtime set up (PYTHONPATH, library, packages)."""
    path = []
    for entry in list(settings["pythonpath"]) + [settings["chdir"]] + sys.path:
        if entry not in path:
            path.append(entry)
    sys.path[:] = path


def set_up_regular_expressions():
    """Uses one, so that the runtime sets up its engine for them now.

    It has all threads stop for that, which has been seen never to end where one of them waited for the interpreter.
    """
    re.compile("").match("")


def set_up_time_zones():
    """zoneinfo looks nowhere by itself in this runtime: name the system's database when there is one."""
    if "PYTHONTZPATH" not in os.environ:
        folders = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")
        found = [folder for folder in folders if os.path.isdir(folder)]
        if found:
            os.environ["PYTHONTZPATH"] = os.pathsep.join(found)


def guard_signals(host):
    """Keeps the worker's own signals: an application's handler for one of them is remembered, not installed."""
    install = signal.signal
    get = signal.getsignal
    claimed = {}

    def owned_name(signalnum):
        try:
            name = signal.Signals(signalnum).name
        except ValueError:
            return None
        return name if name in _OWNED_SIGNALS else None

    def guarded(signalnum, handler):
        name = owned_name(signalnum)
        if name is None:
            return install(signalnum, handler)
        previous = claimed.get(name, signal.SIG_DFL)
        claimed[name] = handler
        host.log("debug", "signal.signal(%s) in the application is ignored: the server owns this signal" % name)
        return previous

    def guarded_get(signalnum):
        name = owned_name(signalnum)
        return get(signalnum) if name is None else claimed.get(name, signal.SIG_DFL)

    signal.signal = guarded
    signal.getsignal = guarded_get


class _NoGreenlets:
    """Says why an installed gevent or greenlet cannot be imported, instead of what its C code trips over."""

    _NAMES = frozenset(("greenlet", "gevent", "eventlet"))

    def find_spec(self, name, path=None, target=None):
        if name not in self._NAMES or importlib.machinery.PathFinder.find_spec(name, path, target) is None:
            return None
        return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec):
        raise ImportError(
            "%s cannot run under jgunicorn: greenlets switch machine stacks, which the JVM does not allow. Without it,"
            " -k gthread (or the existing -k gevent) runs requests on threads." % spec.name,
            name=spec.name,
        )

    def exec_module(self, module):
        raise AssertionError("create_module has raised")


def explain_greenlets():
    sys.meta_path.insert(0, _NoGreenlets())
