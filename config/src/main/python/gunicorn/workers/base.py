"""The class of the worker that hooks get, whatever its worker class."""

from jgunicorn.hook_objects import Worker
from jgunicorn.own_gunicorn import missing_attribute

__all__ = ["Worker"]

__getattr__ = missing_attribute(__name__)
