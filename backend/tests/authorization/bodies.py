"""What each operation is sent when nothing is wrong with it, and where its ids stand."""

from collections.abc import Callable, Mapping
from typing import Any

import pyotp
from fido2.utils import websafe_encode

from apps.core import clock
from apps.users.one_time import Purpose, issue
from apps.users.passkeys import user_handle
from tests.authenticator import Authenticator
from tests.authorization.deals import Deal, bought_by, of_others, sold_by
from tests.authorization.table import Cell
from tests.authorization.world import ABSENT, World, picture
from tests.browsers import browser
from tests.factories import PASSWORD

WINDOW = {"start_date": "2020-01-01T00:00:00", "end_date": "2099-01-01T00:00:00"}
AUCTION = {"title": "A clock", "starting_price": 40, "category": "clocks", "condition": "used"}
PRODUCT = {"title": "A clock", "starting_price": 40, "category_new_used": "used", **WINDOW}
NO_SESSION = "00000000-0000-4000-8000-000000000000"
NEW_PASSWORD = "a-quite-different-secret"
BID = 250  # more than anybody has bid visibly
MAXIMUM = 799_999  # more than any planted maximum, less than any planted reserve

Body = Callable[[Cell, World], Mapping[str, Any]]


def _fixed(**body: Any) -> Body:
    return lambda cell, world: body


def _with_auction(**body: Any) -> Body:
    return lambda cell, world: {"auction_id": auction_id(cell, world), **body}


def _credentials(cell: Cell, world: World) -> Mapping[str, Any]:
    return {"username": cell.actor, "password": PASSWORD}


def _refresh(cell: Cell, world: World) -> Mapping[str, Any]:
    return {"refresh": world.refresh.get(cell.actor, "no token at all")}


def _newcomer(cell: Cell, world: World) -> Mapping[str, Any]:
    return {"username": "newcomer", "email": "newcomer@example.com", "password": PASSWORD}


def _link(purpose: Purpose, **body: Any) -> Body:
    def of(cell: Cell, world: World) -> Mapping[str, Any]:
        return {"token": world.links.get((cell.actor, purpose), "no link at all"), **body}

    return of


def _code(cell: Cell, world: World) -> Mapping[str, Any]:
    secret = world.apps.get(cell.actor)
    return {"code": pyotp.TOTP(secret).at(clock.now()) if secret else "000000"}


def _new_passkey(cell: Cell, world: World) -> Mapping[str, Any]:
    user = world.users.get(cell.actor)
    if user is None:
        return {"credential": {}}
    challenge = issue(Purpose.PASSKEY_NEW, user_id=user.pk)
    options = {"challenge": challenge, "user": {"id": websafe_encode(user_handle(user.pk))}}
    return {"name": "Another key", "credential": Authenticator().create(options)}


def _passkey_login(cell: Cell, world: World) -> Mapping[str, Any]:
    device = world.devices.get(cell.actor, Authenticator())
    return {"credential": device.get({"challenge": issue(Purpose.PASSKEY_LOGIN)})}


def _order(cell: Cell, world: World) -> Mapping[str, Any]:
    return {"image_ids": [world.images.get(auction_id(cell, world), 1)]}


def _report(cell: Cell, world: World) -> Mapping[str, Any]:
    target = world.users["winner" if cell.actor == "loser" else "loser"]
    return {"kind": "user", "target_id": target.pk, "reason": "spam"}


