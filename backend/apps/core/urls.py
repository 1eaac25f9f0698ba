"""Paths at the root: health, figures, documentation, files."""

from django.urls import URLPattern, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from apps.core.routing import route
from apps.core.views import HealthView, IndexView, MediaView, MetricsView

urlpatterns: list[URLPattern] = [
    path("", IndexView.as_view(), name="index"),
    route("healthz/", HealthView.as_view(), name="healthz"),
    route("metrics/", MetricsView.as_view(), name="metrics"),
    route("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    route("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    route(
        "api/redoc/",
        SpectacularRedocView.as_view(url_name="schema", template_name="core/redoc.html"),
        name="redoc",
    ),
    re_path(r"^media/(?P<path>.+)$", MediaView.as_view(), name="media"),
]
