"""What staff do to accounts: status, role, ban. Each act and its audit row commit together.

An account's status is `active`; `suspended` (shut out until staff let it in again; what it bid
stands); or `banned` (shut out, for ever or until an instant; what it bid in auctions that still
run is void). Its role is `user` (may not sell), `seller` (as everybody begins), or one of staff's:
`moderator`, `finance`, `staff` for who has all rights (apps/users/rights.py).
Every row of staff is locked before one of them may lose his place, so that two who demote each
other at once do not leave the house without any. Raises HouseRefused.
"""

import logging
from datetime import datetime

from django.db import transaction

from apps.backoffice import audit
from apps.backoffice.models import AuditEntry, Ban
from apps.backoffice.refusals import HouseReason, HouseRefused
from apps.backoffice.sanctions import tell_sanctioned
from apps.backoffice.selectors import banned_with_bids, role_of, status_of
from apps.bidding.desk import DeskFull, desk
from apps.core import clock
from apps.users import services as accounts
from apps.users.models import User
from apps.users.rights import Duty, Right, may
from domain import commands as ask
from domain.reasons import Refused

log = logging.getLogger(__name__)


def change_user(
    user_id: int, *, actor_id: int, status: str | None = None, role: str | None = None,
    reason: str = "",
) -> AuditEntry | None:  # fmt: skip
    """Set an account's status and role; returns the log's row, None where nothing changed.

    Who is shut out is told by mail, and how to appeal. Raises HouseRefused.
    """
    with transaction.atomic():
        user = _locked(user_id, actor_id)
        before = {"status": status_of(user), "role": role_of(user)}
        after = {"status": status or before["status"], "role": role or before["role"]}
        if after == before:
            return None
        if before["role"] == "staff" and after != {"status": "active", "role": "staff"}:
            _require_another_admin(user)
        _require_right(actor_id, user, changes_role=after["role"] != before["role"])
        _set_role(user, after["role"])
        _set_status(user, before["status"], after["status"], reason)
        entry = audit.record(
            audit.Act.USER_CHANGE,
            actor_id=actor_id,
            target_id=user_id,
            before=before,
            after=after,
            at=clock.now(),
            reason=reason,
        )
        if after["status"] != before["status"] and after["status"] != "active":
            tell_sanctioned(entry, f"your account is {after['status']}")
    if after["status"] == "banned":
        void_bids_of_banned(user_id)
    return entry


def ban_user(user_id: int, *, actor_id: int, reason: str, until_at: datetime | None) -> AuditEntry:
    """Ban an account, until an instant if one is given; its running bids are void.

    Its person is told by mail, and how to appeal. A second ban of a banned account is refused.
    Returns the log's row. Raises HouseRefused.
    """
    with transaction.atomic():
        now = clock.now()
        user = _locked(user_id, actor_id)
        if until_at is not None and until_at <= now:
            raise HouseRefused(HouseReason.BAN_IS_OVER)
        if user.banned_at is not None:
            raise HouseRefused(HouseReason.ALREADY_BANNED)
        if role_of(user) == "staff":
            _require_another_admin(user)
        _require_right(actor_id, user)
        before = {"status": status_of(user)}
        accounts.ban_user(user_id, reason=reason)
        if until_at is not None:
            Ban.objects.create(user_id=user_id, until_at=until_at)
        until = None if until_at is None else until_at.isoformat()
        entry = audit.record(
            audit.Act.USER_BAN,
            actor_id=actor_id,
            target_id=user_id,
            before=before,
            after={"status": "banned", "until": until},
            at=now,
            reason=reason,
        )
        tell_sanctioned(entry, "your account is banned")
    void_bids_of_banned(user_id)
    return entry


def _locked(user_id: int, actor_id: int) -> User:
    """Return an account, every row of staff locked before it."""
    if user_id == actor_id:
        raise HouseRefused(HouseReason.NOT_YOURSELF)
    list(User.objects.select_for_update().filter(is_staff=True).order_by("pk"))
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise HouseRefused(HouseReason.NO_USER)
    return user


def _require_right(actor_id: int, user: User, *, changes_role: bool = False) -> None:
    """Let roles, and others of staff, be changed by who has all rights only."""
    if changes_role or user.is_staff:
        actor = User.objects.get(pk=actor_id)
        if not may(actor, Right.HOUSE):
            raise HouseRefused(HouseReason.NO_RIGHT)


def _require_another_admin(user: User) -> None:
    admins = User.objects.filter(is_staff=True, duty=Duty.ALL)
    others = admins.filter(is_active=True, banned_at=None)
    if not others.exclude(pk=user.pk).exists():
        raise HouseRefused(HouseReason.LAST_ADMIN)


def _set_role(user: User, role: str) -> None:
    user.is_staff = role not in ("user", "seller")
    user.duty = role if user.is_staff and role != "staff" else Duty.ALL
    if not user.is_staff:
        user.can_sell = role == "seller"
    user.save(update_fields=["is_staff", "duty", "can_sell"])


def _set_status(user: User, was: str, wanted: str, reason: str) -> None:
    if was == wanted:
        return
    if was == "banned":
        accounts.unban_user(user.pk)
        Ban.objects.filter(pk=user.pk).delete()
    if wanted == "banned":
        accounts.ban_user(user.pk, reason=reason)
        return
    User.objects.filter(pk=user.pk).update(is_active=wanted == "active")
    if wanted == "suspended":
        accounts.log_out_everywhere(user.pk)


def lift_ended_bans(now: datetime, limit: int = 100) -> int:
    """Let in again whose ban is over; returns how many. The house's act, not a person's."""
    with transaction.atomic():
        due = Ban.objects.select_for_update(of=("self",)).select_related("user")
        due = due.filter(until_at__lte=now).order_by("pk")
        ended = list(due[:limit])
        for ban in ended:
            accounts.unban_user(ban.user_id)
            ban.user.banned_at = None
            audit.record(
                audit.Act.BAN_LIFT,
                actor_id=None,
                target_id=ban.user_id,
                before={"status": "banned", "until": ban.until_at.isoformat()},
                after={"status": status_of(ban.user)},
                at=now,
            )
        Ban.objects.filter(pk__in=[ban.pk for ban in ended]).delete()
    return len(ended)


def void_bids_of_banned(user_id: int | None = None) -> int:
    """Void what the banned still have standing in auctions that run; returns in how many.

    Asked right after a ban, and again and again by a chore: that finds what a crash left, and a
    bid that was under way while its bidder was banned.
    """
    voided = 0
    for auction_id, bidder_id in banned_with_bids(user_id):
        command = ask.CancelBids(actor_id=None, is_staff=True, bidder_id=bidder_id)
        try:
            desk.ask(auction_id, command)
            voided += 1
        except Refused as refused:  # it has just ended: what it made of the bids stands
            log.info("auction %s: %s", auction_id, refused)
        except DeskFull:
            log.warning("auction %s is busy; its banned bidder's bids are voided later", auction_id)
    return voided
