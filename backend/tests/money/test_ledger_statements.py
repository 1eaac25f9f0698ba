"""Statements: the ledger's own entries, as their owner reads them, and nobody else."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.auctions.models import FeeSchedule
from apps.payments import escrow_services, statements, worker
from apps.payments.ledger import Account, AccountKind
from apps.payments.models import Escrow
from tests.cast import Cast
from tests.money.books import CLEARING, book
from tests.money.market import held

pytestmark = pytest.mark.django_db

URL = "/api/payments/statement/"
Api = Callable[..., APIClient]


@pytest.fixture
def hold(cast: Cast) -> Escrow:
    """1332.80 for the buyer, 900.00 for the seller; a part of it refunded, the rest released."""
    FeeSchedule.objects.create(commission_bps=1000, premium_tiers=[[0, 1200]], tax_bps=1900)
    hold = held(cast)
    escrow_services.refund_hold(hold.pk, 332_80, cause="request:test")
    worker.do_due_work()
    escrow_services.release_hold(hold.pk, cause="request:test")
    worker.do_due_work()
    return hold


def told(body: dict[str, Any]) -> list[tuple[object, ...]]:
    """Return the lines without date and reference."""
    return [
        (line["what"], line["debit"], line["credit"], line["balance"]) for line in body["lines"]
    ]


BUYERS = [
    ("Payment received and held", None, 1332.8, 1332.8),
    ("Refund decided", 332.8, None, 1000),
    ("Refund on its way", None, 332.8, 1332.8),
    ("Refund paid", 332.8, None, 1000),
    ("Released to the seller", 1000, None, 0),
]
SELLERS = [("Proceeds of a sale", None, 675.27, 675.27), ("Paid out", 675.27, None, 0)]


def test_a_buyer_sees_what_was_held_for_him(api: Api, cast: Cast, hold: Escrow) -> None:
    body = api(cast.bidder1).get(URL).json()

    assert told(body) == BUYERS
    assert body["balances"] == [{"currency": "USD", "amount": 0}]
    assert body["shortened"] is False
    first = body["lines"][0]
    assert first["reference"] == f"fund:{hold.payment_id}"
    assert (first["currency"], first["date"][-1]) == ("USD", "Z")


def test_a_seller_sees_his_proceeds_and_payouts(api: Api, cast: Cast, hold: Escrow) -> None:
    assert told(api(cast.seller).get(URL).json()) == SELLERS


def test_who_has_no_part_in_it_sees_nothing_of_it(api: Api, cast: Cast, hold: Escrow) -> None:
    body = api(cast.stranger).get(URL).json()

    assert body == {"lines": [], "balances": [], "shortened": False}
    assert api().get(URL).status_code == 401


def test_of_an_auction_each_party_sees_its_own_lines_and_staff_all(
    api: Api, cast: Cast, hold: Escrow
) -> None:
    held(cast, 500_00)  # another auction of the same two
    auction_id = hold.payment.sale.auction_id
    seen = {
        name: told(api(getattr(cast, name)).get(URL, {"auction_id": auction_id}).json())
        for name in ("bidder1", "seller", "staff")
    }

    assert seen["bidder1"] == BUYERS
    assert seen["seller"] == SELLERS
    assert {line[:3] for line in seen["staff"]} == {line[:3] for line in BUYERS + SELLERS}
    assert len(seen["staff"]) == len(BUYERS + SELLERS)
    assert seen["staff"][-1][3] == 0


def test_of_an_auction_others_learn_no_more_than_of_one_that_is_not_there(
    api: Api, cast: Cast, hold: Escrow
) -> None:
    stranger = api(cast.stranger)
    foreign = stranger.get(URL, {"auction_id": hold.payment.sale.auction_id})
    absent = stranger.get(URL, {"auction_id": 4711})

    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() == absent.json()


@pytest.mark.parametrize("asked", [{"auction_id": "x"}, {"auction_id": "0"}, {"as": "pdf"}])
def test_what_cannot_be_asked_for_is_refused_and_named(
    api: Api, cast: Cast, asked: dict[str, str]
) -> None:
    answer = api(cast.seller).get(URL, asked)

    assert answer.status_code == 400
    assert answer.json()["fields"] == list(asked)


@pytest.mark.parametrize(
    ("query", "accept"),
    [({"as": "csv"}, "*/*"), ({}, "text/csv"), ({"as": "csv"}, "application/json")],
)
def test_the_table_is_for_a_spreadsheet(
    api: Api, cast: Cast, hold: Escrow, query: dict[str, str], accept: str
) -> None:
    answer = api(cast.seller).get(URL, query, headers={"accept": accept})

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="statement.csv"'
    assert answer["Cache-Control"] == "private, no-store"
    assert "Accept" in answer["Vary"]
    table = list(csv.reader(io.StringIO(answer.content.decode())))
    assert table[0] == list(statements.COLUMNS)
    assert [row[4:] for row in table[1:]] == [["", "675.27", "675.27"], ["675.27", "", "0.00"]]


def test_json_is_for_whoever_asks_for_it_or_for_nothing(api: Api, cast: Cast) -> None:
    seller = api(cast.seller)
    for query, accept in (({}, "*/*"), ({"as": "json"}, "text/csv"), ({"as": ""}, "*/*")):
        answer = seller.get(URL, query, headers={"accept": accept})
        assert answer["Content-Type"] == "application/json"
    refused = seller.get(URL, {"auction_id": 4711}, headers={"accept": "text/csv"})
    assert refused["Content-Type"] == "application/json"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    cell = f"{start}HYPERLINK(1)"

    assert statements.plain_cell(cell) == f"'{cell}"
    assert statements.plain_cell(f"x{cell}") == f"x{cell}"


def test_a_reference_that_looks_like_a_formula_is_quoted_in_the_table(cast: Cast) -> None:
    owed = Account(AccountKind.SELLER_PAYABLE, str(cast.seller.pk))
    book('=cmd|"a":1', (CLEARING, 5), (owed, -5))

    table = statements.as_csv(statements.statement_of_user(cast.seller.pk))

    ((_, what, reference, *_),) = list(csv.reader(io.StringIO(table)))[1:]
    assert reference == '\'=cmd|"a":1'
    assert what.startswith("'=")


def test_currencies_are_kept_apart_with_their_own_decimals(cast: Cast) -> None:
    owed = Account(AccountKind.SELLER_PAYABLE, str(cast.seller.pk))
    for number, currency in enumerate(["JPY", "KWD", "USD", "JPY"]):
        book(f"release:{number}", (CLEARING, 1234), (owed, -1234), currency=currency)

    statement = statements.statement_of_user(cast.seller.pk)

    rows = list(csv.reader(io.StringIO(statements.as_csv(statement))))[1:]
    assert [row[3:] for row in rows] == [
        ["JPY", "", "1234", "1234"],
        ["KWD", "", "1.234", "1.234"],
        ["USD", "", "12.34", "12.34"],
        ["JPY", "", "1234", "2468"],
    ]
    assert statements.as_json(statement)["balances"] == [
        {"currency": "JPY", "amount": 2468},
        {"currency": "KWD", "amount": 1.234},
        {"currency": "USD", "amount": 12.34},
    ]


def test_a_long_statement_begins_with_what_was_before(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed = Account(AccountKind.SELLER_PAYABLE, str(cast.seller.pk))
    for number in range(5):
        book(f"release:{number}", (CLEARING, 100), (owed, -100))
    monkeypatch.setattr(statements, "LINES_MAX", 2)

    statement = statements.statement_of_user(cast.seller.pk)

    assert [line.balance_minor for line in statement.lines] == [400, 500]
    assert statement.shortened


def test_a_statement_costs_the_same_however_long(
    cast: Cast, hold: Escrow, django_assert_num_queries: Any
) -> None:
    for amount_minor in (500_00, 600_00):
        held(cast, amount_minor)
    with django_assert_num_queries(2):
        statements.statement_of_user(cast.bidder1.pk)
