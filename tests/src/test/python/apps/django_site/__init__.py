"""A Django project as startproject makes it, in one folder: admin, SQLite, one application with a model."""
