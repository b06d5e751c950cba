from django.contrib import admin

from django_site.visits.models import Visit

admin.site.register(Visit)
