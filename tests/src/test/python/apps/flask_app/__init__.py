"""A Flask application as one writes it: JSON, a template, a stream, an upload, sessions, errors."""

import time

from flask import Flask, abort, jsonify, render_template, request, session, stream_with_context

app = Flask(__name__)
app.secret_key = "only for tests"


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


@app.post("/upload")
def upload():
    file = request.files["file"]
    content = file.read()
    return jsonify(name=file.filename, size=len(content), note=request.form["note"], end=content[-3:].decode())


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
