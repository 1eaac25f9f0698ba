"""The HTTP contract of risk: who may, what is answered, what a reviewer is shown."""

from datetime import timedelta
from typing import Any

import pytest

from apps.backoffice.models import AuditEntry
from apps.bidding.desk import desk
from apps.core import clock
from apps.risk.case_services import Finding, put_before_people
from apps.risk.keys import note_key
from apps.risk.models import DepositNeed, RiskCase
from apps.users.models import User
from domain.commands import PlaceBid
from domain.risk.links import KeyKind
from domain.risk.shill import WEIGHTS
from tests.cast import Cast
from tests.factories import AuctionFactory, UserFactory

pytestmark = pytest.mark.django_db

REQUESTS = (
    ("get", "cases/", None),
    ("get", "cases/{case}/", None),
    ("post", "cases/{case}/decide/", {"decision": "dismiss"}),
    ("get", "deposits/", None),
    ("put", "deposits/{bidder}/", {"reason": "unpaid"}),
    ("delete", "deposits/{bidder}/", None),
)
RATINGS = dict(zip(WEIGHTS, (1.0, 0.9, 0.875, 0.95, 0.97, 0.9), strict=True))


@pytest.fixture
def auction(cast: Cast) -> Any:
    auction = AuctionFactory(seller=cast.seller, title="A desk")
    for user, amount in ((cast.bidder1, 150), (cast.bidder2, 200), (cast.bidder1, 250)):
        desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount * 100))
    return auction


def suspect(user: User, seller: User | None, score: float | None = 8.0, **more: Any) -> RiskCase:
    now = clock.now()
    finding = Finding(
        kind=RiskCase.Kind.SHILL,
        user_id=user.pk,
        seller_id=None if seller is None else seller.pk,
        subject=f"seller:{seller and seller.pk}",
        evidence_at=now,
        score=score,
        facts={
            "published_score": 9.4,
            "listed_count": 8,
            "lost_count": 8,
            "won_count": 0,
            "ratings": RATINGS,
        },
    )
    put_before_people(finding, at=now)
    return RiskCase.objects.latest("pk")


@pytest.fixture
def case(cast: Cast, auction: Any) -> RiskCase:
    return suspect(cast.bidder1, cast.seller)


def path_of(path: str, case: RiskCase, cast: Cast) -> str:
    return "/api/admin/risk/" + path.format(case=case.pk, bidder=cast.bidder1.pk)


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
@pytest.mark.parametrize(("who", "status"), [("", 401), ("bidder1", 403), ("seller", 403)])
def test_it_is_for_staff(
    api: Any, cast: Cast, case: RiskCase, method: str, path: str, body: Any, who: str, status: int
) -> None:
    client = api(getattr(cast, who) if who else None)

    answer = getattr(client, method)(path_of(path, case, cast), body)

    assert answer.status_code == status
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_staff_are_answered_and_no_cache_keeps_it(
    api: Any, cast: Cast, case: RiskCase, method: str, path: str, body: Any
) -> None:
    answer = getattr(api(cast.staff), method)(path_of(path, case, cast), body)

    assert answer.status_code in (200, 204)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?state=open", 2),
        ("?state=dismissed", 1),
        ("?kind=shill", 3),
        ("?kind=hard_link", 0),
        ("?user={seller}", 2),
        ("?user={bidder2}", 1),
        ("?min_score=7.5", 2),
        ("?min_score=0", 3),
    ],
)
def test_queue_is_filtered(api: Any, cast: Cast, case: RiskCase, query: str, found: int) -> None:
    suspect(cast.bidder2, cast.seller, score=7.1)
    RiskCase.objects.filter(pk=suspect(cast.stranger, None).pk).update(state="dismissed")

    asked = query.format(seller=cast.seller.pk, bidder2=cast.bidder2.pk)
    answer = api(cast.staff).get(f"/api/admin/risk/cases/{asked}")

    assert answer.json()["count"] == found


@pytest.mark.parametrize(
    "query", ["state=x", "kind=x", "user=0", "min_score=x", "min_score=11", "min_score=nan"]
)
def test_filter_nobody_knows_is_refused(api: Any, cast: Cast, query: str) -> None:
    answer = api(cast.staff).get(f"/api/admin/risk/cases/?{query}")

    assert answer.status_code == 400
    assert answer.json()["fields"] == [query.partition("=")[0]]


def test_case_explains_its_parts_which_add_up(api: Any, cast: Cast, case: RiskCase) -> None:
    body = api(cast.staff).get(f"/api/admin/risk/cases/{case.pk}/").json()

    assert [part["name"] for part in body["parts"]] == list(WEIGHTS)
    score = sum(10 * weight * RATINGS[name] / 22 for name, weight in WEIGHTS.items())
    assert sum(part["points"] for part in body["parts"]) == pytest.approx(score, abs=1e-3)
    assert all(part["sentence"] for part in body["parts"])
    assert (body["score"], body["published_score"]) == (8.0, 9.4)
    assert body["summary"] == "Bid and lost in 8 of the seller's 8 auctions (100 %)"


