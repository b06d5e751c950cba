"""A Flask application that sets its logs up as Flask's manual shows."""

from logging.config import dictConfig

dictConfig(
    {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"default": {"format": "[%(asctime)s] FLASK %(levelname)s in %(module)s: %(message)s", "datefmt": "%F %T %z"}},
        "handlers": {
            "wsgi": {
                "class": "logging.StreamHandler",
                "stream": "ext://flask.logging.wsgi_errors_stream",
                "formatter": "default",
            }
        },
        "loggers": {"flask_logs": {"level": "INFO", "handlers": ["wsgi"], "propagate": False}},
    }
)

from flask import Flask

app = Flask(__name__)


@app.get("/raise")
def raises():
    raise ValueError("of the view")


@app.get("/<name>")
def greet(name):
    app.logger.info("%s logged in", name)
    return "hello"
