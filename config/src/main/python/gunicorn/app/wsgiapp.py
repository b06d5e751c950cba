"""The application that a command line names, for scripts that start gunicorn themselves ('jgunicorn run SCRIPT')."""

from gunicorn import util
from gunicorn.app.base import Application
from gunicorn.errors import ConfigError
from jgunicorn.own_gunicorn import missing_attribute


class WSGIApplication(Application):
    """Takes the application from the command line or from the setting ``wsgi_app``."""

    def init(self, parser, opts, args):
        self.app_uri = None
        if opts.paste:
            raise ConfigError("paste cannot be used in a script: start 'jgunicorn --paste FILE'")
        if args:
            self.cfg.set("default_proc_name", args[0])
            self.app_uri = args[0]

    def load_config(self):
        super().load_config()
        if self.app_uri is None:
            if self.cfg.wsgi_app is None:
                raise ConfigError("No application module specified.")
            self.app_uri = self.cfg.wsgi_app

    def load_wsgiapp(self):
        return util.import_app(self.app_uri)

    def load(self):
        return self.load_wsgiapp()


def run(prog=None):
    """Runs what ``sys.argv`` says, as the command gunicorn does."""
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog=prog).run()


__getattr__ = missing_attribute(__name__)
