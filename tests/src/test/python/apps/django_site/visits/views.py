from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from django_site.visits.models import Visit


def index(request):
    return HttpResponse("Hello from Django")


def as_json(request, number):
    return JsonResponse({"number": number, "double": number * 2, "args": dict(request.GET.items())})


def visits(request, name):
    Visit.objects.create(name=name)
    same = Visit.objects.filter(name=name).order_by("at")
    return JsonResponse({"visits": same.count(), "first": same.first().name})


def page(request, name):
    return render(request, "visits/page.html", {"name": name, "items": ["one", "two", "three"]})


def error(request):
    raise ValueError("a mistake in a view")
