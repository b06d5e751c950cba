"""Metrics."""

from jgunicorn.own_gunicorn import missing_attribute

__getattr__ = missing_attribute(__name__)
