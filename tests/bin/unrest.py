#!/usr/bin/env python3
"""What clients notice while an operator keeps a server busy.

    tests/bin/unrest.py churn [SECONDS [JGUNICORN [OPTION...]]]    HUP, TTIN, TTOU, USR1, upgrades, recycling by requests and by age (600 s)
    tests/bin/unrest.py kill [SECONDS [JGUNICORN [OPTION...]]]     kill -9 of a serving worker every 3 s, with a spare (120 s)

Clients over TCP and a Unix socket, kept-alive and with a connection for each request; nothing is sent twice, so each
connection that breaks is a failed request. Prints requests, failures and the 99th percentile, quiet and in unrest.
"""

import collections
import http.client
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

PAUSE = 0.01  # between two requests of a client
QUIET = 20  # seconds
APPLICATION = '''
import os

def app(environ, start_response):
    body = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
'''


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Server:
    def __init__(self, program, folder, options):
        (folder / "unrest_app.py").write_text(APPLICATION)
        self.unix = folder / "app.sock"
        self.pidfile = folder / "app.pid"
        command = [str(program), "-b", "127.0.0.1:0", "-b", f"unix:{self.unix}", "--pid", str(self.pidfile)]
        command += [*options, "unrest_app:app"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self.process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
        self.master = self.process.pid
        self.log = []  # (time it was read, line)
        self.news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()
        self.port = int(self.line(r"Listening at: http://127\.0\.0\.1:(\d+)").group(1))

    def _read(self):
        for line in self.process.stderr:
            with self.news:
                self.log.append((time.monotonic(), line.rstrip()))
                self.news.notify_all()

    def line(self, pattern, count=1, since=0, patience=120):
        """The match of the last of so many lines; waits for them."""
        return self.timed_line(pattern, count, since, patience)[1]

    def timed_line(self, pattern, count=1, since=0, patience=120):
        end = time.monotonic() + patience
        with self.news:
            while True:
                found = [(at, m) for at, line in self.log[since:] if (m := re.search(pattern, line))]
                if len(found) >= count:
                    return found[count - 1]
                if not self.news.wait(end - time.monotonic()):
                    sys.exit(f"unrest: waited {patience} s for: {pattern}\n" + "\n".join(line for _, line in self.log[-20:]))

    def signal(self, name):
        os.kill(self.master, getattr(signal, "SIG" + name))

    def upgrade(self):
        """Another master takes over."""
        since = len(self.log)
        self.signal("USR2")
        fresh = int(self.line(r"\[(\d+)\] \[INFO\] Starting jgunicorn", since=since).group(1))
        self.line(rf"\[{fresh}\] \[INFO\] Worker ready after", since=since)
        self.signal("TERM")
        self.line("Master has been promoted", since=since)
        self.process.poll()  # else the first one stays a zombie
        self.master = fresh

    def stop(self):
        since = len(self.log)
        self.signal("TERM")
        self.line("Shutting down: Master", since=since)


class Clients:
    """Eight of them, two for each pair of socket and manner."""

    def __init__(self, server):
        self.server = server
        self.stopped = threading.Event()
        self.times = collections.defaultdict(list)  # by phase
        self.failures = collections.defaultdict(list)
        self.phase = "warm-up"
        self.threads = [
            threading.Thread(target=self._run, args=(unix, kept))
            for unix in (False, True)
            for kept in (False, True)
            for _ in range(2)
        ]
        for thread in self.threads:
            thread.start()

    def _connection(self, unix):
        if unix:
            return UnixConnection(self.server.unix)
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)

    def _run(self, unix, kept):
        connection = None
        while not self.stopped.wait(PAUSE):
            phase, began = self.phase, time.monotonic()
            try:
                if connection is None:
                    connection = self._connection(unix)
                    connection.connect()
                connection.request("GET", "/", headers={} if kept else {"Connection": "close"})
                response = connection.getresponse()
                response.read()
                if response.status != 200:
                    raise http.client.HTTPException(f"status {response.status}")
                self.times[phase].append(time.monotonic() - began)
                if response.will_close:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException) as failure:
                manner = ("unix" if unix else "tcp") + (" kept" if kept else " closing")
                self.failures[phase].append(f"{manner}: {failure!r} after {time.monotonic() - began:.3f} s")
                connection = None

    def during(self, phase, action):
        self.phase = phase
        action()
        self.phase = "after"

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def report(self, phase):
        times = sorted(self.times[phase])
        failures = self.failures[phase]
        milliseconds = [1000 * times[int(len(times) * share)] for share in (0.5, 0.99, 0.999)]
        print(
            f"{phase}: {len(times)} answered, {len(failures)} failed; "
            "50 % within {:.1f} ms, 99 % within {:.1f} ms, 99.9 % within {:.1f} ms".format(*milliseconds)
        )
        for failure, count in collections.Counter(failures).most_common(10):
            print(f"    {count} x {failure}")
        return milliseconds[1]


def churn(server, clients, seconds):
    end = time.monotonic() + seconds
    done = collections.Counter()
    while time.monotonic() < end:
        what = random.choice(["HUP", "TTIN", "TTOU", "USR1", "USR2"])
        done[what] += 1
        if what == "USR2":
            server.upgrade()
        else:
            server.signal(what)
        clients.stopped.wait(random.uniform(1, 10))
    recycled = sum("Autorestarting worker" in line for _, line in server.log)
    ready = sum("Worker ready after" in line for _, line in server.log)
    print(f"signals: {dict(done)}; {recycled} recycled, {ready} workers booted")


def kill(server, clients, seconds):
    end = time.monotonic() + seconds
    takeovers, killed = [], 0
    while time.monotonic() < end:
        victim = int(http_get(server))
        since = len(server.log)
        began = time.monotonic()
        os.kill(victim, signal.SIGKILL)
        killed += 1
        at, _ = server.timed_line("Spare worker takes over", since=since)
        takeovers.append(1000 * (at - began))
        server.line("Worker ready after", since=since)  # the next spare
        clients.stopped.wait(max(0, 3 - (time.monotonic() - began)))
    takeovers.sort()
    print(
        f"{killed} workers killed; a spare took over after {takeovers[len(takeovers) // 2]:.0f} ms "
        f"({takeovers[0]:.0f}..{takeovers[-1]:.0f}), read from the log"
    )


def http_get(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/", headers={"Connection": "close"})
    return connection.getresponse().read()


def main():
    kinds = {
        "churn": (churn, 600, ["-w", "2", "--max-requests", "20000", "--max-worker-lifetime", "60"]),
        "kill": (kill, 120, ["-w", "1"]),
    }
    if len(sys.argv) < 2 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    unrest, seconds, options = kinds[sys.argv[1]]
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else seconds
    here = pathlib.Path(__file__).resolve().parent
    program = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else here / "../../jgunicorn").resolve()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(program, pathlib.Path(folder), [*options, "--spare-workers", "1", *sys.argv[4:]])
        server.line("Worker ready after", count=2)
        clients = Clients(server)
        clients.stopped.wait(QUIET)  # warm
        clients.during("quiet", lambda: clients.stopped.wait(QUIET))
        clients.during("unrest", lambda: unrest(server, clients, seconds))
        clients.stop()
        server.stop()
    quiet = clients.report("quiet")
    restless = clients.report("unrest")
    print(f"99th percentile: {restless / quiet:.1f} times the quiet one")


if __name__ == "__main__":
    main()
