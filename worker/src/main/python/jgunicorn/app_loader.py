"""Finds the WSGI application an operator named: ``MODULE``, ``MODULE:NAME`` or ``MODULE:FACTORY(literal arguments)``.

Or that of a PasteDeploy file.
"""

import importlib
import keyword
import os
import sys

from jgunicorn.app_error import AppImportError

# Imported where they are needed, since most boots do without them and each costs some ten milliseconds: ast, traceback.


def load(spec):
    """Returns the callable that ``spec`` names.

    Raises AppImportError when the module has no such application, ImportError when the module cannot be imported, and
    whatever else the module or the factory raises.
    """
    module_name, _, expression = spec.partition(":")
    module = _import(module_name)
    name, args, kwargs = _parse(expression or "application")
    try:
        app = getattr(module, name)
    except AttributeError:
        raise AppImportError("Failed to find attribute %r in %r." % (name, module_name)) from None
    if args is not None:
        try:
            app = app(*args, **kwargs)
        except TypeError as error:
            if _raised_by_call_itself(error):
                raise AppImportError("TypeError: %s" % error) from None
            raise
        if app is None:
            raise AppImportError("Failed to find application object: %r" % expression)
    elif app is None:
        raise AppImportError("Failed to find application object: %r" % name)
    if not callable(app):
        raise AppImportError("Application object must be callable.")
    return app


class PasteDeployMissing(ImportError):
    """PasteDeploy cannot be imported; the text is what the operator needs. Exit code 3, as for any import."""


def load_paste(uri, variables):
    """Returns the application of a PasteDeploy file: ``FILE`` or ``FILE#NAME``, below the current folder if relative.

    ``variables`` are added to the file's DEFAULT section: ``NAME=VALUE`` each, where ``\\=`` is an equals sign.
    """
    try:
        from paste.deploy import loadapp
    except ImportError as error:
        raise PasteDeployMissing(
            "paste = %r cannot be used: the package PasteDeploy is not installed where the application's packages are (%s)."
            % (uri, error)
        ) from None
    where = uri if ":" in uri else "config:" + uri
    return loadapp(where, relative_to=os.getcwd(), global_conf=_paste_variables(variables))


def _paste_variables(variables):
    import re

    found = {}
    for variable in variables:
        name, *value = re.split(r"(?<!\\)=", variable, maxsplit=1)
        if not value:
            raise RuntimeError("environment setting %r invalid" % variable)
        found[name.replace("\\=", "=")] = value[0].replace("\\=", "=")
    return found


def _import(module_name):
    try:
        return importlib.import_module(module_name)
    except ImportError:
        if module_name.endswith(".py") and os.path.exists(module_name):
            raise ImportError(
                "Failed to find application, did you mean '%s:%s'?" % (module_name.rsplit(".", 1)[0], "application")
            ) from None
        raise


def _parse(expression):
    """The attribute name and, for a call, its literal arguments: ``(name, None, None)`` or ``(name, args, kwargs)``."""
    if expression.isidentifier() and not keyword.iskeyword(expression):
        return expression, None, None
    import ast

    try:
        node = ast.parse(expression, mode="eval").body
    except SyntaxError:
        raise AppImportError("Failed to parse %r as an attribute name or function call." % expression) from None
    if not isinstance(node, ast.Call):
        raise AppImportError("Failed to parse %r as an attribute name or function call." % expression)
    if not isinstance(node.func, ast.Name):
        raise AppImportError("Function reference must be a simple name: %r" % expression)
    try:
        args = [ast.literal_eval(arg) for arg in node.args]
        kwargs = {word.arg: ast.literal_eval(word.value) for word in node.keywords}
    except ValueError:
        raise AppImportError("Failed to parse arguments as literal values: %r" % expression) from None
    return node.func.id, args, kwargs


def _raised_by_call_itself(error):
    """True if the arguments did not fit: the traceback then ends in this file, not inside the factory."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    return frames[-1].filename == __file__ if frames else True


def failure_text(error):
    """How a failed load is told to the operator: one line if it says all, the traceback for the rest."""
    if isinstance(error, (AppImportError, PasteDeployMissing)):
        return str(error)
    import traceback

    return "".join(traceback.format_exception(type(error), error, _application_frames(error))).rstrip()


def _application_frames(error):
    """The traceback from the operator's first frame on: what leads there says nothing about it. All of it if there is none."""
    trace = error.__traceback__
    while trace is not None and not _is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    while trace is not None and _leads_to_application(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return trace or error.__traceback__


def _is_ours(filename):
    return filename.startswith(os.path.join(os.path.dirname(__file__), ""))


def _leads_to_application(filename):
    return _is_ours(filename) or filename == importlib.__file__ or filename.startswith("<frozen importlib")


def source_files():
    """Source files of all modules loaded so far, sorted: for the reloader."""
    files = set()
    for module in list(sys.modules.values()):
        name = getattr(module, "__file__", None)
        if isinstance(name, str) and name.endswith(".py"):
            files.add(os.path.abspath(name))
    return sorted(files)
