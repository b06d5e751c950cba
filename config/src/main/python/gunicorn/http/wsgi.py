"""The classes of the response that hooks get and of ``wsgi.file_wrapper``."""

import logging

from gunicorn import SERVER, SERVER_SOFTWARE
from jgunicorn.own_gunicorn import missing_attribute
from jgunicorn.request_objects import Response

__all__ = ["FileWrapper", "Response", "SERVER", "SERVER_SOFTWARE", "log"]

log = logging.getLogger(__name__)

_missing = missing_attribute(__name__)


def __getattr__(name):
    if name == "FileWrapper":  # known where applications run
        from jgunicorn.wsgi import FileWrapper

        return FileWrapper
    return _missing(name)
