"""Fields nobody asked for: whatever else a body holds, what is stored is the same.

Cases are made from the models themselves, so that a new column is tried the day it is born: each
operation with a JSON body (or that could be sent one) gets, some at a time, every column of the
tables it touches, under its name and as `…_id`, and the words by which an attacker would call
them. The request is otherwise good; what it leaves behind is compared row by row with what the
good request alone leaves behind.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from django.db import models, transaction

from apps.auctions.models import Auction, AuctionImage, BlockedBidder, Category, Lot, Watchlist
from apps.backoffice.models import Appeal, Report, ReportEvidence
from apps.bidding.models import AutoBidRule, Bid, BidHistory
from apps.notifications.models import (
    Conversation,
    Message,
    MessageImage,
    Notification,
    NotificationSettings,
    PushSubscription,
    UserBlock,
)
from apps.payments.models import (
    Escrow,
    EscrowDispute,
    Invoice,
    Payment,
    PayoutAccount,
    ProviderCall,
    Sale,
    Subscription,
)
from apps.privacy.models import DataExport
from apps.risk.models import DepositNeed, RiskCase
from apps.users.models import (
    ApiKey,
    BusinessAccount,
    LoginSession,
    MailBounce,
    MailOrder,
    OneTimeSecret,
    Passkey,
    RecoveryCode,
    SocketTicket,
    TotpDevice,
    User,
    UserProfile,
)
from apps.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from tests.authorization.bodies import BODIES, UPLOADS, request_of
from tests.authorization.table import TABLE, Cell, Op, cells_of
from tests.authorization.world import World

pytestmark = pytest.mark.django_db
SELLERS = ("owner", "seller")  # of the world these tests need
CASES_MIN = 150
TOGETHER = 24  # fields in one request; fewer where one of them is refused
#: A challenge is made and used up by each attempt: what two attempts leave behind cannot be equal.
CHALLENGED = {"POST /api/auth/passkeys/", "POST /api/auth/passkeys/login/"}

ACCOUNT = (User, UserProfile, BusinessAccount, LoginSession, TotpDevice, Passkey)
LISTING = (Auction, Lot, AuctionImage, Watchlist)
BIDDING = (Auction, Bid, AutoBidRule, BidHistory)
REST = (
    DataExport,
    ApiKey,
    BlockedBidder,
    Category,
    SocketTicket,
    RecoveryCode,
    OneTimeSecret,
    MailBounce,
    MailOrder,
)
SELLING = (Subscription, PayoutAccount)
PAYING = (Sale, Payment, Escrow, EscrowDispute, ProviderCall, Invoice)
TOLD = (Notification, NotificationSettings, PushSubscription)
WRITING = (Conversation, Message, MessageImage, UserBlock)
LISTENING = (WebhookEndpoint, WebhookDelivery, WebhookEvent)
REPORTING = (Report, ReportEvidence, Appeal)
RISK = (RiskCase, DepositNeed)
TRADING = {*LISTING, *BIDDING, *SELLING, *PAYING}
STORED = {*TRADING, *LISTENING, *ACCOUNT, *RISK, *TOLD, *WRITING, *REPORTING, *REST}

#: Words of either document, and of other people's documents, for what nobody may set.
WORDS: dict[str, Any] = {
    "balance": 1_000_000,
    "bidder": "owner",
    "current_bid": 1,
    "fee": 0,
    "final_bid": 1,
    "highest_bid_id": 1,
    "highest_bidder": "bidder",
    "is_admin": True,
    "is_listed": True,
    "max_bid": 1,
    "min_next_bid": 1,
    "permissions": ["all"],
    "product_id": 1,
    "role": "admin",
    "roles": ["admin"],
    "timestamp": "2001-01-01T00:00:00Z",
    "user_permissions": [1],
    "groups": [1],
    "verified": True,
}

#: What an operation does read, beyond the words of its good body.
READ = {
    "POST /api/users/register/": {"full_name"},
    "PUT /api/users/profile/": {"full_name", "location", "timezone", "language"},
    "PATCH /api/users/profile/": {"full_name", "location", "timezone", "language"},
    "PUT /api/users/business/": {"tax_id", "address", "website"},
    "POST /api/auth/logout/": {"refresh"},
    "DELETE /api/auth/totp/": {"code"},
    "POST /api/auctions/": {"description", "closing", "currency", "lots", "duration_seconds"},
    "PATCH /api/auctions/{auction_id}/": {
        "description",
        "category",
        "condition",
        "closing",
        "currency",
        "lots",
        "duration_seconds",
    },
    "POST /api/auction/products/": {"description"},
    "POST /api/payments/payout-accounts/": {"email"},
    "POST /api/escrow/{escrow_id}/dispute/": {"description"},
    "POST /api/messages/": {"auction_id"},
    "POST /api/notifications/settings/": {"digest_at"},
    "PATCH /api/notifications/settings/": {"digest_at"},
    "POST /api/reports/": {"description", "evidence"},
    "POST /api/admin/reports/{report_id}/resolve/": {"action", "note"},
    "POST /api/admin/appeals/{appeal_id}/decide/": {"note"},
    "POST /api/admin/risk/cases/{case_id}/decide/": {"note"},
    "POST /api/api-keys/": {"expires_at"},
    "POST /api/webhooks/": {"description", "scope"},
    "PATCH /api/webhooks/{webhook_id}/": {"url", "description", "scope", "enabled"},
    "POST /api/webhooks/{webhook_id}/replay/": {"include_delivered"},
}

#: Columns whose words name ids, which are drawn anew: those of new rows are read past.
NAMING = {"body", "source", "source_key", "thread", "data", "content"}

#: What differs from one run of the same request to the next: what is drawn by lot.
DRAWN = {
    "facts",  # of a mail whose link names a row
    "password",
    "pdf_sha256",  # of a page that names an id
    "refresh_digest",
    "previous_digest",
    "digest",
    "hash",
    "log_hash",
    "sealed_secret",
    "sealed_previous",
    "message_id",
    "hint",
    "sign_count",
    "credential",
    "credential_digest",
}


def writing() -> list[Op]:
    """Return the operations that could be sent a JSON body."""
    kinds = ("POST ", "PUT ", "PATCH ")
    return [
        op
        for op in TABLE
        if op.name.startswith(kinds)
        and op.name not in UPLOADS.keys() | CHALLENGED
        and good_cell(op) is not None
    ]


def good_cell(op: Op) -> Cell | None:
    """Return a cell in which the operation succeeds."""
    return next((cell for cell in cells_of(op) if 200 <= cell.expected[0] < 300), None)


#: Words of a path -> the tables an operation may write; the first that fit.
TOUCHED: tuple[tuple[tuple[str, ...], tuple[type[models.Model], ...]], ...] = (
    (("/risk",), (User, *RISK)),
    (("/user", "/auth"), ACCOUNT),
    (("/subscriptions", "/payout-accounts"), (User, *SELLING)),
    (("/payments", "/escrow"), (User, *PAYING)),
    (("/messages",), (User, *WRITING)),
    (("/reports", "/appeals"), (User, *REPORTING)),
    (("/webhooks",), (User, *LISTENING)),
    (("/api-keys",), (User, LoginSession, ApiKey)),
    (("/notifications",), (User, *TOLD)),
    (("bid", "sell", "buy-now", "activate", "end/"), (User, *BIDDING)),
    (("",), (User, *LISTING)),
)


def touched(op: Op) -> tuple[type[models.Model], ...]:
    """Return the tables an operation may write."""
    return next(found for words, found in TOUCHED if any(word in op.name for word in words))


def cases_of(op: Op, world: World) -> dict[str, Any]:
    """Return the fields to smuggle in, each with a value that would show."""
    cases = dict(WORDS)
    for model in touched(op):
        for field in model._meta.concrete_fields:
            cases[field.name] = cases[field.attname] = telling_value(field)
    cell = good_cell(op)
    assert cell is not None
    body = BODIES[op.name](cell, world) if op.name in BODIES else {}
    for name in {*body, *READ.get(op.name, ())}:
        cases.pop(name, None)
    return cases


#: A value for each kind of column that differs from what the column would hold.
TELLING: tuple[tuple[Any, Any], ...] = (
    (models.DateTimeField, "2001-01-01T00:00:00Z"),
    (models.JSONField, [7]),
    (models.UUIDField, "00000000-0000-4000-8000-000000000007"),
    (models.GenericIPAddressField, "203.0.113.7"),
    ((models.CharField, models.TextField), "smuggled"),
    (models.Field, 7),
)


def telling_value(field: Any) -> Any:
    """Return a value that would show in a column."""
    if field.name == "currency":
        return "JPY"  # of which an amount has a hundred times as many as of a dollar's cents
    if field.choices:
        return [value for value, _ in field.choices][-1]
    if isinstance(field, models.BooleanField):
        return not field.default
    return next(value for kind, value in TELLING if isinstance(field, kind))


def test_enough_is_smuggled(world):
    cases = sum(len(cases_of(op, world)) for op in writing())

    print(f"mass assignment: {len(writing())} operations, {cases} cases")  # noqa: T201

    assert cases >= CASES_MIN


@pytest.mark.parametrize("op", writing(), ids=str)
def test_nothing_smuggled_is_stored(op, world, frozen_clock):
    cell = good_cell(op)
    known = {model: set(model.objects.values_list("pk", flat=True)) for model in STORED}
    before = rows(known)
    good = left_behind(cell, world, {}, known)
    assert good[0] < 300

    changed, waiting = [], [cases_of(op, world)]
    while waiting:
        fields = waiting.pop()
        if len(fields) > TOGETHER:
            waiting += halves(fields)
            continue
        status, left = left_behind(cell, world, fields, known)
        if left != (good[1] if status < 300 else before):
            changed.append(f"{fields}: {status}, {difference(good[1], left)}")
        elif status >= 300 and len(fields) > 1:
            waiting += halves(fields)  # one that is refused would hide the others

    assert changed == []


def halves(cases: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the first half of some cases and the second."""
    pairs = list(cases.items())
    middle = len(pairs) // 2
    return [dict(pairs[:middle]), dict(pairs[middle:])]


