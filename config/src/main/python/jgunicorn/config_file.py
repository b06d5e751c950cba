"""Runs a configuration file or module and describes what it defines.

The master uses `evaluate`; a worker, which only needs the functions, uses `load` and `find_hooks`.
"""

import importlib
import importlib.machinery
import importlib.util
import inspect
import os
import sys
import traceback

from jgunicorn import affinity

MODULE_NAME = "__config__"
CLASS_SETTINGS = ("worker_class", "logger_class")
LONG_MIN, LONG_MAX = -(1 << 63), (1 << 63) - 1

first_environment = dict(os.environ)


class ScriptError(Exception):
    """A script (see script.py) starts no server; the text is for the operator."""


class _UncachedLoader(importlib.machinery.SourceFileLoader):
    """Compiles the file anew each time: an edit within the same second must not be missed."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def put_first(folder):
    """Puts a folder at the start of sys.path unless it is there already."""
    if folder not in sys.path:
        sys.path.insert(0, folder)


def load(source):
    """The names defined by `file:PATH`, which is run, or `python:MODULE`, which is imported.

    Of `script:...` (see script.py), which is run: the settings that its application was given.
    """
    kind, _, rest = source.partition(":")
    if kind == "script":
        from jgunicorn import script

        return script.run(rest).cfg.given
    if kind == "python":
        return vars(importlib.import_module(rest))
    if rest.endswith(".pyc"):
        loader = importlib.machinery.SourcelessFileLoader(MODULE_NAME, rest)
    else:
        loader = _UncachedLoader(MODULE_NAME, rest)
    spec = importlib.util.spec_from_file_location(MODULE_NAME, rest, loader=loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE_NAME] = module
    spec.loader.exec_module(module)
    return vars(module)


def find_hooks(namespace, names):
    """The functions among `names`, by name; import strings are followed."""
    hooks = {}
    for name in names:
        value = namespace.get(name)
        if isinstance(value, str):
            value = import_object(value)
        if callable(value):
            hooks[name] = value
    return hooks


def import_object(path):
    """The object an import string `module.name` leads to; TypeError says why there is none."""
    module_name, dot, name = path.rpartition(".")
    if not dot:
        raise TypeError(
            f"Value '{path}' is not import string. Format: module[.submodules...].object"
        )
    try:
        return getattr(importlib.import_module(module_name), name)
    except ImportError as e:
        raise TypeError(str(e)) from e
    except AttributeError as e:
        raise TypeError(f"Can not load '{name}' from '{module_name}'") from e


def arity(function):
    """How many positional parameters a callable has, -1 if it does not tell."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return -1
    positional = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    )
    return sum(parameter.kind in positional for parameter in parameters)


def describe(value):
    """A value as a tuple that starts with a tag; see RawValues.java."""
    if value is None:
        return ("none",)
    if isinstance(value, bool):
        return ("bool", bool(value))
    if isinstance(value, int):
        if LONG_MIN <= value <= LONG_MAX:
            return ("int", int(value))
        return ("other", "int", str(value), repr(value))
    if isinstance(value, str):
        return ("str", str.__str__(value))
    if isinstance(value, dict):
        return ("dict", [(describe(k), describe(v)) for k, v in value.items()])
    if isinstance(value, (list, tuple, set, frozenset)):
        kind = "tuple" if isinstance(value, tuple) else type(value).__name__
        return ("items", kind, [describe(item) for item in value])
    if inspect.isgenerator(value):
        return ("items", "list", [describe(item) for item in value])
    if inspect.isclass(value):
        path = f"{value.__module__}.{value.__qualname__}"
        return ("class", path, arity(value), str(value))
    if callable(value):
        name = getattr(value, "__qualname__", type(value).__qualname__)
        return ("function", name, arity(value), str(value))
    return ("other", type(value).__name__, str(value), repr(value))


def describe_setting(name, value, hooks=()):
    """Like `describe`, with what a setting's own kind asks for."""
    if name in hooks and isinstance(value, str):
        try:
            return describe(import_object(value))
        except TypeError as e:
            return ("unresolved", value, str(e))
    if name in CLASS_SETTINGS and (inspect.isfunction(value) or inspect.ismethod(value)):
        value = value()
    return describe(value)


def definition_lines(path):
    """The line in which a Python file defines each name, where it can only be one."""
    import ast

    def stored(target):
        nodes = ast.walk(target)
        return [n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]

    def names(statement):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return [statement.name]
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            return [(a.asname or a.name).partition(".")[0] for a in statement.names]
        if isinstance(statement, (ast.With, ast.AsyncWith)):
            targets = [item.optional_vars for item in statement.items]
        else:
            targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        return [name for target in targets if target is not None for name in stored(target)]

    def collect(statements, certain):
        for statement in statements:
            defined = names(statement)
            if "*" in defined:
                defined = list(lines)
                lines.update(dict.fromkeys(defined, 0))
            else:
                for name in defined:
                    lines[name] = statement.lineno if certain or name not in lines else 0
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            always = certain and isinstance(statement, (ast.With, ast.AsyncWith))
            for part in ("body", "handlers", "cases", "orelse", "finalbody"):
                collect(getattr(statement, part, []), always)

    lines = {}
    try:
        with open(path, "rb") as file:
            collect(ast.parse(file.read()).body, True)
    except (OSError, SyntaxError, TypeError, ValueError):
        return {}
    return {name: line for name, line in lines.items() if line}


def is_data(value):
    """False for what a configuration file has by import or defines as a tool for itself."""
    return not (inspect.ismodule(value) or inspect.isroutine(value) or inspect.isclass(value))


