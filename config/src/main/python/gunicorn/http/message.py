"""The class of the request that hooks get."""

from jgunicorn.own_gunicorn import missing_attribute
from jgunicorn.request_objects import Request

Message = Request

__getattr__ = missing_attribute(__name__)