@pytest.mark.parametrize("part", ["lots", "soft_close"])
def test_nothing_smuggled_into_a_part_is_stored(part, world, frozen_clock):
    op = next(op for op in TABLE if op.name == "POST /api/auctions/")
    cell = good_cell(op)
    known = {model: set(model.objects.values_list("pk", flat=True)) for model in STORED}
    wholes = {
        "lots": lambda extra: {"lots": [{"title": "A key", "lot_number": 1} | extra]},
        "soft_close": lambda extra: {
            "soft_close": {"window_seconds": 60, "extension_seconds": 60} | extra
        },
    }
    read = {"title", "lot_number", "description", "quantity", "condition", "mode"}
    good = left_behind(cell, world, wholes[part]({}), known)
    assert good[0] == 201

    for model in (Lot, Auction):
        for field in model._meta.concrete_fields:
            for name in {field.name, field.attname} - read:
                smuggled = wholes[part]({name: telling_value(field)})
                assert left_behind(cell, world, smuggled, known) == good, name


Rows = Mapping[str, list[Any]]


def left_behind(
    cell: Cell, world: World, extra: Mapping[str, Any], known: Mapping[Any, set[Any]]
) -> tuple[int, Rows]:
    """Send the good request with something extra; return its status and all rows, then undo it."""
    send = getattr(world.clients[cell.actor], cell.op.name.split()[0].lower())
    savepoint = transaction.savepoint()
    try:
        path, request = request_of(cell, world)
        answer = send(path, {**request.get("data", {}), **extra})
        return answer.status_code, rows(known)
    finally:
        transaction.savepoint_rollback(savepoint)


