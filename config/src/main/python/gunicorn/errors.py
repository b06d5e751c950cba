"""What gunicorn raises about its configuration and to end the server."""

from jgunicorn.app_error import AppImportError
from jgunicorn.own_gunicorn import missing_attribute

__all__ = ["AppImportError", "ConfigError", "HaltServer"]


class HaltServer(BaseException):
    """Raised in a hook of the master: the server stops with this exit status."""

    def __init__(self, reason, exit_status=1):
        super().__init__(reason, exit_status)
        self.reason = reason
        self.exit_status = exit_status

    def __str__(self):
        return f"<HaltServer {self.reason!r} {self.exit_status}>"


class ConfigError(Exception):
    """A configuration cannot be used."""


__getattr__ = missing_attribute(__name__)
