"""What the server loads. The database is made on the first start, so that no binary is checked in."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_site.settings")

from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
call_command("migrate", verbosity=0)

from django.contrib.auth.models import User  # noqa: E402

if not User.objects.filter(username="ada").exists():
    User.objects.create_superuser("ada", "ada@example.org", "lovelace")
