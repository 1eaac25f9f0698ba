"""Files that come with the program: found in the applications, no collecting needed.

Production may put a web server in front for /static/; without one this serves them well.
"""

from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from servestatic.asgi import ServeStaticASGI

CACHE_SECONDS = 24 * 3600  # names carry no version


def with_static_files(application: Any) -> Any:
    """Return an application that serves what is below STATIC_URL and passes on the rest."""
    files = ServeStaticASGI(application, max_age=CACHE_SECONDS, add_headers_function=_add_headers)
    for storage in AppDirectoriesFinder().storages.values():
        files.add_files(storage.location, settings.STATIC_URL)
    return files


def _add_headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
