"""Accounts as rows: user, profile, business, login session, socket ticket."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.db.models.functions import Lower

from apps.core import clock


class User(AbstractUser):
    """An account. Names and addresses are unique whatever their case."""

    email = models.EmailField(max_length=254)
    can_sell = models.BooleanField(default=True)  # withdrawn by staff (register 24)
    banned_at = models.DateTimeField(null=True, blank=True)
    banned_reason = models.CharField(max_length=500, blank=True)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_any_case"),
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
        ]

    @property
    def full_name(self) -> str:
        """First and last name as one."""
        return self.get_full_name()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new password, set by whatever door, ends every session opened with the old.

        `_password` is what set_password() leaves for save(); a hash that is merely renewed with
        stronger parameters at login clears it first.
        """
        typed: str | None = getattr(self, "_password", None)
        if typed is None or self._state.adding:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.login_sessions.filter(revoked_at=None).update(revoked_at=clock.now())


class UserProfile(models.Model):
    """What a person tells about themselves; one row per user, made on registration."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="profile")
    bio = models.TextField(max_length=2000, blank=True)
    avatar = models.CharField(max_length=200, blank=True)  # path below MEDIA_ROOT
    location = models.CharField(max_length=120, blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=16, default="en")


class BusinessAccount(models.Model):
    """A company behind a user; shown on invoices."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="business")
    company_name = models.CharField(max_length=200)
    tax_id = models.CharField(max_length=64, blank=True)
    address = models.TextField(max_length=1000, blank=True)
    website = models.URLField(max_length=300, blank=True)


class LoginSession(models.Model):
    """A family of tokens from one login (register 34, 35). Its id is the `sid` of every token.

    `refresh_digest` is the newest refresh token handed out, `previous_digest` the one it
    replaces: that one stays usable until its successor is first used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="login_sessions")
    refresh_digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    user_agent = models.CharField(max_length=200, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "revoked_at"], name="session_by_user")]


class SocketTicket(models.Model):
    """A single-use pass for one WebSocket; only the digest of the ticket is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    session = models.ForeignKey(LoginSession, models.CASCADE)
    expires_at = models.DateTimeField(db_index=True)
