# Every attribute that hooks are used to find, one line of the log for each hook.
import os
import time

from gunicorn.arbiter import Arbiter
from gunicorn.http.message import Request
from gunicorn.http.wsgi import Response
from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import ThreadWorker

bind = "127.0.0.1:0"
worker_class = ThreadWorker
threads = 2
proc_name = "attributes"


def tell(log, hook, *values):
    log.info("%s: %s", hook, " ".join(str(value) for value in values))


def shown(sockets):
    return [(str(one),) + tuple(one.getsockname()) for one in sockets]


def when_ready(server):
    tell(
        server.log,
        "when_ready",
        f"master={server.pid}",
        server.master_name,
        server.master_pid,
        server.reexec_pid,
        server.proc_name,
        server.address,
        server.num_workers,
        server.timeout,
        server.worker_class.__name__,
        server.worker_age,
        server.pidfile.fname,
        server.pidfile.pid,
        server.systemd,
        server.WORKERS,
        shown(server.LISTENERS),
        server.START_CTX["cwd"] == os.getcwd() and isinstance(server, Arbiter),
        type(server.app).__name__,
        hasattr(server.cfg, "nosuch"),
        server.cfg.certfile,
    )


def pre_fork(server, worker):
    tell(server.log, "pre_fork", worker.age, worker.pid, worker.ppid, worker.nr, worker.alive, worker.booted)


def post_fork(server, worker):
    tell(worker.log, "post_fork", worker, worker.pid, worker.ppid, worker.age, shown(worker.sockets), server.cfg is worker.cfg)


def post_worker_init(worker):
    worker.notify()
    tell(
        worker.log,
        "post_worker_init",
        worker.wsgi is worker.app.wsgi() is worker.app.callable,
        worker.nr,
        worker.max_requests,
        worker.alive,
        worker.booted,
        worker.aborted,
        worker.timeout,
        abs(time.monotonic() - worker.tmp.last_update()) < 5,
        worker.reloader,
        isinstance(worker, ThreadWorker) and isinstance(worker, Worker),
        worker.cfg.worker_class.__name__,
        worker.cfg.worker_class is ThreadWorker,
        (worker.tpool._max_workers, worker.tpool._work_queue.qsize()),
        worker.nr_conns >= 0 and worker.worker_connections == 1000,
    )


def pre_request(worker, req):
    tell(
        worker.log,
        "pre_request",
        req.method,
        req.uri,
        req.path,
        req.query,
        req.fragment,
        req.version,
        req.scheme,
        req.remote_addr[0],
        req.peer_addr == req.remote_addr,
        req.req_number,
        req.proxy_protocol_info,
        req.trailers,
        [header for header in req.headers if header[0].startswith("X-")],
        req.must_close or req.should_close(),
        req.cfg is worker.cfg and isinstance(req, Request) and req.body.read() == b"",
    )
    req.headers.append(("X-ADDED", "yes"))


def post_request(worker, req, environ, resp):
    tell(
        worker.log,
        "post_request",
        environ["PATH_INFO"],
        resp.status,
        resp.status_code,
        isinstance(resp.headers, list) and resp.headers_sent and isinstance(resp, Response),
        resp.sent > 0 and resp.sent == (resp.response_length or resp.sent),
        0 if resp.must_close is False else 1,
        resp.upgrade,
        resp.should_close(),
        resp.req is req,
        resp.cfg is worker.cfg,
        worker.nr,
        environ["HTTP_X_ADDED"] == "yes",
    )


def worker_exit(server, worker):
    tell(server.log, "worker_exit", worker.booted, worker.pid == os.getpid(), worker.nr)


def child_exit(server, worker):
    tell(server.log, "child_exit", worker.pid, list(server.WORKERS), isinstance(worker, Worker))


def on_exit(server):
    tell(server.log, "on_exit", list(server.WORKERS))
