"""JSON on stdout for the server and for loggers of the framework, by name, as Django's and Flask's users write it."""

bind = "127.0.0.1:0"
threads = 4
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"class": "log_setup.JsonFormatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
    "root": {"level": "WARNING", "handlers": ["out"]},
    "loggers": {
        name: {"level": level, "handlers": ["out"], "propagate": False}
        for name, level in (("gunicorn.error", "INFO"), ("gunicorn.access", "INFO"), ("django.request", "WARNING"))
    },
}
