"""The one failure to load an application that needs no traceback."""


class AppImportError(Exception):
    """The application cannot be found in its module; the text is what the operator needs. Exit code 4."""
