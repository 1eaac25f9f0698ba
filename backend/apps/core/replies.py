"""Answers outside the REST framework, in the documents' shape."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import View

from apps.core.json import encode


class ReadOnly(View):
    """A view that is only read; what else is asked of it is refused in the API's words."""

    http_method_names = ["get", "head"]

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer 405."""
        response = json_reply(405, {"error": f'Method "{request.method}" not allowed.'})
        response["Allow"] = "GET, HEAD"
        return response


def json_reply(status: int, body: dict[str, object]) -> HttpResponse:
    """Return a JSON response outside the REST framework."""
    return HttpResponse(encode(body), status=status, content_type="application/json")
