"""Runs a script that starts its own server: ``jgunicorn run SCRIPT``, with gunicorn's BaseApplication in it.

The master runs the script to learn its settings, each worker runs it again to get the application: `run()` of the
application ends the script in both.
"""

import ast
import os
import sys
import types

from jgunicorn.config_file import ScriptError

PREFIX = "script:"

# What ran last: the literal that names it and the application it started.
_literal = None
_application = None


class _Started(SystemExit):
    """Ends a script as the end of gunicorn's run() does: nothing that comes after is to be run."""


def start(application):
    """Called by ``run()``: this is the application whose server is wanted."""
    global _application
    if _literal is None:
        raise RuntimeError("run() starts a server only in a script that was started with 'jgunicorn run SCRIPT'")
    _application = application
    raise _Started(0)


def run(literal):
    """Runs a script as ``python SCRIPT ARGUMENTS`` would and returns the application it starts.

    ``literal`` is a list as text: the script's absolute path, then ``sys.argv``.
    """
    global _literal, _application
    path, *sys.argv = ast.literal_eval(literal)
    _literal, _application = literal, None
    module = types.ModuleType("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    folder = os.path.dirname(path)
    if folder in sys.path:
        sys.path.remove(folder)
    sys.path.insert(0, folder)
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec")
    try:
        exec(code, vars(module))
    except _Started:
        pass
    if _application is None:
        raise ScriptError(
            f"{sys.argv[0]} has ended and started no server: it has to call run() of a"
            " gunicorn.app.base.BaseApplication (where it looks at __name__, that is '__main__')"
        )
    return _application


def started():
    """The application of the script that ran last, or None."""
    return _application


def application(literal):
    """The application of a script, which is run unless that has been done."""
    return _application if literal == _literal and _application is not None else run(literal)
