"""An application that is made by a call: factory:create("Ada", greeting="Hello")."""


def create(name, greeting="Hi"):
    body = f"{greeting}, {name}!\n".encode()

    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    return app