#: JSON bodies by operation; one that is not here is sent none.
BODIES: dict[str, Body] = {
    "POST /api/auth/token/": _credentials,
    "POST /api/auth/token/refresh/": _refresh,
    "POST /api/auth/password-reset/": lambda cell, world: {"email": f"{cell.actor}@example.com"},
    "POST /api/auth/password-reset/confirm/": _link(Purpose.PASSWORD_RESET, password=NEW_PASSWORD),
    "POST /api/auth/verify-email/": _link(Purpose.EMAIL),
    "POST /api/auth/second-factor/": _fixed(challenge="none", code="000000"),
    "POST /api/auth/totp/": _fixed(password=PASSWORD),
    "DELETE /api/auth/totp/": _fixed(password=PASSWORD),
    "POST /api/auth/totp/confirm/": _code,
    "POST /api/auth/recovery-codes/": _fixed(password=PASSWORD),
    "POST /api/auth/passkeys/": _new_passkey,
    "POST /api/auth/passkeys/options/": _fixed(password=PASSWORD),
    "POST /api/auth/passkeys/login/": _passkey_login,
    "POST /api/users/register/": _newcomer,
    "POST /api/users/email/": _fixed(email="elsewhere@example.com", password=PASSWORD),
    "DELETE /api/users/me/": _fixed(password=PASSWORD),
    "PUT /api/users/profile/": _fixed(bio="Collects clocks"),
    "PATCH /api/users/profile/": _fixed(bio="Collects clocks"),
    "PUT /api/users/business/": _fixed(company_name="Clocks Ltd"),
    "POST /api/users/password/": _fixed(current_password=PASSWORD, new_password=NEW_PASSWORD),
    "POST /api/auctions/": _fixed(**AUCTION),
    "PATCH /api/auctions/{auction_id}/": _fixed(title="Another clock"),
    "PUT /api/auctions/{auction_id}/images/order/": _order,
    "POST /api/saved-searches/": _fixed(name="Clocks", query="search=clock"),
    "POST /api/bids/": _with_auction(amount=BID),
    "POST /api/auto-bids/": _with_auction(max_bid=MAXIMUM),
    "PUT /api/auto-bids/{rule_id}/": _fixed(max_bid=MAXIMUM),
    "POST /api/payments/": _with_auction(payment_method="stripe"),
    "POST /api/payments/{payment_id}/confirm/": _fixed(test_card="4242424242424242"),
    "POST /api/payments/stripe-webhook/": _fixed(id="evt_1", type="payment_intent.succeeded"),
    "POST /api/payments/paypal-webhook/": _fixed(id="WH-1", event_type="PAYMENT.CAPTURE.COMPLETED"),
    "POST /api/escrow/{escrow_id}/refund/": _fixed(amount=5),
    "POST /api/escrow/{escrow_id}/dispute/": _fixed(reason="damaged"),
    "POST /api/escrow/{escrow_id}/resolve/": _fixed(outcome="split", amount=5),
    "POST /api/reports/": _report,
    "POST /api/reports/{report_id}/appeal/": _fixed(text="It was not me"),
    "POST /api/reports/appeal/": lambda cell, world: {
        "token": world.appeal_links.get(cell.actor, "no link at all"),
        "text": "It was not me",
    },
    "POST /api/admin/appeals/{appeal_id}/decide/": _fixed(decision="granted"),
    "PATCH /api/admin/users/{user_id}/": _fixed(status="suspended"),
    "POST /api/admin/users/{user_id}/ban/": _fixed(reason="shill bids"),
    "DELETE /api/admin/auctions/{auction_id}/": _fixed(reason="a fake"),
    "POST /api/admin/reports/{report_id}/resolve/": _fixed(resolution="dismissed"),
    "POST /api/admin/risk/cases/{case_id}/decide/": _fixed(decision="watch"),
    "PUT /api/admin/risk/deposits/{user_id}/": _fixed(reason="unpaid wins"),
    "PUT /api/admin/settings/": _fixed(payment_due_hours=24),
    "POST /api/subscriptions/": _fixed(plan="business"),
    "POST /api/payments/payout-accounts/": _fixed(provider="stripe"),
    "POST /api/messages/": _fixed(recipient="penpal", body="Is the key there?"),
    "POST /api/messages/blocks/": _fixed(user="penpal"),
    "POST /api/notifications/settings/": _fixed(kinds={"outbid": {"email": False}}),
    "PATCH /api/notifications/settings/": _fixed(kinds={"outbid": {"email": False}}),
    "POST /api/api-keys/": _fixed(name="A script", scopes=["read:bids"], password=PASSWORD),
    "POST /api/webhooks/": _fixed(url="https://example.com/hook", kinds=["auction.bid"]),
    "PATCH /api/webhooks/{webhook_id}/": _fixed(kinds=["auction.ended"]),
    "POST /api/webhooks/{webhook_id}/replay/": _fixed(since="2026-01-01T00:00:00Z"),
    "POST /api/notifications/push/": _fixed(**browser("another")),
    "POST /api/user/register/": _newcomer,
    "POST /api/user/login/": _credentials,
    "POST /api/user/refresh/": _refresh,
    "POST /api/auction/products/": _fixed(**PRODUCT),
    "POST /api/auction/products/{product_id}/place-bid/": _fixed(bid_amount=BID, **WINDOW),
}

#: Multipart uploads: the field their file goes into.
UPLOADS = {
    "POST /api/users/avatar/": "avatar",
    "POST /api/auctions/{auction_id}/images/": "images",
    "POST /api/auction/products/{product_id}/upload-images/": "images",
}

QUERIES = {
    "GET /api/auction/products/category/": {"category": "used"},
    "GET /api/auction/products/price-range/": {"min_price": 1},
    "GET /api/auctions/": {"page_size": 100},
    "GET /api/auctions/active/": {"page_size": 100},
    "GET /api/bids/my-bids/": {"page_size": 100},
}


