"""Names that are no WSGI application."""

not_callable = 42


def returns_none():
    return None


def needs_an_argument(name):
    return name
