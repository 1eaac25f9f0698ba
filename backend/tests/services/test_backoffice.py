"""What the back office promises beyond its doors: its log, its figures, its last admin."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.db.models import ProtectedError

from apps.backoffice import audit
from apps.backoffice.account_services import (
    ban_user,
    change_user,
    lift_ended_bans,
    void_bids_of_banned,
)
from apps.backoffice.market_services import remove_auction
from apps.backoffice.models import AuditEntry, Ban
from apps.backoffice.refusals import HouseReason, HouseRefused
from apps.backoffice.services import change_settings
from apps.bidding.desk import desk
from apps.bidding.models import Bid
from apps.core import clock
from apps.core.tunables import tunable
from apps.users import services as accounts
from apps.users.models import User
from domain.commands import CancelAuction, PlaceBid
from tests.factories import AuctionFactory, UserFactory

TABLE = "backoffice_auditentry"


@pytest.fixture
def entry(cast):
    ban_user(cast.bidder1.pk, actor_id=cast.staff.pk, reason="shill bids", until_at=None)
    return AuditEntry.objects.get()


# --- the log ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET reason = 'nothing'",
        f"UPDATE {TABLE} SET actor_id = NULL",
        f"DELETE FROM {TABLE}",
    ],
)
def test_database_changes_no_row_of_the_log(entry, statement):
    with pytest.raises(Error, match="audit_kept"), transaction.atomic():
        connection.cursor().execute(statement)

    assert AuditEntry.objects.get().reason == "shill bids"


def test_database_lets_no_row_of_the_log_be_replaced_or_emptied(entry):
    if connection.vendor == "sqlite":
        statement = f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE}"
    else:
        connection.check_constraints()  # no table is emptied while its keys wait to be looked at
        statement = f"TRUNCATE {TABLE} CASCADE"

    with pytest.raises(Error, match="audit_kept"), transaction.atomic():
        connection.cursor().execute(statement)

    assert AuditEntry.objects.count() == 1


def test_models_change_no_row_of_the_log(entry):
    for change in (entry.save, entry.delete):
        with pytest.raises(Error, match="audit_kept"), transaction.atomic():
            change()


def test_who_acted_cannot_be_deleted(entry, cast):
    with pytest.raises(ProtectedError):
        cast.staff.delete()


@pytest.mark.django_db(transaction=True)
def test_a_row_belongs_to_the_transaction_of_its_act():
    with pytest.raises(RuntimeError, match="open a transaction"):
        audit.record(
            audit.Act.USER_BAN,
            actor_id=None,
            target_id=1,
            before={},
            after={},
            at=clock.now(),
        )


def test_an_act_that_fails_leaves_no_row(cast, monkeypatch):
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(AuditEntry.objects, "create", fail)

    with pytest.raises(RuntimeError), transaction.atomic():
        ban_user(cast.bidder1.pk, actor_id=cast.staff.pk, reason="shill bids", until_at=None)

    assert User.objects.get(pk=cast.bidder1.pk).banned_at is None


# --- accounts ---------------------------------------------------------------------------------


def test_last_admin_stays(cast):
    """Staff who act are not looked at here: their session may outlive their place by a moment."""
    for act in (
        lambda: ban_user(cast.staff.pk, actor_id=cast.seller.pk, reason="coup", until_at=None),
        lambda: change_user(cast.staff.pk, actor_id=cast.seller.pk, role="user"),
        lambda: change_user(cast.staff.pk, actor_id=cast.seller.pk, status="suspended"),
        lambda: change_user(cast.staff.pk, actor_id=cast.seller.pk, status="banned"),
    ):
        with pytest.raises(HouseRefused) as refused:
            act()
        assert refused.value.reason is HouseReason.LAST_ADMIN

    assert AuditEntry.objects.count() == 0


def test_banned_staff_are_no_other_admin(cast):
    UserFactory(username="former", is_staff=True, banned_at=clock.now())
    UserFactory(username="asleep", is_staff=True, is_active=False)

    with pytest.raises(HouseRefused):
        change_user(cast.staff.pk, actor_id=cast.seller.pk, role="seller")


def test_one_of_two_admins_may_go(cast):
    other = UserFactory(username="other", is_staff=True)

    change_user(other.pk, actor_id=cast.staff.pk, role="seller")

    assert not User.objects.get(pk=other.pk).is_staff
    assert AuditEntry.objects.get().before == {"status": "active", "role": "staff"}


def test_ban_with_an_end_is_lifted_then_and_written_down(cast, frozen_clock):
    until_at = frozen_clock.instant + timedelta(hours=1)
    ban_user(cast.bidder1.pk, actor_id=cast.staff.pk, reason="rude", until_at=until_at)

    assert lift_ended_bans(frozen_clock.instant) == 0
    frozen_clock.advance(3600)
    assert lift_ended_bans(frozen_clock.instant) == 1
    assert lift_ended_bans(frozen_clock.instant) == 0

    assert User.objects.get(pk=cast.bidder1.pk).banned_at is None
    lifted = AuditEntry.objects.latest("pk")
    assert (lifted.act, lifted.actor, lifted.after) == ("user.ban_lift", None, {"status": "active"})


def test_unbanned_by_staff_is_not_lifted_again(cast, frozen_clock):
    until_at = frozen_clock.instant + timedelta(hours=1)
    ban_user(cast.bidder1.pk, actor_id=cast.staff.pk, reason="rude", until_at=until_at)

    change_user(cast.bidder1.pk, actor_id=cast.staff.pk, status="active")

    assert not Ban.objects.exists()


def test_bids_that_a_crash_left_to_a_banned_bidder_are_voided_later(cast):
    auctions = [AuctionFactory(seller=cast.seller) for _ in range(2)]
    for auction in auctions:
        desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=120_00))
    accounts.ban_user(cast.bidder1.pk, reason="shill bids")  # and then the machine stopped

    assert void_bids_of_banned() == 2
    assert void_bids_of_banned() == 0

    assert not Bid.objects.filter(void=False).exists()


# --- removal ----------------------------------------------------------------------------------


def test_removal_that_a_crash_left_unwritten_is_written_when_asked_again(cast):
    auction = AuctionFactory(seller=cast.seller)
    command = CancelAuction(actor_id=cast.staff.pk, is_staff=True, reason="a fake", removed=True)
    desk.ask(auction.pk, command)

    remove_auction(auction.pk, actor_id=cast.staff.pk, reason="a fake")
    with pytest.raises(HouseRefused):
        remove_auction(auction.pk, actor_id=cast.staff.pk, reason="a fake")

    assert AuditEntry.objects.get().target_id == auction.pk


@pytest.mark.parametrize("trait", ["draft", "scheduled"])
def test_what_has_not_begun_is_removed_too(cast, trait):
    auction = AuctionFactory(seller=cast.seller, **{trait: True})

    remove_auction(auction.pk, actor_id=cast.staff.pk, reason="a fake")

    auction.refresh_from_db()
    assert auction.status == "removed"
    assert AuditEntry.objects.get().before == {"status": trait}


def test_unsold_auction_has_nothing_to_remove(cast):
    auction = AuctionFactory(seller=cast.seller, ended=True)

    with pytest.raises(HouseRefused) as refused:
        remove_auction(auction.pk, actor_id=cast.staff.pk, reason="a fake")

    assert refused.value.sentence == "The auction cannot be removed; it is ended"


# --- settings ---------------------------------------------------------------------------------


def test_figures_without_a_row_are_the_environments(cast, settings):
    settings.ESCROW_RELEASE_DAYS = 21
    assert tunable("ESCROW_RELEASE_DAYS") == 21

    change_settings({"escrow_release_days": 9}, actor_id=cast.staff.pk)

    assert tunable("ESCROW_RELEASE_DAYS") == 9
    assert AuditEntry.objects.get().after == {"escrow_release_days": 9}
