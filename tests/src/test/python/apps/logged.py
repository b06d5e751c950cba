"""An answer for each path, to compare what access logs say of them."""

TEXT = ("Content-Type", "text/plain")


def plain(environ, start_response):
    start_response("200 OK", [TEXT, ("Content-Length", "3"), ("X-Out", "one"), ("X-Out", 'two "2"')])
    return [b"ok\n"]


def echo(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("201 Created", [TEXT, ("Content-Length", str(len(body)))])
    return [body]


def status(text):
    def answer(environ, start_response):
        start_response(text, [])
        return []

    return answer


def stream(environ, start_response):
    start_response("200 OK", [TEXT])
    return (b"x" * size for size in (1, 20, 300))


def generator_of_known_length(environ, start_response):
    start_response("200 OK", [TEXT, ("Content-Length", "10")])
    yield b"01234"
    yield b"56789"


def big(environ, start_response):
    start_response("200 OK", [TEXT, ("Content-Length", "3000000")])
    return [b"b" * 3000000]


def empty_for_head(environ, start_response):
    start_response("200 OK", [TEXT, ("Content-Length", "3")])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [b"ok\n"]


def raises(environ, start_response):
    raise RuntimeError("before the head")


def raises_late(environ, start_response):
    start_response("200 OK", [TEXT])
    yield b"some"
    raise RuntimeError("after the head")


def write_callable(environ, start_response):
    write = start_response("200 OK", [TEXT])
    write(b"written ")
    return [b"returned"]


def too_much(environ, start_response):
    start_response("200 OK", [TEXT, ("Content-Length", "4")])
    return [b"four and more"]


PATHS = {
    "/echo": echo,
    "/204": status("204 No Content"),
    "/304": status("304 Not Modified"),
    "/404": status("404 Not Found"),
    "/302": status("302 Found"),
    "/odd": status("299 A \"quoted\" reason"),
    "/stream": stream,
    "/known": generator_of_known_length,
    "/big": big,
    "/head": empty_for_head,
    "/raises": raises,
    "/raises-late": raises_late,
    "/write": write_callable,
    "/too-much": too_much,
}


def app(environ, start_response):
    environ["app.text"] = 'said "so"'
    environ["app.number"] = 42
    environ["app.none"] = None
    environ["App.Mixed"] = "mixed"
    if environ["PATH_INFO"] == "/proxied":
        environ["REMOTE_ADDR"] = "198.51.100.7"  # as a middleware does that knows its proxies
    return PATHS.get(environ["PATH_INFO"], plain)(environ, start_response)
