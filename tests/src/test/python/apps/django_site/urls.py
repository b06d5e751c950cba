from django.contrib import admin
from django.urls import path

from django_site.visits import views

urlpatterns = [
    path("", views.index),
    path("json/<int:number>", views.as_json),
    path("visits/<str:name>", views.visits),
    path("page/<str:name>", views.page),
    path("conditional", views.conditional),
    path("gated/<str:name>", views.gated),
    path("release/<str:name>", views.release),
    path("file", views.file),
    path("upload", views.upload),
    path("error", views.error),
    path("admin/", admin.site.urls),
]
