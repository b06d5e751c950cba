"""The class of the server that hooks get. The master itself is Java."""

from gunicorn.errors import AppImportError, HaltServer
from jgunicorn.hook_objects import Server as Arbiter
from jgunicorn.own_gunicorn import missing_attribute

__all__ = ["AppImportError", "Arbiter", "HaltServer"]

__getattr__ = missing_attribute(__name__)