def test_graph_joins_accounts_by_keys_and_auctions_by_bids(
    api: Any, cast: Cast, case: RiskCase, auction: Any
) -> None:
    friend, far = UserFactory(username="friend"), UserFactory(username="far")
    for user, kind, value in (
        (cast.bidder1, KeyKind.PAYER, "fp"),
        (cast.seller, KeyKind.PAYER, "fp"),
        (cast.bidder1, KeyKind.ADDRESS, "street"),
        (friend, KeyKind.ADDRESS, "street"),
        (friend, KeyKind.MAIL_DOMAIN, "small.example"),
        (far, KeyKind.MAIL_DOMAIN, "small.example"),
        (cast.stranger, KeyKind.MAIL_DOMAIN, "another.example"),
    ):
        note_key(user.pk, kind, value, at=clock.now())

    text = api(cast.staff).get(f"/api/admin/risk/cases/{case.pk}/")
    graph = text.json()["graph"]

    names = {node["name"]: (node["kind"], node["role"]) for node in graph["nodes"]}
    assert names == {
        "bidder1": ("account", "suspect"),
        "seller": ("account", "seller"),
        "friend": ("account", "linked"),
        "far": ("account", "linked"),
        "A desk": ("auction", None),
    }
    by_id = {node["id"]: node["name"] for node in graph["nodes"]}
    edges = {
        (frozenset((by_id[edge["start"]], by_id[edge["end"]])), edge["kind"]): edge
        for edge in graph["edges"]
    }
    assert edges[frozenset(("bidder1", "seller")), "payer"]["hard"] is True
    assert edges[frozenset(("bidder1", "friend")), "address"]["hard"] is False
    assert edges[frozenset(("friend", "far")), "mail_domain"]["hard"] is False
    assert edges[frozenset(("bidder1", "A desk")), "bids"]["count"] == 2
    assert edges[frozenset(("seller", "A desk")), "sells"]["count"] is None
    assert len(edges) == len(graph["edges"]) == 5
    assert "small.example" not in text.content.decode()


def test_time_line_tells_what_happened_in_order(
    api: Any, cast: Cast, case: RiskCase, auction: Any
) -> None:
    answer = api(cast.staff).post(
        f"/api/admin/risk/cases/{case.pk}/decide/", {"decision": "watch", "note": "Seen"}
    )

    body = answer.json()
    line = body["timeline"]
    assert [moment["at"] for moment in line] == sorted(moment["at"] for moment in line)
    happened = [(moment["what"], moment["amount"]) for moment in line]
    assert [row for row in happened if row[0] == "bid"] == [("bid", 150), ("bid", 250)]
    assert [what for what, _ in happened[-2:]] == ["case_opened", "decided"]
    assert (body["state"], body["decided_by"], body["note"]) == ("watched", "staff", "Seen")


def test_evidence_takes_as_many_statements_for_many_accounts(
    api: Any, cast: Cast, case: RiskCase, django_assert_max_num_queries: Any
) -> None:
    for user in [UserFactory() for _ in range(15)]:
        note_key(user.pk, KeyKind.ADDRESS, "street", at=clock.now())
    note_key(cast.bidder1.pk, KeyKind.ADDRESS, "street", at=clock.now())
    client = api(cast.staff)

    with django_assert_max_num_queries(8):
        body = client.get(f"/api/admin/risk/cases/{case.pk}/").json()

    assert len([node for node in body["graph"]["nodes"] if node["kind"] == "account"]) == 17


def test_case_that_is_not_there_is_404(api: Any, cast: Cast) -> None:
    client = api(cast.staff)

    for answer in (
        client.get("/api/admin/risk/cases/999/"),
        client.post("/api/admin/risk/cases/999/decide/", {"decision": "dismiss"}),
    ):
        assert answer.status_code == 404
        assert answer.json()["error"] == "Case not found"


@pytest.mark.parametrize("body", [{}, {"decision": "ban"}, {"decision": "watch", "note": 7}])
def test_decision_nobody_knows_is_refused(
    api: Any, cast: Cast, case: RiskCase, body: dict[str, Any]
) -> None:
    answer = api(cast.staff).post(f"/api/admin/risk/cases/{case.pk}/decide/", body)

    assert answer.status_code == 400
    case.refresh_from_db()
    assert case.state == "open"


def test_deposits_are_asked_for_listed_and_lifted(api: Any, cast: Cast) -> None:
    client, path = api(cast.staff), f"/api/admin/risk/deposits/{cast.bidder1.pk}/"
    ended = UserFactory()
    DepositNeed.objects.create(
        user=ended, cause="unpaid", since_at=clock.now(), until_at=clock.now() - timedelta(days=1)
    )

    asked = client.put(path, {"reason": "Three wins unpaid"})
    listed = client.get("/api/admin/risk/deposits/").json()["results"]
    lifted = client.delete(path)

    assert asked.status_code == 200
    assert listed == [asked.json()]
    assert (listed[0]["user"], listed[0]["cause"], listed[0]["until"]) == ("bidder1", "staff", None)
    assert lifted.status_code == 204
    assert client.get("/api/admin/risk/deposits/").json()["count"] == 0
    assert [row.act for row in AuditEntry.objects.all()] == ["user.deposit"] * 2
