"""The back office's HTTP contract: who may, what is answered, what is written down."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from apps.backoffice.models import AuditEntry, Report
from apps.bidding.desk import desk
from apps.bidding.models import Bid
from apps.core import clock
from apps.payments.models import Escrow, Sale
from apps.users.models import User
from domain.commands import PlaceBid, SetAutoBid
from tests.cast import Cast
from tests.factories import AuctionFactory
from tests.money.market import held, pay, sale_of, sell

READS = ("dashboard", "users", "auctions", "payments", "reports", "settings", "audit")
WRITES = (
    ("patch", "users/{bidder}/", {"status": "suspended"}),
    ("post", "users/{bidder}/ban/", {"reason": "shill bids"}),
    ("delete", "auctions/{auction}/", {"reason": "a fake"}),
    ("post", "reports/{report}/resolve/", {"resolution": "dismissed"}),
    ("put", "settings/", {"payment_due_hours": 24}),
)


@pytest.fixture
def ids(cast: Cast) -> dict[str, int]:
    auction = AuctionFactory(seller=cast.seller)
    report = Report.objects.create(
        reporter=cast.stranger,
        kind="auction",
        target_id=auction.pk,
        reason="fraud",
        created_at=clock.now(),
    )
    return {"bidder": cast.bidder1.pk, "auction": auction.pk, "report": report.pk}


def standing(cast: Cast, who: str) -> User | None:
    if who == "anonymous":
        return None
    if who == "banned staff":
        cast.staff.banned_at = clock.now()
        cast.staff.save()
        return cast.staff
    return cast.seller if who == "seller" else cast.stranger


OUTSIDERS = {"anonymous": 401, "user": 403, "seller": 403, "banned staff": 401}


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("name", READS)
def test_only_staff_read(cast: Cast, api: Any, who: str, name: str) -> None:
    answer = api(standing(cast, who)).get(f"/api/admin/{name}/")

    assert answer.status_code == OUTSIDERS[who]


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_only_staff_act(
    cast: Cast, api: Any, ids: Any, who: str, method: str, path: str, body: Any
) -> None:
    client = api(standing(cast, who))

    answer = getattr(client, method)(f"/api/admin/{path.format(**ids)}", body)

    assert answer.status_code == OUTSIDERS[who]
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("name", READS)
def test_staff_without_a_demanded_second_factor_read_nothing(
    cast: Cast, api: Any, name: str
) -> None:
    with override_settings(STAFF_SECOND_FACTOR="required"):
        answer = api(cast.staff).get(f"/api/admin/{name}/")

    assert answer.status_code == 403


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_every_act_of_staff_leaves_one_row(
    cast: Cast, api: Any, ids: Any, method: str, path: str, body: Any
) -> None:
    answer = getattr(api(cast.staff), method)(f"/api/admin/{path.format(**ids)}", body)

    assert answer.status_code < 300, answer.content
    entry = AuditEntry.objects.get()
    assert entry.actor == cast.staff
    assert entry.before != entry.after


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_the_same_act_again_leaves_no_second_row(
    cast: Cast, api: Any, ids: Any, method: str, path: str, body: Any
) -> None:
    client = api(cast.staff)
    getattr(client, method)(f"/api/admin/{path.format(**ids)}", body)

    answer = getattr(client, method)(f"/api/admin/{path.format(**ids)}", body)

    assert answer.status_code in (200, 400)
    assert AuditEntry.objects.count() == 1


# --- accounts ---------------------------------------------------------------------------------


def test_users_are_listed_by_status_role_and_name(cast: Cast, api: Any) -> None:
    User.objects.filter(pk=cast.bidder1.pk).update(is_active=False)
    User.objects.filter(pk=cast.bidder2.pk).update(can_sell=False)
    client = api(cast.staff)

    def names(query: str) -> list[str]:
        return [
            row["username"] for row in client.get(f"/api/admin/users/?{query}").json()["results"]
        ]

    assert names("status=suspended") == ["bidder1"]
    assert names("role=user") == ["bidder2"]
    assert names("role=staff") == ["staff"]
    assert names("search=STRANG") == ["stranger"]
    assert client.get("/api/admin/users/?status=asleep").status_code == 400


def test_suspended_is_shut_out_and_comes_back(cast: Cast, api: Any) -> None:
    staff, shut_out = api(cast.staff), api(cast.bidder1)
    path = f"/api/admin/users/{cast.bidder1.pk}/"

    assert staff.patch(path, {"status": "suspended"}).json()["status"] == "suspended"
    assert shut_out.get("/api/users/me/").status_code == 401

    assert staff.patch(path, {"status": "active"}).json()["status"] == "active"
    assert api(cast.bidder1).get("/api/users/me/").status_code == 200


def test_role_of_user_may_not_sell(cast: Cast, api: Any) -> None:
    path = f"/api/admin/users/{cast.seller.pk}/"

    assert api(cast.staff).patch(path, {"role": "user"}).json()["role"] == "user"

    body = {"title": "A clock", "starting_price": 40}
    assert api(cast.seller).post("/api/auctions/", body).status_code == 403


@pytest.mark.parametrize(
    "body", [{}, {"status": "asleep"}, {"role": "king"}, {"status": 1}, {"role": None}]
)
def test_wrong_change_is_400(cast: Cast, api: Any, body: Any) -> None:
    answer = api(cast.staff).patch(f"/api/admin/users/{cast.bidder1.pk}/", body)

    assert answer.status_code == 400


def test_banned_loses_sessions_and_running_bids(cast: Cast, api: Any) -> None:
    auction = AuctionFactory(seller=cast.seller)
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder2.pk, amount_minor=120_00))
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder1.pk, max_minor=500_00))
    shut_out = api(cast.bidder1)

    answer = api(cast.staff).post(
        f"/api/admin/users/{cast.bidder1.pk}/ban/", {"reason": "shill bids"}
    )

    auction.refresh_from_db()
    assert (answer.status_code, answer.json()["status"]) == (200, "banned")
    assert shut_out.get("/api/users/me/").status_code == 401
    assert auction.leader == cast.bidder2
    assert not Bid.objects.filter(bidder=cast.bidder1, void=False).exists()


def test_ban_until_the_past_is_400(cast: Cast, api: Any) -> None:
    body = {"reason": "shill bids", "until": "2020-01-01T00:00:00Z"}

    answer = api(cast.staff).post(f"/api/admin/users/{cast.bidder1.pk}/ban/", body)

    assert (answer.status_code, answer.json()["code"]) == (400, "ban_is_over")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("post", "ban/", {"reason": "tired"}), ("patch", "", {"role": "user"})],
)
def test_nobody_touches_his_own_account(
    cast: Cast, api: Any, method: str, path: str, body: Any
) -> None:
    answer = getattr(api(cast.staff), method)(f"/api/admin/users/{cast.staff.pk}/{path}", body)

    assert (answer.status_code, answer.json()["code"]) == (400, "not_yourself")


@pytest.mark.parametrize("missing", ["users/{id}/", "users/{id}/ban/"])
def test_unknown_user_is_404(cast: Cast, api: Any, missing: str) -> None:
    client, path = api(cast.staff), f"/api/admin/{missing.format(id=10**9)}"
    body = {"reason": "nobody"}

    answer = client.post(path, body) if "ban" in path else client.patch(path, {"role": "user"})

    assert answer.status_code == 404


# --- auctions and payments --------------------------------------------------------------------


def test_removed_auction_is_gone_and_its_bidders_read_why(cast: Cast, api: Any) -> None:
    auction = AuctionFactory(seller=cast.seller)
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=120_00))

    answer = api(cast.staff).delete(f"/api/admin/auctions/{auction.pk}/?reason=a+fake")

    assert answer.status_code == 204
    assert api(cast.bidder1).get(f"/api/auctions/{auction.pk}/").status_code == 404
    assert auction.history.filter(type="auction_cancelled").exists()
    assert AuditEntry.objects.get().reason == "a fake"


def test_removal_needs_a_reason(cast: Cast, api: Any) -> None:
    auction = AuctionFactory(seller=cast.seller)

    answer = api(cast.staff).delete(f"/api/admin/auctions/{auction.pk}/")

    assert (answer.status_code, answer.json()["fields"]) == (400, ["reason"])


def test_unpaid_sale_of_a_removed_auction_is_cancelled(cast: Cast, api: Any) -> None:
    auction = sell(cast)

    answer = api(cast.staff).delete(f"/api/admin/auctions/{auction.pk}/", {"reason": "a fake"})

    assert answer.status_code == 204
    assert Sale.objects.get(auction=auction).status == "cancelled"
    assert pay_status(api(cast.bidder1), auction.pk) == 400


def pay_status(client: Any, auction_id: int) -> int:
    body = {"auction_id": auction_id, "payment_method": "stripe"}
    code: int = client.post("/api/payments/", body).status_code
    return code


@pytest.mark.parametrize("disputed", [False, True])
def test_held_money_of_a_removed_auction_goes_back(cast: Cast, api: Any, disputed: bool) -> None:
    hold = held(cast)
    if disputed:
        body = {"reason": "counterfeit"}
        assert api(cast.bidder1).post(f"/api/escrow/{hold.pk}/dispute/", body).status_code == 201
    auction_id = hold.payment.sale.auction_id

    answer = api(cast.staff).delete(f"/api/admin/auctions/{auction_id}/", {"reason": "a fake"})

    hold = Escrow.objects.get(pk=hold.pk)
    assert answer.status_code == 204
    assert (hold.state, hold.refunded_minor) == ("refund_pending", hold.amount_minor)
    assert AuditEntry.objects.get().before["held_money"] == ("disputed" if disputed else "held")


def test_released_money_does_not_come_back(cast: Cast, api: Any) -> None:
    hold = held(cast)
    api(cast.bidder1).post(f"/api/escrow/{hold.pk}/release/")
    auction_id = hold.payment.sale.auction_id

    answer = api(cast.staff).delete(f"/api/admin/auctions/{auction_id}/", {"reason": "a fake"})

    assert (answer.status_code, answer.json()["code"]) == (400, "hold_state")
    assert AuditEntry.objects.count() == 0


def test_staff_do_not_remove_what_they_sell(cast: Cast, api: Any) -> None:
    auction = AuctionFactory(seller=cast.staff)

    answer = api(cast.staff).delete(f"/api/admin/auctions/{auction.pk}/", {"reason": "mine"})

    assert (answer.status_code, answer.json()["code"]) == (403, "own_money")


def test_payments_are_listed_by_status_provider_and_user(cast: Cast, api: Any) -> None:
    payment = pay(sell(cast))
    client = api(cast.staff)

    def found(query: str) -> list[int]:
        return [row["id"] for row in client.get(f"/api/admin/payments/?{query}").json()["results"]]

    assert found("status=succeeded&provider=sandbox") == [payment.pk]
    assert found(f"user={cast.seller.pk}") == found(f"user={cast.bidder1.pk}") == [payment.pk]
    assert found("status=failed") == found(f"user={cast.stranger.pk}") == []
    assert client.get("/api/admin/payments/?user=me").status_code == 400


# --- reports ----------------------------------------------------------------------------------


def test_report_joins_the_queue_once(cast: Cast, api: Any) -> None:
    auction = AuctionFactory(seller=cast.seller)
    body = {"kind": "auction", "target_id": auction.pk, "reason": "fraud", "description": "Copied"}
    client = api(cast.stranger)

    first, again = client.post("/api/reports/", body), client.post("/api/reports/", body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    queue = api(cast.staff).get("/api/admin/reports/?state=open").json()
    assert [(row["reporter"], row["reason"]) for row in queue["results"]] == [("stranger", "fraud")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "house"}, 400),
        ({"reason": "ugly"}, 400),
        ({"target_id": 10**9}, 404),
        ({"target_id": "x"}, 400),
    ],
)
def test_wrong_report_is_refused(cast: Cast, api: Any, change: Any, code: int) -> None:
    body = {"kind": "user", "target_id": cast.seller.pk, "reason": "spam"} | change

    assert api(cast.stranger).post("/api/reports/", body).status_code == code


def test_a_draft_of_another_cannot_be_reported(cast: Cast, api: Any) -> None:
    draft = AuctionFactory(seller=cast.seller, draft=True)
    body = {"kind": "auction", "target_id": draft.pk, "reason": "spam"}

    assert api(cast.stranger).post("/api/reports/", body).status_code == 404
    assert api(cast.seller).post("/api/reports/", body).json()["code"] == "your_own"


def test_upheld_report_does_what_staff_say_and_each_is_written_down(
    cast: Cast, api: Any, ids: Any
) -> None:
    body = {"resolution": "upheld", "action": "remove_auction", "note": "A copy"}

    answer = api(cast.staff).post(f"/api/admin/reports/{ids['report']}/resolve/", body)

    assert (answer.status_code, answer.json()["state"]) == (200, "upheld")
    assert answer.json()["resolved_by"] == "staff"
    acts = list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["auction.remove", "report.resolve"]


@pytest.mark.parametrize(
    "body",
    [
        {"resolution": "dismissed", "action": "remove_auction"},
        {"resolution": "upheld", "action": "ban_user"},
        {"resolution": "perhaps"},
        {},
    ],
)
def test_wrong_resolution_leaves_the_report_open(cast: Cast, api: Any, ids: Any, body: Any) -> None:
    answer = api(cast.staff).post(f"/api/admin/reports/{ids['report']}/resolve/", body)

    assert answer.status_code == 400
    assert Report.objects.get().state == "open"
    assert AuditEntry.objects.count() == 0


# --- settings and the log ---------------------------------------------------------------------


def test_settings_hold_from_the_next_use_on(cast: Cast, api: Any) -> None:
    client = api(cast.staff)
    before = client.get("/api/admin/settings/").json()
    changes = {
        "payment_due_hours": 5,
        "escrow_release_days": 3,
        "soft_close_window_seconds": 45,
    }

    assert client.put("/api/admin/settings/", changes).json() == before | changes

    sale = sale_of(sell(cast))
    assert round((sale.due_at - sale.created_at) / timedelta(hours=1)) == 5
    hold = held(cast)
    assert hold.release_at is not None
    assert round((hold.release_at - hold.held_at) / timedelta(days=1)) == 3
    body = {"title": "A clock", "starting_price": 40, "duration_seconds": 3600}
    made = api(cast.seller).post("/api/auctions/", body).json()
    assert made["soft_close"]["window_seconds"] == 45


@pytest.mark.parametrize(
    "body",
    [{"payment_due_hours": 0}, {"payment_due_hours": "soon"}, {"payment_due_hour": 5},
     {"payment_due_hours": True}, {"escrow_release_days": 1.5}],
)  # fmt: skip
def test_wrong_settings_change_nothing(cast: Cast, api: Any, body: Any) -> None:
    client = api(cast.staff)
    before = client.get("/api/admin/settings/").json()

    assert client.put("/api/admin/settings/", body).status_code == 400
    assert client.get("/api/admin/settings/").json() == before


def test_log_is_read_as_json_and_as_csv(cast: Cast, api: Any) -> None:
    client = api(cast.staff)
    client.post(f"/api/admin/users/{cast.bidder1.pk}/ban/", {"reason": "=HYPERLINK(1)"})

    rows = client.get("/api/admin/audit/?act=user.ban").json()["results"]
    answer = client.get("/api/admin/audit/", HTTP_ACCEPT="text/csv")

    assert [(row["actor"], row["target_id"]) for row in rows] == [("staff", cast.bidder1.pk)]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    [line] = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert (line["act"], line["reason"]) == ("user.ban", "'=HYPERLINK(1)")
