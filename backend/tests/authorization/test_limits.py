"""Ids, queries, bodies, texts and methods that are none: refused in shape, never a crash."""

import json
from typing import Any

import pytest

from apps.auctions.filters import AuctionFilter
from tests.authorization.answers import answer_of, misshapen
from tests.authorization.bodies import BODIES, UPLOADS, request_of
from tests.authorization.hostile import IDS, LONG, QUERIES
from tests.authorization.operations import methods_of, routes
from tests.authorization.table import TABLE, Who, cells_of
from tests.authorization.test_mass_assignment import good_cell

pytestmark = pytest.mark.django_db
SELLERS = ("owner", "seller")  # of the world these tests need

WITH_IDS = sorted({op.name for op in TABLE if "_id}" in op.name})
#: Any digits name a seller here, and who has sold nothing has an empty list (register 55).
NO_UNKNOWN_SELLER = "GET /api/auction/products/seller/{seller_id}/sold/"


@pytest.mark.parametrize("name", WITH_IDS)
def test_id_that_is_none_is_not_found(name, world):
    op = next(op for op in TABLE if op.name == name)
    cell = good_cell(op) or cells_of(op)[1]  # nothing is found in a house that is no demo
    path, request = request_of(cell, world)
    send = getattr(world.clients[cell.actor], name.split()[0].lower())
    pattern = name.partition(" ")[2]
    wrong = []
    for place in (word for word in pattern.split("/") if word.startswith("{")):
        for what, word in IDS.items():
            hostile = path_with(pattern, path, place, word)
            answer = answer_of(send(hostile, **request))
            is_right = answer.status == 404
            if name == NO_UNKNOWN_SELLER and word.isdigit() and len(word) < 1000:
                is_right = (answer.status, answer.text) == (200, "[]")
            wrong += [f"{place} {what}: {text}" for text in misshapen(answer)]
            if not is_right:
                wrong.append(f"{place} {what}: {answer.status} {answer.text[:100]}")

    assert wrong == []


def path_with(pattern: str, path: str, place: str, word: str) -> str:
    """Return a good path with another word in the place of one id."""
    segments = zip(pattern.split("/"), path.split("/"), strict=True)
    return "/".join(word if name == place else good for name, good in segments)


# -- queries ------------------------------------------------------------------------------------

PAGED = {"page", "page_size"}
FILTERS = {*AuctionFilter.base_filters, *PAGED, "cursor", "facets", "format", "unknown"}
SOME_FILTERS = {*PAGED, "search", "ordering", "category", "unknown"}
PARAMETERS: dict[str, set[str]] = {
    "GET /api/auctions/": FILTERS,
    "GET /api/auctions/active/": SOME_FILTERS,  # the same filters stand behind them
    "GET /api/auctions/ending-soon/": SOME_FILTERS,
    "GET /api/auctions/my-auctions/": SOME_FILTERS,
    "GET /api/auctions/watchlist/": SOME_FILTERS,
    "GET /api/auth/sessions/": PAGED,
    "GET /api/auth/passkeys/": PAGED,
    "GET /api/categories/": PAGED,
    "GET /api/bids/": {*PAGED, "auction_id"},
    "GET /api/bids/my-bids/": PAGED,
    "GET /api/bids/winning/": PAGED,
    "GET /api/bids/losing/": PAGED,
    "GET /api/auto-bids/": PAGED,
    "GET /api/bid-history/": {*PAGED, "auction_id"},
    "GET /api/payments/": PAGED,
    "GET /api/payments/payout-accounts/": PAGED,
    "GET /api/payments/statement/": {"auction_id", "as"},
    "GET /api/escrow/": PAGED,
    "GET /api/invoices/": PAGED,
    "GET /api/messages/": {*PAGED, "cursor"},
    "GET /api/messages/conversations/": {*PAGED, "cursor"},
    "GET /api/messages/blocks/": {*PAGED, "cursor"},
    "GET /api/notifications/": PAGED,
    "GET /api/notifications/unread/": PAGED,
    "GET /api/api-keys/": PAGED,
    "GET /api/users/me/export/": PAGED,
    "GET /api/webhooks/": PAGED,
    "GET /api/webhooks/{webhook_id}/deliveries/": {*PAGED, "status"},
    "GET /api/auction/products/category/": {"category"},
    "GET /api/auction/products/price-range/": {"min_price", "max_price"},
    "GET /api/auctions/{auction_id}/": {"format", "fields", "expand"},
    "GET /api/schema/": {"format", "version", "lang"},
    "GET /api/docs/": {"format", "version", "lang"},
    "GET /api/redoc/": {"format", "version", "lang"},
}
PAGES = [name for name, parameters in PARAMETERS.items() if parameters >= PAGED]


