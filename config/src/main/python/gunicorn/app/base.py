"""Applications that bring their own configuration. A script that ends in ``run()`` is started by 'jgunicorn run'."""

import os
import sys
import types

from gunicorn.config import Config, get_default_config_file
from jgunicorn import config_file, script, settings_host
from jgunicorn.own_gunicorn import missing_attribute


class BaseApplication:
    """Has ``cfg``, filled by ``load_config``; ``load`` returns the WSGI application, in workers only."""

    def __init__(self, usage=None, prog=None):
        self.usage = usage
        self.prog = prog
        self.cfg = None
        self.callable = None
        self.logger = None
        self.do_load_config()

    def do_load_config(self):
        """Fills ``cfg``; ends the script with one message if that cannot be done."""
        try:
            self.load_default_config()
            self.load_config()
        except Exception as e:
            sys.stderr.write(f"\nError: {e}\n")
            sys.stderr.flush()
            sys.exit(1)

    def load_default_config(self):
        self.cfg = Config(self.usage, prog=self.prog)

    def init(self, parser, opts, args):
        raise NotImplementedError

    def load(self):
        raise NotImplementedError

    def load_config(self):
        raise NotImplementedError

    def reload(self):
        self.do_load_config()

    def wsgi(self):
        """The WSGI application, loaded once."""
        if self.callable is None:
            self.callable = self.load()
        return self.callable

    def run(self):
        """Has the server run this application, and does not return."""
        script.start(self)


class Application(BaseApplication):
    """Reads command line, configuration file and GUNICORN_CMD_ARGS too."""

    def chdir(self):
        os.chdir(self.cfg.chdir)
        config_file.put_first(self.cfg.chdir)

    def load_config_from_module_name_or_filename(self, location):
        """Sets what a configuration file or ``python:MODULE`` defines."""
        if not location.startswith("python:"):
            path = os.path.abspath(location.removeprefix("file:"))
            if not os.path.exists(path):
                raise RuntimeError(f"{location!r} doesn't exist")
            location = "file:" + path
        names = config_file.load(location)
        for name, value in list(names.items()):
            if name in self.cfg.settings:
                try:
                    self.cfg.set(name, value)
                except Exception:
                    sys.stderr.write(f"Invalid value for {name}: {value}\n\n")
                    raise
        return names

    def load_config_from_file(self, filename):
        return self.load_config_from_module_name_or_filename(filename)

    def load_config(self):
        given, spec = settings_host.parsed(sys.argv[1:])
        args = [] if spec is None else [spec]
        options = dict.fromkeys(self.cfg.settings)
        options.update(given, args=args)
        # There is no parser of Python's: init() may look at the options.
        own = self.init(None, types.SimpleNamespace(**options), args)
        self.chdir()
        for name, value in (own or {}).items():
            self.cfg.set(name.lower(), value)
        from_environment, _ = settings_host.parsed(self.cfg.get_cmd_args_from_env())
        location = given.get("config") or from_environment.get("config") or get_default_config_file()
        if location:
            self.load_config_from_file(location)
        for source in (from_environment, given):
            for name, value in source.items():
                self.cfg.set(name, value)
        self.chdir()


__getattr__ = missing_attribute(__name__)
