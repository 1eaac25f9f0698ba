"""The page every address answers: the built app's, with a head and first words of its own."""

import functools
import secrets
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.text import Truncator

from apps.core.json import encode
from apps.web.pages import DESCRIPTION_LENGTH_MAX, Page

START = "start"  # what the build calls the part that every page needs
NONCE = "CSP_NONCE"  # what the build leaves in the page, frontend/vite.config.ts
HEAD = "<!--page-head-->"
BODY = "<!--page-body-->"
DATA = "<!--page-data-->"


class NotBuilt(Exception):
    """The web app has not been built here; `make web` does."""


def render(request: HttpRequest, page: Page) -> HttpResponse:
    """Return a page; raises NotBuilt."""
    built = shell()
    nonce = secrets.token_urlsafe(16)
    head = render_to_string("web/head.html", {**_head_of(request, page), "nonce": nonce})
    body = render_to_string(page.template, {"site": settings.SITE_NAME, **page.facts})
    data = f'<script type="application/json" id="page-data">{_script_safe(page.data)}</script>'
    html = built.replace(NONCE, nonce).replace(HEAD, head).replace(BODY, body)
    html = html.replace(DATA, data if page.data else "")
    response = HttpResponse(html, status=page.status)
    response["Content-Security-Policy"] = policy(request, nonce)
    response["Cache-Control"] = "no-cache"
    response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    response["Cross-Origin-Opener-Policy"] = "same-origin"
    if not page.is_indexed:
        response["X-Robots-Tag"] = "noindex"
    return response


@functools.cache
def shell() -> str:
    """Return the built page, as the build left it; raises NotBuilt."""
    try:
        return Path(settings.WEB_APP_DIR, "index.html").read_text("utf-8")
    except OSError as error:
        raise NotBuilt from error


@functools.cache
def files_of(*parts: str) -> tuple[str, ...]:
    """Return the built files of the app's start and of some of its parts, scripts and styles."""
    built = Path(settings.WEB_APP_DIR, ".vite", "manifest.json")
    if not built.exists():
        return ()
    manifest: dict[str, Any] = msgspec.json.decode(built.read_bytes())
    start = [name for name, part in manifest.items() if part.get("name") == START]
    found = [manifest[name] for name in _with_imports(manifest, *start, *parts)]
    files = [f"/{file}" for part in found for file in (part["file"], *part.get("css", ()))]
    return tuple(dict.fromkeys(file for file in files if file not in shell()))


def _with_imports(manifest: dict[str, Any], *names: str) -> dict[str, None]:
    found: dict[str, None] = {}
    waiting = list(reversed(names))
    while waiting:
        name = waiting.pop()
        if name not in found and name in manifest:
            found[name] = None
            waiting += manifest[name].get("imports", ())
    return found


def policy(request: HttpRequest, nonce: str) -> str:
    """Return the page's Content-Security-Policy: this house, and Stripe's form where it is used."""
    host = request.get_host()
    stripe = ["https://js.stripe.com"] if settings.STRIPE["publishable_key"] else []
    sources = {
        "default-src": ["'self'"],
        "script-src": ["'self'", f"'nonce-{nonce}'", *stripe],
        "style-src": ["'self'", f"'nonce-{nonce}'"],
        "img-src": ["'self'", "data:", "blob:", *_bucket()],
        "connect-src": [
            "'self'", f"ws://{host}", f"wss://{host}",
            *(["https://api.stripe.com"] if stripe else []),
        ],
        "frame-src": stripe or ["'none'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        # Text becomes HTML or script only through the app's one gate (src/lib/trusted-types.ts).
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
    }  # fmt: skip
    return "; ".join(f"{name} {' '.join(values)}" for name, values in sources.items())


def _bucket() -> list[str]:
    """Return where uploads are served from, if not from here."""
    options: dict[str, Any] = settings.STORAGES["default"].get("OPTIONS", {})
    if "bucket_name" not in options:
        return []
    domain = options.get("custom_domain")
    return [f"https://{domain}"] if domain else [options.get("endpoint_url") or "https:"]


def _head_of(request: HttpRequest, page: Page) -> dict[str, Any]:
    description = Truncator(" ".join(page.description.split())).chars(DESCRIPTION_LENGTH_MAX)
    address = settings.SITE_URL
    picture = (
        page.picture if "://" in page.picture else f"{address}{page.picture or '/icon-512.png'}"
    )
    return {
        "page": page,
        "site": settings.SITE_NAME,
        "description": description,
        "address": f"{address}{request.path}",
        "picture": picture,
        "files": files_of(*page.parts),
    }


def _script_safe(data: Any) -> str:
    """Return JSON that can end no script element, whatever its texts say."""
    text = encode(data).decode()
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
