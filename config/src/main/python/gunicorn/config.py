"""The configuration that an application of its own fills: see ``gunicorn.app.base``."""

import os
import shlex
import sys

from jgunicorn import hook_config, settings_host
from jgunicorn.own_gunicorn import missing_attribute


def _idle(arity):
    """A hook that does nothing, with the parameters it would have."""
    names = ", ".join(f"a{number}" for number in range(arity))
    return eval(f"lambda {names}: None")


class Config(hook_config.Config):
    """Every setting with its default, to be changed with ``set``."""

    def __init__(self, usage=None, prog=None):
        defaults, hooks = settings_host.defaults()
        super().__init__(defaults, {name: _idle(arity) for name, arity in hooks.items()})
        # Not through __setattr__: these are no settings.
        for name, value in {
            "usage": usage,
            "prog": prog or os.path.basename(sys.argv[0]),
            "given": {},
        }.items():
            object.__setattr__(self, name, value)

    def set(self, name, value):
        """Changes a setting; AttributeError if there is none of that name, ValueError if its value cannot be used."""
        if name not in self._values:
            raise AttributeError(f"No configuration setting for: {name}")
        self._values[name] = settings_host.accepted(name, value)
        self.given[name] = value

    def get_cmd_args_from_env(self):
        return shlex.split(self.env_orig.get("GUNICORN_CMD_ARGS", ""))


def get_default_config_file():
    """``gunicorn.conf.py`` of the current folder, or None if there is none."""
    path = os.path.join(os.path.abspath(os.getcwd()), "gunicorn.conf.py")
    return path if os.path.exists(path) else None


__getattr__ = missing_attribute(__name__)
