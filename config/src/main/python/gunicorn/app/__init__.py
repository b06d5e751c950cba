"""Applications that bring their own configuration; 'jgunicorn run SCRIPT' runs them."""

from jgunicorn.own_gunicorn import missing_attribute

__getattr__ = missing_attribute(__name__)