@pytest.mark.parametrize("name", PARAMETERS)
def test_query_that_makes_no_sense_crashes_nothing(name, world):
    op = next(op for op in TABLE if op.name == name)
    cell = next(cell for cell in cells_of(op) if cell.actor == "owner" and cell.whose != "absent")
    path, _ = request_of(cell, world)
    client = world.clients["owner"]
    is_page = "html" in client.get(path).headers["Content-Type"]
    auction = world.auctions["owner", "active"]
    wrong = []
    for parameter in sorted(PARAMETERS[name]):
        beside = f"&auction_id={auction}" if "auction_id" in PARAMETERS[name] - {parameter} else ""
        for what, value in QUERIES.items():
            answer = answer_of(client.get(f"{path}?{parameter}={value}{beside}"))
            wrong += [f"{parameter}, {what}: {text}" for text in misshapen(answer)]
            if answer.status not in (200, 400, 404):
                wrong.append(f"{parameter}, {what}: {answer.status}")
            if not is_page and not answer.is_json and "openapi" not in name + str(answer.headers):
                wrong.append(f"{parameter}, {what}: {answer.headers['content-type']}")

    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_page_has_its_limits(name, world):
    op = next(op for op in TABLE if op.name == name)
    path, request = request_of(cells_of(op)[1], world)
    query = request.get("data", {})
    if name == "GET /api/bid-history/":
        query = {"auction_id": world.auctions["owner", "contested"]}
    client = world.clients["owner"]

    for size in ("0", "-1", "abc", "1e9", "１"):  # noqa: RUF001
        answer = answer_of(client.get(path, query | {"page_size": size}))
        assert (answer.status, answer.json["fields"]) == (400, ["page_size"]), size
    for size in ("1000000000", "101", ""):
        answer = answer_of(client.get(path, query | {"page_size": size}))
        assert answer.status == 200, size
        assert len(answer.json["results"]) <= 100, size
    for number in ("0", "-1", "abc", "1000000000", "1e9"):
        answer = answer_of(client.get(path, query | {"page": number}))
        assert (answer.status, answer.json) == (404, {"error": "Invalid page"}), number


# -- bodies -------------------------------------------------------------------------------------

JSON = "application/json"
DEEP = 10_000

#: What -> content type, bytes, statuses. {} is the good body, less its closing brace.
HOSTILE_BODIES: dict[str, tuple[str, bytes, set[int]]] = {
    "a list": (JSON, b"[1]", {400}),
    "an empty list": (JSON, b"[]", {400}),
    "a text": (JSON, b'"text"', {400}),
    "a number": (JSON, b"5", {400}),
    "null": (JSON, b"null", {400}),
    "true": (JSON, b"true", {400}),
    "no JSON": (JSON, b"{", {400}),
    "nested too deeply": (JSON, b'{"a":' * DEEP + b"1" + b"}" * DEEP, {400}),
    "lists nested too deeply": (JSON, b'{"a":' + b"[" * DEEP + b"]" * DEEP + b"}", {400}),
    "a key twice": (JSON, b'{"title": "a", "title": "b"}', {400}),
    "a key twice within": (JSON, b'{"a": {"b": 1, "b": 2}}', {400}),
    "broken UTF-8": (JSON, b'{"title": "\xff"}', {400}),
    "overlong UTF-8": (JSON, b'{"title": "\xc0\xaf"}', {400}),
    "a surrogate as UTF-8": (JSON, b'{"title": "\xed\xa0\x80"}', {400}),
    "NUL bytes": (JSON, b"\0" * 10, {400}),
    "a control character": (JSON, b'{"title": "\x01"}', {400}),
    "a comment": (JSON, b'{"title": "a" /* b */}', {400}),
    "single quotes": (JSON, b"{'title': 'a'}", {400}),
    "XML": ("application/xml", b"<title>a</title>", {400, 415}),
    "plain text": ("text/plain", b'{"title": "a"}', {400, 415}),
    "a form": ("application/x-www-form-urlencoded", b"title=a", {400, 415}),
    "a broken multipart": ("multipart/form-data; boundary=x", b"--y", {400, 415}),
    "a multipart without boundary": ("multipart/form-data", b"--y", {400, 415}),
    "a type that is none": ("json", b"{}", {400, 415}),
    "UTF-16": (JSON, '{"title": "a"}'.encode("utf-16"), {400}),
    "UTF-32": (JSON, '{"title": "a"}'.encode("utf-32"), {400}),
}


