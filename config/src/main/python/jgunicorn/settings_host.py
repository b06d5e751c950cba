"""What Python asks of the catalogue of settings, which is Java's (SettingsHost.java); answers are Python literals."""

_host = None


def use(host):
    """Names the Java side; before anybody asks."""
    global _host
    _host = host


def defaults():
    """Two dicts: the settings with their default values, and how many parameters each hook has."""
    return _literal(_host.defaults())


def accepted(name, value):
    """A value in the form the server keeps it in; ValueError says why it cannot be used."""
    from jgunicorn import config_file

    kind, answer = _literal(_host.accepted(name, config_file.describe_setting(name, value)))
    if kind == "refused":
        raise ValueError(answer)
    return value if kind == "object" else answer


def parsed(arguments):
    """What a command line gives: a dict of settings by name, and the first argument that is no option, or None.

    Ends like a command line program if it asks for help or cannot be read.
    """
    kind, *answer = _literal(_host.parsed(list(arguments)))
    if kind == "options":
        return answer
    import sys

    code, text = answer
    (sys.stderr if code else sys.stdout).write(text)
    raise SystemExit(code)


def _literal(text):
    import ast  # most boots do without

    return ast.literal_eval(text)
