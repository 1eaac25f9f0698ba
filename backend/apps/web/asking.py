"""Ask the house's own API, as a visitor would.

A page of the web server shows exactly what the API says to everybody: no rule is written twice,
nothing that is not public can slip into a page, and what is kept for many readers is used here too.
"""

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import Http404, HttpRequest, QueryDict
from django.urls import resolve


def ask(request: HttpRequest, path: str, query: dict[str, Any] | None = None) -> Any:
    """Return the JSON a visitor gets for `path`; None where the API refuses."""
    asked = HttpRequest()
    asked.method = "GET"
    asked.path = asked.path_info = path
    text = urlencode(query or {}, doseq=True)
    asked.META = {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": text,
        "HTTP_ACCEPT": "application/json",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": request.META.get("REMOTE_ADDR", ""),
        "HTTP_HOST": request.get_host(),
        "wsgi.url_scheme": request.scheme or "http",
    }
    asked.GET = QueryDict(text)
    try:
        found = resolve(path)
        response = found.func(asked, *found.args, **found.kwargs)
    except Http404:
        return None
    if response.status_code != 200:
        return None
    if hasattr(response, "render") and not response.is_rendered:
        response.render()
    return msgspec.json.decode(response.content)
