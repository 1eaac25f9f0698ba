"""Paths of notifications and messages, below /api/. Fixed words stand before ids."""

from apps.core.routing import route
from apps.notifications import message_views, push_views, views

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
    route("notifications/email/resume/", views.ResumeMailView.as_view(), name="resume-mail"),
    route("notifications/bounces/", views.BouncesView.as_view(), name="bounces"),
    route("notifications/push/", push_views.PushView.as_view(), name="push"),
    route(
        "notifications/push/<id:subscription_id>/",
        push_views.SubscriptionView.as_view(),
        name="push-subscription",
    ),
    route(
        "notifications/<id:notification_id>/read/",
        views.ReadNotificationView.as_view(),
        name="read-notification",
    ),
    route("messages/", message_views.MessagesView.as_view(), name="messages"),
    route(
        "messages/conversations/", message_views.ConversationsView.as_view(), name="conversations"
    ),
    route("messages/blocks/", message_views.BlocksView.as_view(), name="blocks"),
    route("messages/blocks/<id:user_id>/", message_views.BlockView.as_view(), name="block"),
    route(
        "messages/<id:conversation_id>/",
        message_views.ConversationView.as_view(),
        name="conversation",
    ),
    route(
        "messages/<id:message_id>/read/",
        message_views.MarkReadView.as_view(),
        name="mark-message-read",
    ),
]
