#!/usr/bin/env python3
"""Compares what gunicorn and jgunicorn make of many configuration files.

usage: tests/bin/config-corpus.py [--gunicorn DIR] [--jgunicorn PATH] [--jobs N] [--differences] FOLDER

FOLDER holds one folder for each file: FOLDER/NAME/gunicorn.conf.py. Each file is copied into an empty working folder with a
dummy application; both servers are called there with --print-config and the same environment, gunicorn by a CPython that has
no packages but its own. One line is printed for each file:

  agrees     both print the same settings; behind it what only jgunicorn refuses, since it checks more
  refused    both refuse it with the same words
  differs    anything else, with the cause

then the totals. The exit code is 1 if a difference has no known cause.

The files are run: give it files of strangers only where they can do no harm, without a network and above a file system whose
changes are thrown away.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import venv

ROOT = pathlib.Path(__file__).resolve().parents[2]
APPLICATION = "def app(environ, start_response):\n    start_response('200 OK', [])\n    return []\n"
LIMIT = 90  # seconds

# What explains a difference or a refusal: a name, and what is found in what one of the servers says.
CAUSES = [
    ("the file imports a part of gunicorn that there is not", r"No module named 'gunicorn"),
    ("a name that is a setting here only", r"Error: \w+ = .* cannot be used: it must be"),
    ("the prefix for StatsD is shown with its dot", r"^statsd_prefix = .*\.$"),
    ("worker class: uvicorn's, for ASGI", r"class uri '[^']*[Uu]vicorn"),
    ("worker class: another one that is not gunicorn's", r"class uri "),
    ("a folder for logs, sockets or the pidfile that does not exist here", r"isn't writable|doesn't exist|there is no folder"),
    ("Python 3.12 has that module no more", r"No module named 'distutils'"),
    ("TLS", r"(certfile|keyfile) = "),
    ("a hook that fails when the worker is tried", r"^exception "),
]


class Outcome:
    """What one call has shown: exit code, what was refused, settings by name."""

    def __init__(self, code, out, err, folder):
        self.code = code
        self.refusal = [] if code == 0 else refusal(tidy(err, folder))
        self.settings = settings(tidy(out, folder))
        self.settings.pop("wsgi_app", None)  # jgunicorn shows the one of the command line


def tidy(text, folder):
    text = text.replace(str(folder), "DIR").replace("jgunicorn", "gunicorn")
    return re.sub(r"\b0x[0-9a-f]{6,}", "0x", text)


def refusal(text):
    """The first line, the reasons, and the exception if there was one."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith(("usage:", "!!!", "Warning: ", "Traceback "))]
    kept = lines[:1]
    kept += [line for line in lines[1:] if line.startswith("Error: ")]
    raised = [line for line in lines if re.match(r"([a-z_]\w*\.)*[A-Z]\w*(Error|Exception)(: |$)", line)]
    return kept + ["exception " + line for line in raised[-1:] if line not in kept]


def settings(text):
    """Values by name as --print-config shows them, without the comments on where they come from."""
    found, last = {}, None
    for line in text.splitlines():
        match = re.match(r"([a-z][a-z_0-9]{2,}) += (.*)$", line)
        if line.startswith("# worker command: "):
            continue
        if match:
            last = match[1]
            found[last] = match[2]
        elif last:
            found[last] += "\n" + line
    return {name: re.sub(r"  # \S[^\n]*$", "", value) for name, value in found.items()}


def call(command, files, extra):
    """Runs a command in a folder with these files, and a small environment."""
    with tempfile.TemporaryDirectory(prefix="config-") as folder:
        os.chmod(folder, 0o755)  # jgunicorn tries the application as the user that is set
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        kept = ("PATH", "LANG", "JAVA_HOME")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        cache = os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))
        environment.update(HOME=folder, XDG_CACHE_HOME=cache, **extra)
        done = subprocess.Popen(
            command, cwd=folder, env=environment, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
        )
        try:
            out, err = done.communicate(timeout=LIMIT)
            return Outcome(done.returncode, out, err, folder)
        except subprocess.TimeoutExpired:
            return Outcome("none", "", f"Error: did not end within {LIMIT} seconds", folder)
        finally:
            try:
                os.killpg(done.pid, 9)  # threads and children that a file has started
            except ProcessLookupError:
                pass
            done.communicate()


def differences(theirs, ours):
    """What one says and the other does not, as pairs of lines."""
    names = sorted(theirs.settings.keys() & ours.settings.keys())
    pairs = [(f"{n} = {theirs.settings[n]}", f"{n} = {ours.settings[n]}") for n in names]
    if bool(theirs.settings) != bool(ours.settings) or theirs.settings.keys() - ours.settings.keys():
        pairs.append((f"{len(theirs.settings)} settings", f"{len(ours.settings)} settings"))
    if not ours.settings:
        pairs += [(f"exit {theirs.code}", f"exit {ours.code}"), ("; ".join(theirs.refusal), "; ".join(ours.refusal))]
    return [(a, b) for a, b in pairs if a != b]


def cause(*texts):
    for name, pattern in CAUSES:
        if any(re.search(pattern, line) for text in texts for line in text.split("; ")):
            return name
    return "unknown"


def judge(theirs, ours):
    """The verdict, the cause, and the pairs of lines that differ."""
    pairs = differences(theirs, ours)
    if pairs:
        return "differs", cause(*(text for pair in pairs for text in pair)), pairs
    if not theirs.settings:
        return "refused", theirs.refusal[-1] if theirs.refusal else f"exit {theirs.code}", []
    if ours.refusal == theirs.refusal:
        return "agrees", "", []
    return "agrees", cause("; ".join(ours.refusal)), [("; ".join(theirs.refusal), "; ".join(ours.refusal))]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--gunicorn", default=ROOT / "tests/target/python-packages/newest-gunicorn")
    parser.add_argument("--jgunicorn", default=ROOT / "packaging/target/jgunicorn/bin/jgunicorn")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--differences", action="store_true", help="show what differs")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    paths = sorted(options.folder.glob("*/gunicorn.conf.py"))
    arguments = ["--print-config", "app:app"]

    with tempfile.TemporaryDirectory() as place, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        venv.create(place)

        def compare(path):
            files = {"app.py": APPLICATION.encode(), "gunicorn.conf.py": path.read_bytes()}
            theirs = call([place + "/bin/python", "-m", "gunicorn", *arguments], files, {"PYTHONPATH": str(options.gunicorn)})
            return judge(theirs, call([str(options.jgunicorn), *arguments], files, {}))

        totals, causes = collections.Counter(), collections.Counter()
        for path, (verdict, why, pairs) in zip(paths, pool.map(compare, paths)):
            totals[verdict] += 1
            if verdict != "refused" and why:
                causes[verdict, why] += 1
            print(f"{verdict:8} {path.parent.name}" + (f": {why}" if why else ""), flush=True)
            if options.differences:
                for theirs, ours in pairs:
                    print(f"    gunicorn:  {theirs}\n    jgunicorn: {ours}", flush=True)
    print(f"\n{len(paths)} files: " + ", ".join(f"{n} {verdict}" for verdict, n in sorted(totals.items())))
    for (verdict, why), n in causes.most_common():
        print(f"  {n} {verdict}, {why}")
    return 1 if any(why == "unknown" for _, why in causes) else 0


if __name__ == "__main__":
    sys.exit(main())
