"""Python code that rests on select(), which knows descriptors below 1024 only."""

import asyncio
import select
import socket
import subprocess


async def both():
    async def one(text):
        await asyncio.sleep(0.01)
        return text

    return " ".join(await asyncio.gather(one("asyncio"), one("works")))


def pair():
    one, other = socket.socketpair()
    with one, other:
        one.sendall(b"select works")
        readable, _, _ = select.select([other], [], [], 10)
        return readable[0].recv(100).decode()


def child():
    process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return process.communicate(b"communicate works")[0].decode()


def app(environ, start_response):
    if environ["PATH_INFO"] == "/selects":
        body = ", ".join([asyncio.run(both()), pair(), child()]).encode()
    else:
        body = b"idle"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