@pytest.mark.parametrize("name", BODIES)
def test_body_that_is_none_is_refused(name, world):
    path, send = sender(name, world)
    wrong = []
    for what, (content_type, body, statuses) in HOSTILE_BODIES.items():
        answer = answer_of(send(path, body, content_type=content_type))
        wrong += [f"{what}: {text}" for text in misshapen(answer)]
        if answer.status not in statuses:
            wrong.append(f"{what}: {answer.status} {answer.text[:150]}")

    assert wrong == []


@pytest.mark.parametrize("name", BODIES)
def test_large_body_is_too_large(name, world):
    path, send = sender(name, world)
    body = b'{"title": "' + b"a" * 1024 * 1024 + b'"}'

    answer = answer_of(send(path, body, content_type=JSON))

    assert answer.status == 413
    assert misshapen(answer) == []


@pytest.mark.parametrize("name", BODIES)
def test_many_keys_are_ignored(name, world):
    path, send = sender(name, world)
    answer = answer_of(send(path, {f"key{number}": number for number in range(10_000)}))

    assert answer.status < 500
    assert misshapen(answer) == []


@pytest.mark.parametrize("name", UPLOADS)
def test_upload_as_json_is_refused(name, world):
    path, send = sender(name, world)

    for content_type, body in ((JSON, b"{}"), (JSON, b"["), ("text/plain", b"x"), (JSON, b"")):
        answer = answer_of(send(path, body, content_type=content_type))

        assert answer.status in (400, 415)
        assert misshapen(answer) == []


def sender(name: str, world: Any) -> Any:
    """Return the path of an operation that would succeed, and what sends it."""
    op = next(op for op in TABLE if op.name == name)
    cell = good_cell(op) or cells_of(op)[-1]
    path, _ = request_of(cell, world)
    client = world.clients[cell.actor]
    return path, getattr(client, name.split(maxsplit=1)[0].lower())


# -- texts --------------------------------------------------------------------------------------

