"""Files that come with the program: those of the applications, and the built web app.

Found where they are, no collecting needed. Production may put a web server in front; without one
this serves them well, compressed where the build left a compressed copy beside a file.
"""

from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from servestatic.asgi import ServeStaticASGI

CACHE_SECONDS = 24 * 3600  # of names that carry no version
HASHED = "/assets/"  # the build puts a hash into these names: they never change
REVALIDATED = ("/sw.js", "/manifest.webmanifest")  # a browser must see a new one at once
PAGE = "index.html"  # rendered by apps/web, never served as it is


class Files:
    """An ASGI application that serves what comes with the program and passes on the rest."""

    def __init__(self, application: Any) -> None:
        self.serve = ServeStaticASGI(
            application,
            max_age=CACHE_SECONDS,
            immutable_file_test=lambda path, url: url.startswith(HASHED),
            add_headers_function=_add_headers,
        )
        for storage in AppDirectoriesFinder().storages.values():
            self.serve.add_files(storage.location, settings.STATIC_URL)
        built = Path(settings.WEB_APP_DIR)
        self._roots = frozenset(
            f"/{file.name}" for file in built.glob("[!.]*") if file.is_file() and file.name != PAGE
        )
        if built.is_dir():
            self.serve.add_files(str(built), "/")

    def holds(self, path: str) -> bool:
        """Tell whether a path belongs to a file; nothing else is asked of the file system."""
        return path.startswith((settings.STATIC_URL, HASHED)) or path in self._roots


def _add_headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    if url in REVALIDATED:
        headers["Cache-Control"] = "no-cache"
