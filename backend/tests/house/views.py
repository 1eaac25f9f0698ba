"""Paths that misbehave on request, for the tests of config/http.py."""

import threading
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from apps.core import views

#: What the views saw, for the tests to ask about.
seen: dict[str, object] = {}
gate = threading.Event()


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body, content_type="application/octet-stream")


def size(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(sum(len(file.read()) for file in request.FILES.values())))


def query(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    seen["thread"] = threading.current_thread().name
    return HttpResponse(request.META["REMOTE_ADDR"])


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret of the house")


def cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(status=204)
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


def wait(request: HttpRequest) -> HttpResponse:
    gate.wait(10)
    return HttpResponse("done")


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def pieces() -> Iterator[bytes]:
        try:
            for number in range(1000):
                seen["piece"] = number
                yield b"x" * 1000
        finally:
            seen["closed"] = True

    return StreamingHttpResponse(pieces())


def file(request: HttpRequest) -> FileResponse:
    opened = Path(request.GET["path"]).open("rb")  # noqa: SIM115 - the response closes it
    seen["file"] = opened
    return FileResponse(opened)


urlpatterns = [
    path(view.__name__, view) for view in (echo, size, query, broken, cookie, wait, stream, file)
]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
