# Load early, log to files, say little.
bind = "unix:app.sock"
workers = 2
preload_app = True
accesslog = "access.log"
errorlog = "error.log"
loglevel = "warning"
