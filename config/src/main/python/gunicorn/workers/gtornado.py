"""Name of the tornado worker; requests run on threads instead."""

from gunicorn.workers.base_async import AsyncWorker
from jgunicorn.own_gunicorn import missing_attribute


class TornadoWorker(AsyncWorker):
    """What hooks get under ``worker_class = "tornado"``."""


__getattr__ = missing_attribute(__name__)
