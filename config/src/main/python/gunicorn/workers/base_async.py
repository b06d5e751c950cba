"""What the classes of workers have in common that grow threads on demand."""

from gunicorn.workers import base
from jgunicorn.own_gunicorn import missing_attribute


class AsyncWorker(base.Worker):
    """What hooks get where requests run on as many threads as are needed."""

    @property
    def worker_connections(self):
        return self.cfg.worker_connections


__getattr__ = missing_attribute(__name__)
