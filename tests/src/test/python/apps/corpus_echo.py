"""Answers what of the request reached the application: method, raw target, and the body if there is one."""


def app(environ, start_response):
    seen = [environ["REQUEST_METHOD"].encode("latin-1"), environ["RAW_URI"].encode("latin-1")]
    body = environ["wsgi.input"].read()
    if body:
        seen.append(body)
    answer = b" ".join(seen)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
    return [answer]
