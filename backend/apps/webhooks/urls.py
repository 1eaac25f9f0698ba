"""Paths of webhooks, below /api/. Fixed words stand before ids."""

from apps.core.routing import route
from apps.webhooks import views

urlpatterns = [
    route("webhooks/", views.WebhooksView.as_view(), name="webhooks"),
    route(
        "webhooks/deliveries/<id:delivery_id>/",
        views.DeliveryView.as_view(),
        name="webhook-delivery",
    ),
    route(
        "webhooks/deliveries/<id:delivery_id>/replay/",
        views.ReplayView.as_view(),
        name="webhook-delivery-replay",
    ),
    route("webhooks/<id:webhook_id>/", views.WebhookDetailView.as_view(), name="webhook"),
    route(
        "webhooks/<id:webhook_id>/rotate-secret/",
        views.RotateSecretView.as_view(),
        name="webhook-rotate-secret",
    ),
    route("webhooks/<id:webhook_id>/test/", views.TestView.as_view(), name="webhook-test"),
    route(
        "webhooks/<id:webhook_id>/replay/", views.ReplaySinceView.as_view(), name="webhook-replay"
    ),
    route(
        "webhooks/<id:webhook_id>/deliveries/",
        views.DeliveriesView.as_view(),
        name="webhook-deliveries",
    ),
]
