"""A Flask application as one writes it: JSON, a template, streams, a file, uploads, sessions, errors."""

import hashlib
import os
import threading
import time
from collections import defaultdict

from flask import Flask, abort, g, jsonify, render_template, request, send_file, session, stream_with_context

app = Flask(__name__)
app.secret_key = "only for tests"
gates = defaultdict(threading.Event)


@app.before_request
def show():
    """Answers any target at all: the environ values that X-Show names, then what Flask makes of path and query."""
    if "X-Show" not in request.headers:
        return None
    seen = [request.environ.get(key) for key in request.headers["X-Show"].split()]
    seen += [request.path, request.args.to_dict(flat=False)]
    return app.response_class(" ".join(ascii(value) for value in seen), mimetype="text/plain")


@app.get("/")
def index():
    return "Hello from Flask"


@app.get("/json/<int:number>")
def as_json(number):
    return jsonify(number=number, double=number * 2, args=request.args)


@app.get("/page/<name>")
def page(name):
    return render_template("page.html", name=name, items=["one", "two", "three"])


@app.get("/stream")
def stream():
    @stream_with_context
    def pieces():
        for number in range(5):
            yield f"{request.args['word']} {number}\n"
            time.sleep(0.01)

    return app.response_class(pieces(), mimetype="text/plain")


@app.get("/gated/<name>")
def gated(name):
    """The second piece is not made before somebody asks for /release/<name>."""
    gate = gates[name]
    g.word = request.args["word"]

    @stream_with_context
    def pieces():
        yield "first\n"
        yield f"{g.word} {request.args['word']}\n" if gate.wait(20) else "nobody came\n"

    return app.response_class(pieces(), mimetype="text/plain")


@app.get("/release/<name>")
def release(name):
    gates[name].set()
    return f"released {name}"


@app.get("/breaks")
def breaks():
    def pieces():
        yield "first\n"
        raise ValueError("a mistake in a stream")

    return app.response_class(pieces(), mimetype="text/plain")


@app.get("/file")
def file():
    return send_file(os.path.abspath("data.bin"))


@app.post("/upload")
def upload():
    file = request.files["file"]
    content = file.read()
    return jsonify(name=file.filename, size=len(content), note=request.form["note"], end=content[-3:].decode())


@app.post("/digest")
def digest():
    """Of a body of any length, read piece by piece; and the header fields whose names begin with X-."""
    size, sha256 = 0, hashlib.sha256()
    while piece := request.stream.read(65536):
        size += len(piece)
        sha256.update(piece)
    fields = {name: value for name, value in request.headers if name.startswith("X-")}
    return jsonify(size=size, sha256=sha256.hexdigest(), fields=fields)


@app.get("/count")
def count():
    session["count"] = session.get("count", 0) + 1
    return str(session["count"])


@app.get("/error")
def error():
    raise ValueError("a mistake in a view")


@app.get("/teapot")
def teapot():
    abort(418)


@app.errorhandler(404)
def not_found(problem):
    return jsonify(error=problem.name), 404
