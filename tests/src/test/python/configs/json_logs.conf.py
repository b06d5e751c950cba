"""All logs as JSON on stdout, rotated files besides, no health checks: as a company runs it."""

import os

from log_setup import JsonFormatter, QuietLogger

bind = "127.0.0.1:0"
logger_class = QuietLogger
access_log_format = '%(h)s "%(r)s" %(s)s %(b)s %({shop.customer}e)s'
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonFormatter, "static_fields": {"service": "shop"}}},
    "handlers": {
        "json": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"},
        "rotated": {
            "class": "logging.handlers.RotatingFileHandler",
            "filename": os.path.join(os.getcwd(), "all.log"),
            "maxBytes": 1000000,
            "backupCount": 3,
            "formatter": "json",
        },
    },
    "root": {"level": "INFO", "handlers": ["json", "rotated"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "INFO", "handlers": [], "propagate": True},
    },
}


def post_fork(server, worker):
    server.log.info("hook in the worker")
