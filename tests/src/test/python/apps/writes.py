"""Writes the file "made" and answers its mode in octal."""

import os


def app(environ, start_response):
    with open("made", "w", encoding="utf-8") as made:
        made.write("by the application")
    body = b"%o" % (os.stat("made").st_mode & 0o777)
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
