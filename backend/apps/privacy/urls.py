"""Paths of personal data, below /api/."""

from apps.core.routing import route
from apps.privacy import views

urlpatterns = [
    route("users/me/export/", views.ExportsView.as_view(), name="exports"),
    route(
        "users/me/export/<id:export_id>/file/", views.ExportFileView.as_view(), name="export-file"
    ),
]
