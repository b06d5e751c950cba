"""Django with the applications and middleware of a new project: a JSON view, and one with a SQLite query.

The table is made when it is missing, so that no database is checked in.
"""

import sqlite3
from pathlib import Path

import django
from django.conf import settings

DATABASE = Path(__file__).with_name("django_app.sqlite3")

settings.configure(
    SECRET_KEY="only for benchmarks",
    DEBUG=False,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE}},
    STATIC_URL="static/",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402


class Visit(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "bench"
        db_table = "visit"


if not DATABASE.exists():
    with sqlite3.connect(DATABASE, timeout=30) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS visit (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL)")
        connection.executemany(
            "INSERT OR IGNORE INTO visit VALUES (?, ?)", [(number, f"visitor {number}") for number in range(1, 101)]
        )
    connection.close()


def as_json(request, number):
    return JsonResponse({"number": number, "double": number * 2, "args": dict(request.GET.items())})


def visit(request, number):
    return JsonResponse({"number": number, "name": Visit.objects.get(pk=number).name})


urlpatterns = [path("json/<int:number>", as_json), path("visit/<int:number>", visit)]
app = get_wsgi_application()
