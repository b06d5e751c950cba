import hashlib
import threading
from collections import defaultdict

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from django_site.visits.models import Visit

gates = defaultdict(threading.Event)


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


@conditional_page
def conditional(request):
    return HttpResponse("the same every time")


def gated(request, name):
    """The second piece is not made before somebody asks for release/<name>."""
    gate = gates[name]

    def pieces():
        yield "first\n"
        yield f"{request.GET['word']}\n" if gate.wait(20) else "nobody came\n"

    return StreamingHttpResponse(pieces(), content_type="text/plain")


def release(request, name):
    gates[name].set()
    return HttpResponse(f"released {name}")


def file(request):
    return FileResponse(open("data.bin", "rb"), as_attachment=True, filename="donn\xe9es.bin")


@csrf_exempt
def upload(request):
    file = request.FILES["file"]
    sha256 = hashlib.sha256()
    for piece in file.chunks():
        sha256.update(piece)
    stored = isinstance(file, TemporaryUploadedFile)
    return JsonResponse(
        {
            "type": type(file).__name__,
            "path": file.temporary_file_path() if stored else None,
            "name": file.name,
            "size": file.size,
            "sha256": sha256.hexdigest(),
            "note": request.POST["note"],
        }
    )


def error(request):
    raise ValueError("a mistake in a view")