def rows(known: Mapping[Any, set[Any]]) -> Rows:
    """Return every row of every table; ids of new rows by their order, as they are drawn anew."""
    stored = {model: list(model.objects.order_by(_order_of(model)).values()) for model in known}
    new = {model: _new_keys(model, found, known[model]) for model, found in stored.items()}
    shown = {model: _columns_of(model) for model in known}
    return {
        model.__name__: sorted((_row(model, row, shown[model], new) for row in found), key=repr)
        for model, found in stored.items()
    }


def _order_of(model: Any) -> str:
    return "created_at" if model is LoginSession else "pk"


def _new_keys(model: Any, found: list[dict[str, Any]], known: set[Any]) -> dict[Any, str]:
    name = model._meta.pk.attname
    keys = [row[name] for row in found if row[name] not in known]
    return {key: f"new {place}" for place, key in enumerate(keys, start=1)}


@cache
def _columns_of(model: Any) -> list[tuple[str, Any]]:
    """Return the columns to compare, each with the table whose id it is."""
    return [
        (
            field.attname,
            field.remote_field.model
            if field.remote_field
            else model
            if field.primary_key
            else None,
        )
        for field in model._meta.concrete_fields
        if field.name not in DRAWN
    ]


def _row(
    model: Any,
    row: dict[str, Any],
    columns: list[tuple[str, Any]],
    new: Mapping[Any, Mapping[Any, str]],
) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    is_new = row[model._meta.pk.attname] in new[model]
    for name, table in columns:
        value = row[name]
        if table is not None:
            value = new.get(table, {}).get(value, value)
        elif name in NAMING and is_new:
            value = re.sub("[0-9]+", "#", json.dumps(value, default=str))
        elif isinstance(value, str) and value.startswith("sandbox:"):
            value = "sandbox:"  # references of play money are made of ids
        elif name in ("frame", "action") and value:
            value = json.loads(bytes(value))
            value = {key: value[key] for key in value if key not in ("auction_id", "salt")}
        shown[name] = value
    return shown


def difference(good: Rows, left: Rows) -> list[Any]:
    """Return the rows that are not as they should be."""
    return [row for name in good for row in left[name] if row not in good[name]]
