# Behind nginx, on a Unix socket.
import os

bind = "unix:" + os.path.join(os.path.dirname(os.path.abspath(__file__)), "app.sock")
workers = 2
umask = 0o007
accesslog = "-"
access_log_format = '%({x-forwarded-for}i)s %(m)s %(U)s %(s)s'
