# Limits and every hook, as in the example file gunicorn ships.
import multiprocessing

bind = "127.0.0.1:0"
workers = min(multiprocessing.cpu_count() * 2 + 1, 8)
timeout = 60
keepalive = 5
limit_request_line = 4094
limit_request_fields = 100
limit_request_field_size = 8190


def nworkers_changed(server, new_value, old_value):
    server.log.info("hook nworkers_changed from %s to %s", old_value, new_value)


def on_starting(server):
    server.log.info("hook on_starting")


def on_reload(server):
    server.log.info("hook on_reload")


def when_ready(server):
    server.log.info("hook when_ready. Spawning workers")


def pre_fork(server, worker):
    server.log.info("hook pre_fork age %s", worker.age)


def post_fork(server, worker):
    server.log.info("hook post_fork (pid: %s)", worker.pid)


def post_worker_init(worker):
    worker.log.info("hook post_worker_init (pid: %s)", worker.pid)


def pre_request(worker, req):
    worker.log.info("hook pre_request %s %s", req.method, req.path)


def post_request(worker, req, environ, resp):
    worker.log.info("hook post_request %s %s", environ["PATH_INFO"], resp.status)


def worker_int(worker):
    worker.log.info("hook worker_int (pid: %s)", worker.pid)


def worker_abort(worker):
    worker.log.info("hook worker_abort (pid: %s)", worker.pid)


def worker_exit(server, worker):
    server.log.info("hook worker_exit (pid: %s)", worker.pid)


def child_exit(server, worker):
    server.log.info("hook child_exit (pid: %s)", worker.pid)


def on_exit(server):
    server.log.info("hook on_exit")
