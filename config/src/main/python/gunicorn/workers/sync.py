"""Workers that run one request after the other."""

from gunicorn.workers import base
from jgunicorn.own_gunicorn import missing_attribute


class SyncWorker(base.Worker):
    """What hooks get under ``worker_class = "sync"``."""


__getattr__ = missing_attribute(__name__)
