"""Paths at the root: health, figures, documentation, files."""

from django.urls import URLPattern, re_path

from apps.core import views
from apps.core.routing import route

urlpatterns: list[URLPattern] = [
    route("healthz/", views.HealthView.as_view(), name="healthz"),
    route("metrics/", views.MetricsView.as_view(), name="metrics"),
    route("api/schema/", views.SchemaView.as_view(), name="schema"),
    route("api/docs/", views.SwaggerView.as_view(url_name="schema"), name="docs"),
    route(
        "api/redoc/",
        views.RedocView.as_view(url_name="schema", template_name="core/redoc.html"),
        name="redoc",
    ),
    re_path(r"^media/(?P<path>.+)$", views.MediaView.as_view(), name="media"),
]
