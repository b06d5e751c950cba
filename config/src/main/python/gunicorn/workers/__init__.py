"""The names of worker classes. What workers do is Java; hooks get objects of these classes."""

from jgunicorn.own_gunicorn import missing_attribute

SUPPORTED_WORKERS = {
    "sync": "gunicorn.workers.sync.SyncWorker",
    "gevent": "gunicorn.workers.ggevent.GeventWorker",
    "gevent_wsgi": "gunicorn.workers.ggevent.GeventPyWSGIWorker",
    "gevent_pywsgi": "gunicorn.workers.ggevent.GeventPyWSGIWorker",
    "tornado": "gunicorn.workers.gtornado.TornadoWorker",
    "gthread": "gunicorn.workers.gthread.ThreadWorker",
    "eventlet": "gunicorn.workers.geventlet.EventletWorker",
}

__getattr__ = missing_attribute(__name__)
