"""What hooks see of requests. They are parsed in Java."""

from gunicorn.http.message import Message, Request
from jgunicorn.own_gunicorn import missing_attribute

__all__ = ["Message", "Request"]

__getattr__ = missing_attribute(__name__)