class Evaluated:
    """A configuration that has run, as the Java side sees it."""

    kind = "ok"
    message = ""

    def __init__(self, namespace, names, hooks):
        self.values = [
            (name, describe_setting(name, value, hooks))
            for name, value in list(namespace.items())
            if name in names
        ]
        self.lines = list(definition_lines(namespace.get("__file__")).items())
        self.strangers = [
            name
            for name, value in list(namespace.items())
            if name not in names and not name.startswith("_") and is_data(value)
        ]
        self._namespace = namespace
        self._hook_names = hooks
        self._objects = None

    def enter_folder(self, folder):
        os.chdir(folder)
        put_first(folder)

    def attach(self, settings_literal, sink, controls, side=None):
        """Gives hooks their objects.

        `settings_literal` is a dict as Python text, `controls` is ServerControls.java, `side` a LoggerSide if there is one.
        """
        import ast

        from jgunicorn import hook_config, hook_log, hook_objects

        settings = ast.literal_eval(settings_literal)
        if side is None:
            cfg = hook_config.Config(settings, find_hooks(self._namespace, self._hook_names))
            log = hook_log.Log(sink, cfg.loglevel)
        else:
            cfg = self.configuration(settings)
            log = side.logger
        self._controls = controls
        self._objects = hook_objects.MasterObjects(hook_objects.application(cfg), log, controls)

    def configuration(self, settings):
        """Settings as a Logger gets them."""
        from jgunicorn import loggers

        hooks = find_hooks(self._namespace, self._hook_names)
        return loggers.configuration(settings, self._namespace, hooks)

    def call(self, hook, arguments_literal):
        """Calls a hook; None, or of what it raised: exit code (None if it is no exit), message and traceback."""
        import ast

        from gunicorn.errors import HaltServer

        try:
            arguments = self._objects.arguments(ast.literal_eval(arguments_literal))
            self._objects.cfg.hook(hook)(*arguments)
            self._objects.forget_dead()
        except HaltServer as e:
            self._controls.halt("" if e.reason is None else str(e.reason), int(e.exit_status))
        except (KeyboardInterrupt, StopIteration):
            self._controls.halt("", 0)
        except SystemExit as e:
            return (*exit_of(e), "")
        except Exception as e:
            return (None, str(e), without_callers(e))
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
        return None

    def set_log_level(self, level):
        """The error log takes what is at least of this level, whatever the settings say."""
        set_level = getattr(self._objects.log, "set_level", None)
        if set_level is not None:  # else it is a Logger, and the Java side has seen to it
            set_level(level)

    def environment_changes(self):
        """Pairs of name and new value, None for a variable that was removed."""
        changed = [
            (name, value)
            for name, value in os.environ.items()
            if first_environment.get(name) != value
        ]
        removed = [(name, None) for name in first_environment if name not in os.environ]
        return renamed_server() + changed + removed


def renamed_server():
    """Variables that tell workers what a configuration has assigned in the module gunicorn."""
    module = sys.modules.get("gunicorn")
    if module is None:
        return []
    variables = []
    if module.SERVER != "gunicorn":
        variables.append(("JGUNICORN_SERVER", str(module.SERVER)))
    if module.SERVER_SOFTWARE != f"gunicorn/{module.__version__}":
        variables.append(("SERVER_SOFTWARE", str(module.SERVER_SOFTWARE)))
    return variables


class Failed:
    """A configuration that raised or exited."""

    def __init__(self, kind, message, traceback_text="", code=0):
        self.kind = kind
        self.message = message
        self.traceback = traceback_text
        self.code = code


def exit_of(error):
    """The exit code that a SystemExit asks for, and what it wants on stderr."""
    if error.code is None or isinstance(error.code, int):
        return (error.code or 0) & 0xFF, ""
    return 1, f"{error.code}\n"


def without_callers(error):
    """The traceback of an error from below our own frames; all of it if there is nothing below."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_globals.get("__name__") in (
        __name__,
        "jgunicorn.script",
        "importlib._bootstrap",
        "importlib._bootstrap_external",
        "_frozen_importlib",
        "_frozen_importlib_external",
    ):
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))


def evaluate(source, start_folder, names, hooks):
    """Runs a configuration. `names` and `hooks` are setting names separated by blanks."""
    try:
        sys.argv = sys.argv or ["jgunicorn"]  # empty in this runtime, and much code looks at its first item
        affinity.complete()
        os.chdir(start_folder)
        put_first(start_folder)
        return Evaluated(load(source), set(names.split()), hooks.split())
    except SystemExit as e:
        code, message = exit_of(e)
        return Failed("exit", message, code=code)
    except ScriptError as e:
        return Failed("raised", str(e))
    except Exception as e:
        return Failed("raised", str(e), without_callers(e))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _is_free(handler, seconds):
    """False if a thread is stuck in a logging handler: logging.shutdown would wait for it for ever."""
    lock = getattr(handler, "lock", None)
    if lock is None:
        return True
    if not lock.acquire(timeout=seconds):
        return False
    lock.release()
    return True


def end(seconds):
    """What Python does at its end, but without waiting for ever for threads that are no daemons."""
    import atexit
    import threading
    import time

    deadline = time.monotonic() + seconds
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.main_thread():
            thread.join(max(0, deadline - time.monotonic()))
    logging = sys.modules.get("logging")
    if logging is not None and not all(_is_free(handler(), seconds) for handler in list(logging._handlerList)):
        atexit.unregister(logging.shutdown)
    try:
        atexit._run_exitfuncs()
    finally:
        # What is closed next, on another thread, would wait for these threads and for this one.
        threading.main_thread()._is_stopped = True
        sys.stdout.flush()
        sys.stderr.flush()
