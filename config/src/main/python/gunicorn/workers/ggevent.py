"""Names of the gevent workers; requests run on threads instead."""

from gunicorn.workers.base_async import AsyncWorker
from jgunicorn.own_gunicorn import missing_attribute


class GeventWorker(AsyncWorker):
    """What hooks get under ``worker_class = "gevent"``."""


class GeventPyWSGIWorker(GeventWorker):
    """What hooks get under ``worker_class = "gevent_pywsgi"``."""


__getattr__ = missing_attribute(__name__)
