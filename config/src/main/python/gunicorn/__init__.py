"""What configuration files import of gunicorn, as far as it makes sense here."""
