"""Paths of this app, below /api/. Fixed words stand before ids."""

from django.urls import URLPattern

from apps.core.routing import route
from apps.users import (
    demo_views,
    factor_views,
    key_views,
    mail_views,
    passkey_views,
    session_views,
    token_views,
    views,
)

urlpatterns: list[URLPattern] = [
    route("auth/token/", token_views.TokenView.as_view(), name="auth-token"),
    route("auth/token/refresh/", token_views.RefreshView.as_view(), name="auth-token-refresh"),
    route("auth/logout/", token_views.LogOutView.as_view(), name="auth-logout"),
    route("auth/ws-ticket/", token_views.SocketTicketView.as_view(), name="auth-ws-ticket"),
    route("auth/sessions/", session_views.SessionsView.as_view(), name="auth-sessions"),
    route(
        "auth/sessions/revoke-others/",
        session_views.RevokeOthersView.as_view(),
        name="auth-sessions-others",
    ),
    route(
        "auth/sessions/<uuid:session_id>/",
        session_views.SessionView.as_view(),
        name="auth-session",
    ),
    route("auth/password-reset/", mail_views.PasswordResetView.as_view(), name="auth-reset"),
    route(
        "auth/password-reset/confirm/",
        mail_views.ResetPasswordView.as_view(),
        name="auth-reset-confirm",
    ),
    route("auth/verify-email/", mail_views.VerifyEmailView.as_view(), name="auth-verify"),
    route(
        "auth/verify-email/resend/",
        mail_views.ResendVerificationView.as_view(),
        name="auth-verify-resend",
    ),
    route("auth/security/", factor_views.SecurityView.as_view(), name="auth-security"),
    route("auth/second-factor/", factor_views.SecondFactorView.as_view(), name="auth-factor"),
    route("auth/totp/", factor_views.TotpView.as_view(), name="auth-totp"),
    route("auth/totp/confirm/", factor_views.TotpConfirmView.as_view(), name="auth-totp-confirm"),
    route(
        "auth/recovery-codes/", factor_views.RecoveryCodesView.as_view(), name="auth-recovery-codes"
    ),
    route("auth/passkeys/", passkey_views.PasskeysView.as_view(), name="auth-passkeys"),
    route(
        "auth/passkeys/options/",
        passkey_views.PasskeyOptionsView.as_view(),
        name="auth-passkey-options",
    ),
    route(
        "auth/passkeys/login-options/",
        passkey_views.PasskeyLogInOptionsView.as_view(),
        name="auth-passkey-login-options",
    ),
    route(
        "auth/passkeys/login/",
        passkey_views.PasskeyLogInView.as_view(),
        name="auth-passkey-login",
    ),
    route(
        "auth/passkeys/<id:passkey_id>/", passkey_views.PasskeyView.as_view(), name="auth-passkey"
    ),
    route("api-keys/", key_views.KeysView.as_view(), name="api-keys"),
    route("api-keys/<id:key_id>/", key_views.KeyView.as_view(), name="api-key"),
    route("users/email/", mail_views.EmailView.as_view(), name="users-email"),
    route("users/register/", views.RegisterView.as_view(), name="users-register"),
    route("users/me/", views.MeView.as_view(), name="users-me"),
    route("users/profile/", views.ProfileView.as_view(), name="users-profile"),
    route("users/business/", views.BusinessView.as_view(), name="users-business"),
    route("users/avatar/", views.AvatarView.as_view(), name="users-avatar"),
    route("users/password/", views.PasswordView.as_view(), name="users-password"),
    route("users/<id:user_id>/", views.PublicUserView.as_view(), name="users-public"),
    route("demo/mailbox/", demo_views.MailboxView.as_view(), name="demo-mailbox"),
    route("demo/mailbox/<id:mail_id>/", demo_views.MailView.as_view(), name="demo-mail"),
]
