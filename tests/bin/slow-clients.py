#!/usr/bin/env python3
"""What a probe notices while slowhttptest holds 1,000 slow connections to one sync worker.

    tests/bin/slow-clients.py [JGUNICORN] [SECONDS]

Needs slowhttptest (Debian). Prints, for each kind of slowness and for none, how a request every 100 ms fared.
"""

import http.client
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

PERIOD = 0.1
APPLICATION = '''
PAGE = b"x" * 65536

def app(environ, start_response):
    if environ.get("CONTENT_LENGTH"):
        environ["wsgi.input"].read()
    body = PAGE if environ["PATH_INFO"] == "/page" else b"hello"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
'''


def start(program, folder):
    (folder / "slow_app.py").write_text(APPLICATION)
    command = [str(program), "-b", "127.0.0.1:0", "-w", "1", "-k", "sync", "slow_app:app"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    server = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    port = None
    for line in server.stderr:
        if match := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", line):
            port = int(match.group(1))
        if "Worker ready" in line:
            threading.Thread(target=server.stderr.read, daemon=True).start()
            return server, port
    raise SystemExit("slow-clients: the server did not start")


def probe(port):
    begun = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        answered = connection.getresponse().read() == b"hello"
    except OSError:
        answered = False
    finally:
        connection.close()
    return answered, time.monotonic() - begun


def during(name, command, port, seconds):
    attack = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    times, unanswered = [], 0
    due = time.monotonic()
    end = due + seconds
    while due < end:
        answered, took = probe(port)
        times.append(1000 * took)
        unanswered += not answered
        due += PERIOD
        time.sleep(max(0, due - time.monotonic()))
    attack.terminate()
    attack.wait()
    times.sort()
    print(
        f"{name:6} {len(times)} probes, {unanswered} unanswered, p50 {times[len(times) // 2]:.1f},"
        f" p99 {times[int(len(times) * 0.99)]:.1f}, longest {times[-1]:.1f} ms",
        flush=True,
    )


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    built = root / "packaging/target/jgunicorn/bin/jgunicorn"
    program = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else built
    for needed in (str(program), "slowhttptest"):
        if not shutil.which(needed):
            raise SystemExit(f"slow-clients: there is no program {needed}")
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    with tempfile.TemporaryDirectory() as folder:
        server, port = start(program, pathlib.Path(folder))
        try:
            for _ in range(300):
                probe(port)  # the first requests are slow by themselves
            url = f"http://127.0.0.1:{port}"
            attack = ["slowhttptest", "-c", "1000", "-r", "200", "-l", str(seconds), "-p", "3"]
            during("none", ["sleep", str(seconds)], port, seconds)
            during("-H", [*attack, "-H", "-i", "10", "-u", url], port, seconds)
            during("-B", [*attack, "-B", "-i", "10", "-s", "8192", "-u", url], port, seconds)
            reading = ["-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "3"]
            during("-X", [*attack, "-X", *reading, "-u", url + "/page"], port, seconds)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
