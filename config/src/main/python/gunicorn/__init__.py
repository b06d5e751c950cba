"""What configuration files and applications import of gunicorn, without gunicorn's server.

The server itself is not Python here. What is missing says so: see ``jgunicorn/own_gunicorn.py``. A configuration may
assign SERVER_SOFTWARE and SERVER, which applications and clients then see.
"""

from jgunicorn.own_gunicorn import missing_attribute

version_info = (26, 1, 0)
__version__ = ".".join(str(part) for part in version_info)
SERVER = "gunicorn"
SERVER_SOFTWARE = f"{SERVER}/{__version__}"

__getattr__ = missing_attribute(__name__)
