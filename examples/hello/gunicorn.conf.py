# The settings most deployments start with. Every one of gunicorn's names works here, and this is ordinary Python.
import os

# Where app.py is: beside this file, wherever the server is started.
chdir = os.path.dirname(os.path.abspath(__file__))

bind = "127.0.0.1:8000"

# Worker processes. Each is a JVM of its own, so take fewer than with gunicorn: one serves what several did there.
workers = 2

# Python threads in each worker; more than one makes the worker class gthread.
threads = 4

# Seconds without a sign of life after which a worker is replaced; seconds a stopping worker may finish its requests.
timeout = 30
graceful_timeout = 30

# "-" is stdout.
accesslog = "-"


def when_ready(server):
    server.log.info("try: curl http://127.0.0.1:8000/Ada")
