"""Does what the test says, step by step: a request names a port of the test's, where it is told to go on."""

import socket


def app(environ, start_response):
    if environ["PATH_INFO"] == "/":
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
        return [b"ready"]
    test = socket.create_connection(("127.0.0.1", int(environ["QUERY_STRING"])))
    test.sendall(b"inside " + environ["PATH_INFO"].encode() + b"\n")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return Steps(test)


class Steps:
    """A piece for each byte of the test's; a word to it at the end."""

    def __init__(self, test):
        self.test = test
        self.pieces = 0

    def __iter__(self):
        return self

    def __next__(self):
        if not self.test.recv(1):
            raise StopIteration
        self.pieces += 1
        return b"x" * 65536

    def close(self):
        self.test.sendall(b"closed after %d\n" % self.pieces)
        self.test.shutdown(socket.SHUT_WR)
