"""Paths of notifications and messages, below /api/. Fixed words stand before ids."""

from apps.core.routing import route
from apps.notifications import views

urlpatterns = [
    route("notifications/", views.NotificationsView.as_view(), name="notifications"),
    route(
        "notifications/unread/",
        views.UnreadNotificationsView.as_view(),
        name="unread-notifications",
    ),
    route(
        "notifications/read-all/",
        views.ReadAllNotificationsView.as_view(),
        name="read-all-notifications",
    ),
    route("notifications/settings/", views.SettingsView.as_view(), name="notification-settings"),
    route("notifications/unsubscribe/", views.UnsubscribeView.as_view(), name="unsubscribe"),
    route(
        "notifications/<id:notification_id>/read/",
        views.ReadNotificationView.as_view(),
        name="read-notification",
    ),
]
