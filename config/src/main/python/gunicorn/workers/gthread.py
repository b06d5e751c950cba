"""Workers with a fixed number of threads."""

from gunicorn.workers import base
from jgunicorn.own_gunicorn import missing_attribute


class ThreadWorker(base.Worker):
    """What hooks get under ``worker_class = "gthread"``."""

    @property
    def worker_connections(self):
        return self.cfg.worker_connections

    @property
    def max_keepalived(self):
        return self.cfg.worker_connections - self.cfg.threads

    @property
    def nr_conns(self):
        """Open connections; 0 in the master."""
        return self._facts.connections()

    @property
    def tpool(self):
        """The threads that run requests, by their numbers only."""
        return ThreadPool(self.cfg.threads, self._facts)


class ThreadPool:
    """As much of a ThreadPoolExecutor as configurations look at."""

    def __init__(self, threads, facts):
        self._max_workers = threads
        self._work_queue = _Waiting(facts)


class _Waiting:
    """Requests that wait for a thread."""

    def __init__(self, facts):
        self._facts = facts

    def qsize(self):
        return self._facts.waiting()


__getattr__ = missing_attribute(__name__)
