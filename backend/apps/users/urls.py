"""Paths of this app, below /api/. Fixed words stand before ids."""

from django.urls import URLPattern

from apps.core.routing import route
from apps.users import token_views, views

urlpatterns: list[URLPattern] = [
    route("auth/token/", token_views.TokenView.as_view(), name="auth-token"),
    route("auth/token/refresh/", token_views.RefreshView.as_view(), name="auth-token-refresh"),
    route("auth/logout/", token_views.LogOutView.as_view(), name="auth-logout"),
    route("auth/ws-ticket/", token_views.SocketTicketView.as_view(), name="auth-ws-ticket"),
    route("users/register/", views.RegisterView.as_view(), name="users-register"),
    route("users/me/", views.MeView.as_view(), name="users-me"),
    route("users/profile/", views.ProfileView.as_view(), name="users-profile"),
    route("users/business/", views.BusinessView.as_view(), name="users-business"),
    route("users/avatar/", views.AvatarView.as_view(), name="users-avatar"),
    route("users/password/", views.PasswordView.as_view(), name="users-password"),
    route("users/<id:user_id>/", views.PublicUserView.as_view(), name="users-public"),
]
