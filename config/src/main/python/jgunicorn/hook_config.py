"""The configuration as hooks see it, ``server.cfg`` and ``worker.cfg``."""

SSL_SETTINGS = (
    "certfile",
    "keyfile",
    "cert_reqs",
    "ca_certs",
    "ciphers",
    "ssl_version",
    "do_handshake_on_connect",
    "suppress_ragged_eofs",
)


class Config:
    """Every setting as an attribute, read only."""

    def __init__(self, settings, hooks=None):
        values = dict(settings)
        values.update(hooks or {})
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_hooks", dict(hooks or {}))

    def __getattr__(self, name):
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(f"No configuration setting for: {name}") from None

    def __setattr__(self, name, value):
        if name in self._values:
            raise AttributeError("Invalid access!")
        object.__setattr__(self, name, value)

    def hook(self, name):
        return self._hooks[name]

    def has_hook(self, name):
        return name in self._hooks

    @property
    def settings(self):
        """Objects with `name` and `get()`, by name."""
        return {name: Setting(self, name) for name in self._values}

    def set(self, name, value):
        """Changes what this configuration shows; the running server does not look again."""
        if name not in self._values:
            raise AttributeError(f"No configuration setting for: {name}")
        self._values[name] = value

    @property
    def address(self):
        """Where to listen: (host, port), the path of a Unix socket or a descriptor's number."""
        from gunicorn import util

        return [util.parse_address(bind) for bind in self._values["bind"]]

    @property
    def uid(self):
        return self._values["user"]

    @property
    def gid(self):
        return self._values["group"]

    @property
    def proc_name(self):
        name = self._values["proc_name"]
        return self._values["default_proc_name"] if name is None else name

    @property
    def env(self):
        return dict(item.split("=", 1) for item in self._values["raw_env"])

    @property
    def env_orig(self):
        """The environment at the start of this process."""
        from jgunicorn import config_file

        return dict(config_file.first_environment)

    @property
    def is_ssl(self):
        return bool(self._values["certfile"] or self._values["keyfile"])

    @property
    def ssl_options(self):
        return {name: self._values[name] for name in SSL_SETTINGS if name in self._values}

    @property
    def worker_class_str(self):
        name = self._values["worker_class"]
        if isinstance(name, type):
            return name.__name__
        is_sync = name == "sync" or name.endswith("SyncWorker")
        return "gthread" if is_sync and self._values["threads"] > 1 else name

    @property
    def worker_class(self):
        from gunicorn import util

        value = self._values["worker_class"]
        return util.load_class(value if isinstance(value, type) else self.worker_class_str)

    @property
    def logger_class(self):
        from gunicorn import util

        return util.load_class(self._values["logger_class"], "gunicorn.glogging.Logger", "gunicorn.loggers")

    def __str__(self):
        width = max(len(name) for name in self._values)
        lines = []
        for name in sorted(self._values):
            value = self._values[name]
            if callable(value):
                value = f"<{value.__qualname__}()>"
            lines.append(f"{name:{width}} = {value}")
        return "\n".join(lines)


class Setting:
    """One setting of a Config."""

    def __init__(self, config, name):
        self._config = config
        self.name = name

    def get(self):
        return getattr(self._config, self.name)

    def set(self, value):
        self._config.set(self.name, value)
