"""Reads that a thousand ask for at once: the finished answer, kept while nothing has changed.

For requests without a token alone: what they see depends on nobody. Whether anything has changed
is asked each time, of the database and so for every process, by a query that costs a fiftieth of
the answer; a kept answer is never older than `kept_seconds` either. Only the server's clock
within it is set anew.
"""

import re
from collections.abc import Hashable
from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.views import APIView

from apps.core import clock
from apps.core.wire import instant

BODY_BYTES_MAX = 256 * 1024  # a longer answer is not kept

#: No text of a user can look like this: quotes within JSON strings are escaped.
_SERVER_TIME = re.compile(rb'"server_time":"[^"]*"')


class Kept(NamedTuple):
    """A finished answer and what it was true of."""

    version: Hashable
    at: Any
    headers: list[tuple[str, str]]
    body: bytes


class KeptForAll(APIView):
    """A view whose anonymous GET is answered from what is kept, if `version` is still the same."""

    kept_seconds = 1.0

    def version(self, **path: Any) -> Hashable | None:
        """Return a value that changes with whatever the answer shows; None: keep nothing."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer from what is kept, or as any view and keep the answer."""
        anonymous = request.method == "GET" and "HTTP_AUTHORIZATION" not in request.META
        version = self.version(**kwargs) if anonymous and settings.KEEP_READS else None
        if version is None:
            return super().dispatch(request, *args, **kwargs)
        key = _key_of(request)
        kept: Kept | None = cache.get(key)
        now = clock.now()
        if kept is not None and kept.version == version and self._is_young(now - kept.at):
            return _answer(request, kept, now)
        response: Any = super().dispatch(request, *args, **kwargs)
        if response.status_code == 200:
            response.render()
            if len(response.content) <= BODY_BYTES_MAX:
                kept = Kept(version, now, list(response.headers.items()), response.content)
                cache.set(key, kept, timeout=self.kept_seconds)
        return response

    def _is_young(self, age: timedelta) -> bool:
        return timedelta(0) <= age < timedelta(seconds=self.kept_seconds)


def _key_of(request: HttpRequest) -> str:
    """Return what one answer is kept under: its whole address and the type asked for."""
    asked = f"{request.build_absolute_uri()} {request.META.get('HTTP_ACCEPT', '')}"
    return f"kept:{sha256(asked.encode('utf-8', 'surrogateescape')).hexdigest()}"


def _answer(request: HttpRequest, kept: Kept, now: Any) -> HttpResponse:
    headers = dict(kept.headers)
    tag = headers.get("ETag")
    if tag is not None and tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        headers.pop("Content-Type", None)
        return HttpResponse(status=304, headers=headers)
    stamp = f'"server_time":"{instant(now)}"'.encode()
    return HttpResponse(_SERVER_TIME.sub(stamp, kept.body), headers=headers)