TEXTS = {
    "a NUL": "a\0b",
    "a lone surrogate": "a\ud800b",
    "a lone low surrogate": "\udc00",
    "surrogates in the wrong order": "\udc00\ud800",
    "10 KB": LONG,
    "100 KB": LONG * 10,
    "control characters": "\x01\x02\x7f",
    "line breaks": "a\r\nSet-Cookie: a=b",
    "right to left": "\u202ekcolc",
    "zero width": "a\u200bb",
    "a byte order mark": "\ufeff",
    "a non-character": "\ufffe\uffff",
    "combining marks": "Z" + "\u0301" * 500,
    "a family": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "blanks": " \t\n",
    "empty": "",
    "a number": 5,
    "a list": ["a"],
    "an object": {"a": "b"},
    "true": True,
    "null": None,
}
TEXT_FIELDS = {
    "POST /api/auth/token/": ["username", "password"],
    "POST /api/auth/token/refresh/": ["refresh"],
    "POST /api/auth/logout/": ["refresh"],
    "POST /api/users/register/": ["username", "email", "password", "full_name"],
    "PATCH /api/users/profile/": ["full_name", "bio", "location", "timezone", "language"],
    "PUT /api/users/business/": ["company_name", "tax_id", "address", "website"],
    "POST /api/users/password/": ["current_password", "new_password"],
    "POST /api/auctions/": [
        "title",
        "description",
        "category",
        "condition",
        "closing",
        "currency",
        "increment_rule",
        "start_time",
        "end_time",
        "soft_close",
        "lots",
    ],
    "PATCH /api/auctions/{auction_id}/": ["title", "description", "category", "currency"],
    "POST /api/bids/": ["auction_id", "amount"],
    "POST /api/auto-bids/": ["auction_id", "max_bid"],
    "PUT /api/auto-bids/{rule_id}/": ["max_bid"],
    "POST /api/auth/password-reset/": ["email"],
    "POST /api/auth/password-reset/confirm/": ["token", "password"],
    "POST /api/auth/verify-email/": ["token"],
    "POST /api/auth/second-factor/": ["challenge", "code"],
    "POST /api/auth/totp/": ["password"],
    "POST /api/auth/totp/confirm/": ["code"],
    "DELETE /api/auth/totp/": ["code", "password"],
    "POST /api/auth/recovery-codes/": ["password"],
    "POST /api/auth/passkeys/": ["name", "credential"],
    "POST /api/auth/passkeys/options/": ["password"],
    "POST /api/auth/passkeys/login/": ["credential"],
    "POST /api/users/email/": ["email", "password"],
    "POST /api/payments/": ["auction_id", "payment_method"],
    "POST /api/payments/{payment_id}/confirm/": ["test_card"],
    "POST /api/payments/payout-accounts/": ["provider", "email"],
    "POST /api/escrow/{escrow_id}/refund/": ["amount"],
    "POST /api/escrow/{escrow_id}/dispute/": ["reason", "description"],
    "POST /api/escrow/{escrow_id}/resolve/": ["outcome", "amount"],
    "POST /api/subscriptions/": ["plan", "payment_method"],
    "POST /api/messages/": ["recipient", "body", "auction_id"],
    "POST /api/messages/blocks/": ["user"],
    "POST /api/notifications/settings/": ["kinds", "quiet_hours", "digest_at"],
    "PATCH /api/notifications/settings/": ["kinds", "quiet_hours", "digest_at"],
    "POST /api/notifications/push/": ["endpoint", "keys"],
    "POST /api/user/register/": ["username", "email", "password"],
    "POST /api/user/login/": ["username", "password"],
    "POST /api/user/refresh/": ["refresh"],
    "POST /api/user/logout/": ["refresh"],
    "POST /api/auction/products/": [
        "title",
        "description",
        "starting_price",
        "start_date",
        "end_date",
        "category_new_used",
    ],
    "POST /api/auction/products/{product_id}/place-bid/": ["bid_amount", "start_date", "end_date"],
}


@pytest.mark.parametrize("name", TEXT_FIELDS)
def test_text_that_is_none_crashes_nothing(name, world):
    path, send = sender(name, world)
    op = next(op for op in TABLE if op.name == name)
    good = request_of(good_cell(op) or cells_of(op)[-1], world)[1].get("data", {})
    wrong = []
    for field in TEXT_FIELDS[name]:
        for what, text in TEXTS.items():
            # As escapes: a lone surrogate is valid JSON and no valid text.
            body = json_text({**good, field: text})
            answer = answer_of(send(path, body, content_type=JSON))
            wrong += [f"{field}, {what}: {text}" for text in misshapen(answer)]
            if "surrogate" in what and answer.status < 400:
                wrong.append(f"{field}, {what}: {answer.status} {answer.text[:100]}")

    assert wrong == []


def json_text(value: Any) -> bytes:
    """Return JSON in ASCII alone."""
    return json.dumps(value).encode("ascii")


# -- methods ------------------------------------------------------------------------------------

METHODS = (
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "QUERY",
    "X" * 500,
)


VIEWS = dict(routes())


@pytest.mark.parametrize("path", VIEWS)
def test_other_methods_are_not_allowed(path, world):
    op = next(op for op in TABLE if op.name.split()[1] == path)
    asks = "staff" if op.who is Who.STAFF else "owner"
    unfit = {"absent", "own"} if asks == "staff" else {"absent"}  # staff have no drafts
    cell = next(cell for cell in cells_of(op) if cell.actor == asks and cell.whose not in unfit)
    address, _ = request_of(cell, world)

    for method in sorted(set(METHODS) - methods_of(path, VIEWS[path])):
        answer = answer_of(world.clients[asks].generic(method, address))

        assert answer.status == 405, method
        assert misshapen(answer) == [], method
        assert answer.headers["allow"], method
