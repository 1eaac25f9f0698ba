"""Passwords that were forgotten, addresses to confirm, and the mails that do both.

Asking for a new password writes one row, whether the account exists or not: who asks learns
nothing, not even from the time it takes. The account is looked for when the mail is sent.
Source: docs/adr/0008; ASVS 5.0 V6.4.
"""

import logging
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.db import transaction

from apps.core import clock, mail
from apps.core.mail import Letter
from apps.users import bounces, demo_mailbox, letters, mailbox, one_time, rules, selectors, services
from apps.users.letters import Kind
from apps.users.models import MailOrder, OneTimeSecret, User
from apps.users.one_time import Purpose
from apps.users.rules import AccountError, AccountReason

log = logging.getLogger(__name__)

PERMANENT_CODE_MIN = 500  # of an SMTP server's answers
MAILS_AT_ONCE_MAX = 50  # in one call; the rest is due at the next
LINKS_MAX = 5  # that count at the same time: a stranger who asks again and again sends no more


def request_password_reset(email: object) -> None:
    """Order a mail with a link to a new password, should the address belong to an account.

    Raises AccountError for what is no address.
    """
    rules.require(email=email)
    address = rules.email_as_typed(email)
    rules.check_email(address)
    mailbox.order(Kind.PASSWORD_RESET, email=address)


def reset_password(token: object, *, password: object) -> None:
    """Set the password of the account a mailed link belongs to; every session of it ends.

    The link proves the address as well. A second factor stays: a mailbox is not one.
    Raises AccountError: a field missing, link spent or expired, password unfit (the link then
    still counts).
    """
    rules.require(token=token, password=password)
    secret = rules.text(password, "password")
    rules.text(token, "token")
    link = one_time.found(token, Purpose.PASSWORD_RESET)
    user = _owner(link)
    if link is None or user is None:
        raise _spent_link("ask for a new one")
    rules.check_password(secret, known_names=(user.username, user.email))
    user.set_password(secret)  # hashed out here: SQLite has one writer
    changed = ["password"]
    if link.email == user.email and user.email_verified_at is None:
        user.email_verified_at = clock.now()
        changed.append("email_verified_at")
    with transaction.atomic():
        if not one_time.use_up(link):
            raise _spent_link("ask for a new one")
        user.save(update_fields=changed)
        services.password_was_replaced(user.pk)


def order_verification(user: User) -> None:
    """Order another mail with a link that confirms the user's address.

    Raises AccountError: the site verifies no addresses, this one is verified.
    """
    if settings.EMAIL_VERIFICATION == "off":
        raise AccountError(
            AccountReason.VERIFICATION_OFF, "This site does not verify e-mail addresses"
        )
    if user.email_verified_at is not None:
        raise AccountError(AccountReason.VERIFIED_ALREADY, "Your address is confirmed already")
    mailbox.order(Kind.VERIFY_EMAIL, user_id=user.pk)


def verify_email(token: object) -> None:
    """Note that an address is its owner's; raises AccountError when the link is spent."""
    rules.require(token=token)
    rules.text(token, "token")
    link = one_time.found(token, Purpose.EMAIL)
    user = _owner(link)
    if link is None or user is None or link.email != user.email or not one_time.use_up(link):
        raise _spent_link("log in and ask for a new one")
    user.email_verified_at = clock.now()
    with transaction.atomic():
        # The address may have changed since it was looked at.
        User.objects.filter(pk=user.pk, email=link.email).update(
            email_verified_at=user.email_verified_at
        )


def _owner(link: OneTimeSecret | None) -> User | None:
    """Return the account of a link unless it is shut."""
    user = link.user if link is not None else None
    if user is None or not user.is_active or user.banned_at is not None:
        return None
    return user


def _spent_link(remedy: str) -> AccountError:
    return AccountError(
        AccountReason.LINK_INVALID, f"This link was used or has expired; {remedy}", ("token",)
    )


# --- sending ----------------------------------------------------------------------------------


def send_due_mail(limit: int = MAILS_AT_ONCE_MAX) -> int:
    """Write and send the mails whose time has come; returns how many were sent.

    One that fails is logged and tried again later, a few times, and keeps no other from going.
    May run twice at once: an order is claimed before it is written.
    """
    now, sent = clock.now(), 0
    for order in mailbox.due_orders(now, limit):
        if not mailbox.claim(order, now):
            continue
        try:
            sent += _deliver(order)
        except Undeliverable:
            log.info("mail %s (%s): its address takes no mail", order.pk, order.kind)
        except Exception:
            last = order.tries + 1 >= mailbox.TRIES_MAX
            outcome = "given up" if last else "it will be tried again"
            log.exception("mail %s (%s) could not be sent; %s", order.pk, order.kind, outcome)
            if not last:
                continue
        mailbox.close(order)
    return sent


def _deliver(order: MailOrder) -> bool:
    """Send one mail; False when there is nobody to write to any longer."""
    match order.kind:
        case Kind.PASSWORD_RESET:
            user = selectors.user_by_email(order.email)
            return user is not None and _send_link(user, Purpose.PASSWORD_RESET)
        case Kind.VERIFY_EMAIL:
            user = order.user
            wanted = user is not None and user.is_active and user.email_verified_at is None
            return user is not None and wanted and _send_link(user, Purpose.EMAIL)
    if order.user is None:
        return False
    letter = _letter(order, order.user.username)
    _send(letter, order.user, order.email or order.user.email)
    return True


class Undeliverable(Exception):
    """The address takes no mail, now or later."""


def _send(letter: Letter, user: User, recipient: str) -> None:
    """Send a letter and keep a demo's copy; notes an address that does not exist and raises."""
    try:
        mail.send(letter, recipient)
    except SMTPRecipientsRefused as refused:
        code, said = refused.recipients.get(recipient, (0, b""))
        if code < PERMANENT_CODE_MIN:  # try again later (RFC 5321, 4.2.1)
            raise
        detail = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        bounces.note(user.pk, recipient, f"{code} {detail}")
        raise Undeliverable from refused
    demo_mailbox.keep(letter, user, recipient)


def _letter(order: MailOrder, name: str) -> Letter:
    kind = Kind(order.kind)
    if kind is Kind.ACCOUNT_DELETED:
        return letters.farewell()
    if kind is Kind.NOTIFICATION:
        return letters.notification(name, order.facts)
    if kind is Kind.DIGEST:
        return letters.digest(name, order.facts)
    if kind is Kind.SANCTION:
        return letters.sanction(name, order.facts)
    if kind in letters.PURCHASE_KINDS:
        return letters.purchase(kind, name, order.facts)
    return letters.notice(kind, name)


_LINKS = {
    Purpose.PASSWORD_RESET: letters.password_reset,
    Purpose.EMAIL: letters.verify_email,
}


def _send_link(user: User, purpose: Purpose) -> bool:
    """Send a link to the address of the account itself, whatever was typed for it."""
    if one_time.waiting_count(user.pk, purpose) >= LINKS_MAX:
        return False
    secret = one_time.issue(purpose, user_id=user.pk, email=user.email)
    letter: Letter = _LINKS[purpose](user.username, secret)
    try:
        _send(letter, user, user.email)
    except Exception:
        link = one_time.found(secret, purpose)
        if link is not None:
            one_time.use_up(link)
        raise
    return True
