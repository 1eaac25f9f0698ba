"""What staff do: to others of staff, as their duty has it, and a row of the log for every act."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.backoffice.appeal_services import appeal_report
from apps.backoffice.audit import Act
from apps.backoffice.models import Appeal, AuditEntry, Report
from apps.backoffice.report_services import open_report, resolve_report
from apps.core import clock
from apps.notifications.message_services import send_message
from apps.payments.models import Escrow
from apps.risk.models import RiskCase
from apps.users.models import User
from apps.users.rights import Duty, Right, may
from domain.risk.shill import WEIGHTS
from tests.authorization.table import TABLE, Who
from tests.authorization.test_staff import ADMIN, of_admin, staff_client
from tests.cast import Cast
from tests.factories import AuctionFactory, UserFactory
from tests.money.market import held

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("duty", Duty)
def test_a_duty_gives_rights_to_staff_alone(duty):
    given = {right for right in Right if may(User(duty=duty, is_staff=True), right)}

    assert not any(may(User(duty=duty), right) for right in Right)
    assert (given == set(Right)) is (duty is Duty.ALL)
    assert Right.LOOK in given


# --- others of staff --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "users/{staff}/", {"status": "suspended"}),
        ("patch", "users/{staff}/", {"role": "user"}),
        ("post", "users/{staff}/ban/", {"reason": "coup"}),
        ("patch", "users/{somebody}/", {"role": "staff"}),
        ("patch", "users/{somebody}/", {"role": "moderator"}),
        ("patch", "users/{somebody}/", {"role": "user"}),
    ],
)
def test_a_moderator_changes_no_roles_and_nobody_of_staff(cast: Cast, method, path, body):
    UserFactory(is_staff=True)  # so that `staff` is not the last
    ids = {"staff": cast.staff.pk, "somebody": cast.bidder1.pk}

    answer = getattr(staff_client("moderator"), method)(f"{ADMIN}{path.format(**ids)}", body)

    assert (answer.status_code, answer.json()["code"]) == (403, "no_right")
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("role", ["moderator", "finance", "staff"])
def test_a_role_of_staff_is_given_and_taken(cast: Cast, api, role):
    client, path = api(cast.staff), f"{ADMIN}users/{cast.bidder1.pk}/"

    assert client.patch(path, {"role": role}).json()["role"] == role
    listed = client.get(f"{ADMIN}users/?role={role}").json()["results"]
    assert cast.bidder1.pk in [row["id"] for row in listed]
    assert client.patch(path, {"role": "seller"}).json()["role"] == "seller"

    user = User.objects.get(pk=cast.bidder1.pk)
    assert (user.is_staff, user.duty) == (False, "")


@pytest.mark.parametrize(
    "act",
    [
        lambda client, path: client.post(f"{path}ban/", {"reason": "coup"}),
        lambda client, path: client.patch(path, {"status": "banned"}),
        lambda client, path: client.patch(path, {"status": "suspended"}),
        lambda client, path: client.patch(path, {"role": "finance"}),
        lambda client, path: client.patch(path, {"role": "seller"}),
    ],
)
def test_who_is_the_last_with_all_rights_stays(cast: Cast, act: Callable[..., Any]):
    """Moderators and accountants are no other admins."""
    UserFactory(is_staff=True, duty="finance")

    answer = act(staff_client("moderator"), f"{ADMIN}users/{cast.staff.pk}/")

    assert (answer.status_code, answer.json()["code"]) == (400, "last_admin")


@pytest.mark.parametrize(("duty", "code"), [("moderator", 404), ("finance", 200), ("", 200)])
def test_others_money_is_for_who_looks_after_money(cast: Cast, duty, code):
    hold = held(cast)
    paths = (
        f"/api/escrow/{hold.pk}/",
        f"/api/payments/{hold.payment_id}/",
        f"/api/payments/statement/?auction_id={hold.payment.sale.auction_id}",
    )

    answers = [staff_client(duty).get(path).status_code for path in paths]

    assert answers == [code] * len(paths)


def test_accountants_end_no_auctions(cast: Cast):
    auction = AuctionFactory(seller=cast.seller)

    assert staff_client("finance").post(f"/api/auctions/{auction.pk}/end/").status_code == 403
    assert staff_client("moderator").post(f"/api/auctions/{auction.pk}/end/").status_code == 200


# --- a row for every act ----------------------------------------------------------------------


#: Done in Django's admin: tests/services/test_office.py.
OFFICE = {act for act in Act if act.partition(".")[0] in ("category", "fees")}


def acting() -> set[str]:
    """Return every operation by which staff change something as staff."""
    elsewhere = {
        op.name for op in TABLE
        if not op.name.startswith("GET ")
        and (op.who is Who.ITS_SELLER_OR_STAFF or "staff" in op.may.split())
    }  # fmt: skip
    reading = "GET /api/admin/reports/{report_id}/conversation/"  # which is an act of its own
    return elsewhere | {
        name for name in of_admin() if not name.startswith("GET ") or name == reading
    }


def some_appeal(cast: Cast) -> Appeal:
    """Let another one of staff judge somebody, who appeals."""
    judge = UserFactory(is_staff=True)
    against, _ = open_report(
        cast.stranger.pk, kind="user", target_id=cast.bidder1.pk, reason="spam", description=""
    )
    resolve_report(against.pk, actor_id=judge.pk, resolution="upheld", action="", note="")
    return appeal_report(against.pk, cast.bidder1.pk, text="It was not me")


def test_every_act_leaves_the_row_that_says_it(cast: Cast, api, frozen_clock):
    client = api(cast.staff)
    removed, ended = AuctionFactory(seller=cast.seller), AuctionFactory(seller=cast.seller)
    report = Report.objects.create(
        reporter=cast.stranger, kind="user", target_id=cast.seller.pk, reason="spam",
        created_at=clock.now(),
    )  # fmt: skip
    letter = send_message(cast.seller.pk, cast.stranger.pk, "Pay me elsewhere")
    told_on, _ = open_report(
        cast.stranger.pk, kind="message", target_id=letter.pk, reason="fraud", description=""
    )
    appeal = some_appeal(cast)
    holds = [held(cast) for _ in range(3)]
    opened = f"/api/escrow/{holds[2].pk}/dispute/"
    assert api(cast.bidder1).post(opened, {"reason": "damaged"}).status_code == 201
    user = cast.bidder2.pk
    case = RiskCase.objects.create(
        kind="shill", user_id=user, subject="", opened_at=clock.now(), evidence_at=clock.now(),
        facts={"listed_count": 2, "lost_count": 2, "won_count": 0,
               "ratings": dict.fromkeys(WEIGHTS, 1)},
    )  # fmt: skip
    deposit = "/api/admin/risk/deposits/{user_id}/"
    acts = [
        ("PATCH /api/admin/users/{user_id}/", user, {"status": "suspended"}, Act.USER_CHANGE),
        ("POST /api/admin/users/{user_id}/ban/", user, {"reason": "shill bids"}, Act.USER_BAN),
        ("DELETE /api/admin/auctions/{auction_id}/", removed.pk, {"reason": "a fake"},
         Act.AUCTION_REMOVE),
        ("POST /api/admin/reports/{report_id}/resolve/", report.pk, {"resolution": "dismissed"},
         Act.REPORT_RESOLVE),
        ("GET /api/admin/reports/{report_id}/conversation/", told_on.pk, None, Act.REPORT_READ),
        ("POST /api/admin/appeals/{appeal_id}/decide/", appeal.pk, {"decision": "denied"},
         Act.APPEAL_DECIDE),
        ("POST /api/admin/risk/cases/{case_id}/decide/", case.pk, {"decision": "watch"},
         Act.RISK_DECIDE),
        (f"PUT {deposit}", user, {"reason": "unpaid wins"}, Act.USER_DEPOSIT),
        (f"DELETE {deposit}", user, None, Act.USER_DEPOSIT),
        ("PUT /api/admin/settings/", None, {"payment_due_hours": 24}, Act.SETTINGS_CHANGE),
        ("POST /api/auctions/{auction_id}/end/", ended.pk, None, Act.AUCTION_END),
        ("POST /api/escrow/{escrow_id}/release/", holds[0].pk, None, Act.ESCROW_RELEASE),
        ("POST /api/escrow/{escrow_id}/refund/", holds[1].pk, {"amount": 5}, Act.ESCROW_REFUND),
        ("POST /api/escrow/{escrow_id}/resolve/", holds[2].pk, {"outcome": "refund"},
         Act.ESCROW_RESOLVE),
    ]  # fmt: skip
    assert {name for name, *_ in acts} == acting(), "an act that this test does not know"
    assert {act for *_, act in acts} == set(Act) - {Act.BAN_LIFT} - OFFICE, (
        "what does not go by a door"
    )

    earlier = AuditEntry.objects.count()
    for number, (name, target_id, body, act) in enumerate(acts, start=earlier + 1):
        method, path = name.split()
        place = path[: path.index("{")] + str(target_id) + path[path.index("}") + 1 :] if (
            target_id
        ) else path  # fmt: skip
        answer = getattr(client, method.lower())(place, body)

        assert answer.status_code < 300, (name, answer.content)
        assert AuditEntry.objects.count() == number, name
        entry = AuditEntry.objects.latest("pk")
        assert (entry.act, entry.actor, entry.target_id) == (act, cast.staff, target_id)
        assert entry.target_kind == act.partition(".")[0]
        assert entry.at == frozen_clock.instant
        assert entry.before != entry.after, name

    listed = client.get("/api/admin/audit/?page_size=100").json()["results"]
    assert [row["act"] for row in listed][: len(acts)] == [act.value for *_, act in reversed(acts)]
    assert Escrow.objects.get(pk=holds[1].pk).refunded_minor == 5_00


@pytest.mark.parametrize("step", ["release", "refund", "resolve", "end"])
def test_what_is_refused_or_not_done_as_staff_leaves_no_row(cast: Cast, api, step):
    hold = held(cast)
    own = AuctionFactory(seller=cast.staff)
    answer = {
        "release": lambda: api(cast.bidder1).post(f"/api/escrow/{hold.pk}/release/"),
        "refund": lambda: api(cast.seller).post(f"/api/escrow/{hold.pk}/refund/"),
        "resolve": lambda: api(cast.staff).post(
            f"/api/escrow/{hold.pk}/resolve/", {"outcome": "refund"}
        ),
        "end": lambda: api(cast.staff).post(f"/api/auctions/{own.pk}/end/"),
    }[step]()

    assert answer.status_code == (400 if step == "resolve" else 200)
    assert AuditEntry.objects.count() == 0
