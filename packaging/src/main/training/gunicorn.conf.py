"""Configuration of the training run that the AOT caches are recorded from."""

import multiprocessing
import os

bind = "127.0.0.1:0"
wsgi_app = "application:app"
# One worker, but by way of multiprocessing: most configuration files ask it, so its classes belong into the cache.
workers = min(multiprocessing.cpu_count(), 1)
worker_class = "gthread"
threads = 4
accesslog = os.devnull
# The worker's JVM writes its cache while the master waits for it.
graceful_timeout = 150


def post_worker_init(worker):
    worker.log.info("training with worker %s", worker.pid)

# A server of the same user may have its own at the usual place.
control_socket_disable = True
