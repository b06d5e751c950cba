"""Name of the eventlet worker; requests run on threads instead."""

from gunicorn.workers.base_async import AsyncWorker
from jgunicorn.own_gunicorn import missing_attribute


class EventletWorker(AsyncWorker):
    """What hooks get under ``worker_class = "eventlet"``."""


__getattr__ = missing_attribute(__name__)
