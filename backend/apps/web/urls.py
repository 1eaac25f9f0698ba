"""What machines read of the web app, and every address that nothing else answers."""

from django.urls import URLPattern, path, re_path

from apps.core.routing import route
from apps.web import views

urlpatterns: list[URLPattern] = [
    path("robots.txt", views.RobotsView.as_view(), name="robots"),
    path("sitemap.xml", views.SitemapView.as_view(), name="sitemap"),
    route("api/site/", views.SiteView.as_view(), name="site"),
    # The API's own unknown paths keep its own 404.
    re_path(r"^(?!api/|ws/|static/|media/|assets/).*$", views.PageView.as_view(), name="page"),
]
