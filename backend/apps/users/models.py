"""Accounts as rows: user, profile, business, sessions, second factors, one-time secrets, mail."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from apps.core import clock


class User(AbstractUser):
    """An account. Names and addresses are unique whatever their case."""

    email = models.EmailField(max_length=254)
    email_verified_at = models.DateTimeField(null=True, blank=True)  # of the present address
    can_sell = models.BooleanField(default=True)  # withdrawn by staff (register 24)
    duty = models.CharField(max_length=12, blank=True)  # of staff: rights.Duty; empty: all rights
    banned_at = models.DateTimeField(null=True, blank=True)
    banned_reason = models.CharField(max_length=500, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)  # then nobody: a name that says so

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


class RetiredName(models.Model):
    """A user name that was given up with its account: given to nobody again, and not kept."""

    digest = models.CharField(max_length=64, primary_key=True)


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
    second_factor = models.BooleanField(default=False)  # a code or a passkey was shown in it
    user_agent = models.CharField(max_length=200, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "revoked_at"], name="session_by_user")]


class ApiKey(models.Model):
    """A key for programs of an account: a login session of its own, and what it may do.

    Only the digest of its text is kept. It ends when its session does.
    """

    session = models.OneToOneField(LoginSession, models.CASCADE, related_name="api_key")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)  # how it begins
    scopes: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # key_scopes.SCOPES
    used = models.BooleanField(default=False)  # then when: its session's last_used_at


class SocketTicket(models.Model):
    """A single-use pass for one WebSocket; only the digest of the ticket is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    session = models.ForeignKey(LoginSession, models.CASCADE)
    expires_at = models.DateTimeField(db_index=True)


class TotpDevice(models.Model):
    """An authenticator app; it counts from `confirmed_at` on. The secret is sealed."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="totp")
    sealed_secret = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)  # of the last code used: no code counts twice
    wrong_count = models.PositiveIntegerField(default=0)  # in a row
    locked_until = models.DateTimeField(null=True, blank=True)


class RecoveryCode(models.Model):
    """A code on paper that stands in for a second factor, once; only its digest is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")


class Passkey(models.Model):
    """A key pair in somebody's device; ours is the public half."""

    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_digest = models.CharField(max_length=64, unique=True)  # of the credential's id
    credential = models.BinaryField()  # WebAuthn's "attested credential data": id, public key
    sign_count = models.BigIntegerField(default=0)  # uses, as far as the device counts them
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)


class OneTimeSecret(models.Model):
    """A secret handed out that works once and not for long; only its digest is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=20)  # one_time.Purpose
    user = models.ForeignKey(User, models.CASCADE, null=True)
    email = models.EmailField(max_length=254, blank=True)  # the address it was mailed to
    wrong_count = models.PositiveSmallIntegerField(default=0)  # codes tried along with it
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["user", "purpose"], name="secret_by_user")]


class MailOrder(models.Model):
    """A mail to be written and sent; gone once the mail server has it."""

    kind = models.CharField(max_length=30)  # letters.Kind
    user = models.ForeignKey(User, models.CASCADE, null=True)
    email = models.EmailField(max_length=254, blank=True)  # as typed; empty: the user's own
    facts = models.JSONField(default=dict)  # what the letter needs besides the user's name
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)


class SentMail(models.Model):
    """A copy of a mail as it was sent, for the mailbox of a demo; kept nowhere else."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sent_mails")
    recipient = models.EmailField(max_length=254)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField()
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="sent_mail_by_user")]


class MailBounce(models.Model):
    """The last time an account's address would not take a mail; `told` by a notification."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="mail_bounce")
    email = models.EmailField(max_length=254)  # the address that would not
    detail = models.CharField(max_length=300, blank=True)  # what its server said
    at = models.DateTimeField()
    told = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["user"], name="bounce_to_tell", condition=Q(told=False))]
