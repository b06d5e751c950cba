"""Has things to do when its worker ends: a thread to wait for, exit handlers, output in a buffer, native memory."""

import atexit
import os
import sqlite3
import sys
import threading

database = sqlite3.connect(":memory:")


def say(text):
    os.write(2, (text + "\n").encode())


def fail():
    say("exit handler one")
    raise ValueError("a mistake in an exit handler")


def outlive():
    threading.main_thread().join()
    say("thread ends")


atexit.register(fail)
atexit.register(say, "exit handler two")
threading.Thread(target=outlive).start()
sys.stdout.write("from the buffer\n")


def application(environ, start_response):
    row = database.execute("SELECT 'from the database'").fetchone()
    body = row[0].encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
