"""The web app's door: its pages, and what a machine may read of them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core import clock
from apps.core.replies import ReadOnly, json_reply
from apps.web.asking import ask
from apps.web.pages import page_at
from apps.web.serializers import SiteSerializer
from apps.web.shell import NotBuilt, render

SITEMAP_AUCTIONS = 100  # a page of the API; the newest


class PageView(ReadOnly):
    """GET an address of the web app; what is none is a 404 with the app's own words."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the page; without a built app, the way to the API's documentation."""
        page = page_at(request)
        if page.status == 404 and "text/html" not in request.headers.get("Accept", ""):
            return json_reply(404, {"error": "Not found"})
        try:
            return render(request, page)
        except NotBuilt:
            if request.path == "/":
                return redirect("/api/docs/")
            return json_reply(404, {"error": "Not found"})


class RobotsView(ReadOnly):
    """GET /robots.txt."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Say what is not for search engines, and where the map is."""
        lines = [
            "User-agent: *",
            "Disallow: /api/",
            "Disallow: /my/",
            "Disallow: /admin",
            f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        ]
        return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


class SitemapView(ReadOnly):
    """GET /sitemap.xml: the pages that stand for themselves and the running auctions."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the map."""
        asked = {"status": "active", "ordering": "end_time", "page_size": str(SITEMAP_AUCTIONS)}
        found = ask(request, "/api/auctions/", asked) or {"results": []}
        paths = ["/", "/search", *(f"/auctions/{auction['id']}" for auction in found["results"])]
        address = settings.SITE_URL
        places = "".join(f"<url><loc>{address}{path}</loc></url>" for path in paths)
        xml = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>\n'
        )
        return HttpResponse(xml, content_type="application/xml")


class SiteView(APIView):
    """GET /api/site/."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="getSite",
        summary="What a client needs to know of the house",
        tags=["house"],
        responses={200: SiteSerializer},
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Answer; the same for everybody."""
        body = {
            "name": settings.SITE_NAME,
            "currency": settings.SITE_CURRENCY,
            "play_money": settings.SANDBOX_PAYMENTS,
            "stripe_publishable_key": settings.STRIPE["publishable_key"] or None,
            "demo_accounts": [
                {"username": name, "password": settings.DEMO_PASSWORD}
                for name in (settings.DEMO_ACCOUNTS if settings.DEMO else ())
            ],
            "server_time": clock.now(),
        }
        return Response(SiteSerializer(body).data)
