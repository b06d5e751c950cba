# For a developer: one worker, everything told, code loaded again when it changes.
bind = "127.0.0.1:0"
workers = 1
reload = True
loglevel = "debug"