def request_of(cell: Cell, world: World) -> tuple[str, dict[str, Any]]:
    """Return the path and what goes with it, as APIClient takes it."""
    name = cell.op.name
    path = name.partition(" ")[2].format_map(_Ids(cell, world))
    if name in UPLOADS:
        return path, {"data": {UPLOADS[name]: [picture()]}, "format": "multipart"}
    if name in BODIES:
        return path, {"data": dict(BODIES[name](cell, world))}
    if cell.op.part == "JSON":
        return path, {"HTTP_ACCEPT": "application/json"}
    query: dict[str, Any] = dict(QUERIES.get(name, {}))
    if cell.op.ids == "query":
        query["auction_id"] = auction_id(cell, world)
    if cell.op.ids == "deal":
        query["auction_id"] = _of_deal("auction_id")(cell, world)
    return path, {"data": query} if query else {}


def auction_id(cell: Cell, world: World) -> int:
    """Return the listing a cell is about."""
    if cell.whose == "absent":
        return ABSENT
    return world.auctions[_owner(cell, world), cell.state]


def _owner(cell: Cell, world: World) -> str:
    return cell.actor if cell.whose == "own" else world.other(cell.actor)


class _Ids(dict[str, Any]):
    """Looks up an id by the name it has in a path."""

    def __init__(self, cell: Cell, world: World) -> None:
        super().__init__()
        self.cell, self.world = cell, world

    def __missing__(self, name: str) -> Any:
        return _FINDERS[name](self.cell, self.world)


def _user_id(cell: Cell, world: World) -> int:
    if cell.whose == "absent":
        return ABSENT
    return world.users["banned" if cell.state == "banned" else _owner(cell, world)].pk


def _rule_id(cell: Cell, world: World) -> int:
    if cell.whose == "absent":
        return ABSENT
    rules = world.withdrawn_rules if cell.state == "withdrawn" else world.rules
    return rules[_owner(cell, world)]


def deal_of(cell: Cell, world: World) -> Deal:
    """Return the deal a cell is about; raises KeyError where the world has none."""
    pair = {"bought": bought_by, "sold": sold_by, "other's": of_others}[cell.whose](cell.actor)
    assert pair is not None, cell
    struck = {"sale": "held", "commission": "released"}.get(cell.state, cell.state)
    return world.deals[pair, struck]


def _of_deal(*names: str) -> Callable[[Cell, World], int]:
    """Find the id of a deal's row: of the first of these rows, or of that which the state names."""

    def find(cell: Cell, world: World) -> int:
        if cell.whose == "absent":
            return ABSENT
        name = next((name for name in names if cell.state in name), names[0])
        found: int = getattr(deal_of(cell, world), name)
        return found

    return find


def _private(rows: str) -> Callable[[Cell, World], Any]:
    """Find what belongs to an account and nobody else may name."""

    def find(cell: Cell, world: World) -> Any:
        found: dict[str, Any] = getattr(world, rows)
        absent = NO_SESSION if rows == "sessions" else ABSENT
        return absent if cell.whose == "absent" else found[_owner(cell, world)]

    return find


def _part(rows: str) -> Callable[[Cell, World], int]:
    """Find what belongs to the cell's listing, to another of the same seller, or to none."""

    def find(cell: Cell, world: World) -> int:
        found: dict[int, int] = getattr(world, rows)
        if cell.op.part == "absent" or cell.whose == "absent":
            return ABSENT
        seller, this = _owner(cell, world), auction_id(cell, world)
        if cell.op.part == "its":
            return found.get(this, ABSENT)
        return next(
            found[auction]
            for (name, _), auction in world.auctions.items()
            if name == seller and auction != this and auction in found
        )

    return find


#: Whose reports an operation is about, unless it is those somebody made.
_REPORTS = {
    "POST /api/reports/{report_id}/appeal/": "judged",
    "GET /api/admin/reports/{report_id}/conversation/": "told_on",
}
_FINDERS: dict[str, Callable[[Cell, World], Any]] = {
    "auction_id": auction_id,
    "product_id": auction_id,
    "user_id": _user_id,
    "seller_id": _user_id,
    "rule_id": _rule_id,
    "session_id": _private("sessions"),
    "passkey_id": _private("passkeys"),
    "search_id": _private("searches"),
    "payment_id": _of_deal("payment_id"),
    "escrow_id": _of_deal("escrow_id"),
    "invoice_id": _of_deal("sale_invoice_id", "commission_invoice_id"),
    "report_id": lambda cell, world: _private(_REPORTS.get(cell.op.name, "reports"))(cell, world),
    "appeal_id": _private("appeals"),
    "case_id": _private("cases"),
    "notification_id": _private("notices"),
    "subscription_id": _private("browsers"),
    "mail_id": lambda cell, world: ABSENT,
    "conversation_id": _private("conversations"),
    "message_id": _private("letters"),
    "key_id": _private("programs"),
    "webhook_id": _private("hooks"),
    "export_id": lambda cell, world: ABSENT,
    "delivery_id": _private("deliveries"),
    "image_id": _part("images"),
    "bid_id": _part("bids"),
    "path": lambda cell, world: "nowhere.webp",
}
