"""Would the matrix notice? Permissions are taken away on purpose; each must be caught.

A guard that another guard stands behind cannot be missed by its status: such pairs are taken away
together.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from rest_framework.permissions import AllowAny

from apps.auctions import selectors as auctions
from apps.auctions import serializers as listings
from apps.auctions import views as auction_views
from apps.auctions.models import Auction
from apps.auctions.permissions import CanEndAuction
from apps.bidding import selectors as bidding
from apps.bidding import views as bid_views
from apps.bidding.models import AutoBidRule, Bid
from apps.payments import escrow_views
from apps.payments import invoice_selectors as invoices
from apps.payments import selectors as payments
from apps.payments import views as payment_views
from apps.payments.models import Escrow, Invoice, Payment
from apps.users import selectors as users
from apps.users import views as user_views
from apps.users.models import LoginSession, User
from apps.users.permissions import IsSeller
from domain import selling
from tests.authorization.matrix import run
from tests.authorization.table import TABLE

pytestmark = pytest.mark.django_db
Plant = Callable[[Any], None]

FAULTS: dict[str, tuple[Plant, str, str]] = {}


def fault(what: str, op: str, finding: str) -> Callable[[Plant], Plant]:
    """Register a fault, the line of the table that must notice, and what it must say."""

    def register(plant: Plant) -> Plant:
        FAULTS[what] = plant, op, finding
        return plant

    return register


@fault(
    "drafts are shown to whoever asks",
    "GET /api/auctions/{auction_id}/",
    "as anonymous, other's draft: 200 instead of (404,)",
)
def _(patch):
    every = Auction.objects.filter
    patch.setattr(auctions, "auction_of", lambda pk, viewer: every(pk=pk).first())


@fault("lists hide nothing", "GET /api/auctions/", "as anonymous: tells title of owner's draft")
def _(patch):
    patch.setattr(auctions, "listed_auctions", lambda viewer: Auction.objects.all())


@fault(
    "the reserve is part of every listing",
    "GET /api/auctions/active/",
    "as winner: tells reserve of owner's active",
)
def _(patch):
    original = listings.list_body

    def with_reserve(auction: Any, page: Any) -> Any:
        return original(auction, page) | {"reserve_price": auction.reserve_minor}

    patch.setattr("apps.auctions.base_views.list_body", with_reserve)


@fault(
    "whoever may not sell creates an auction",
    "POST /api/auctions/",
    "as barred: 201 instead of (403,)",
)
def _(patch):
    patch.setattr(IsSeller, "has_permission", lambda self, request, view: True)


@fault(
    "strangers end an auction",
    "POST /api/auctions/{auction_id}/end/",
    "as bidder, other's active: 200 instead of (403,)",
)
def _(patch):
    patch.setattr(CanEndAuction, "has_object_permission", lambda self, *args: True)
    patch.setattr(selling, "_may_run", lambda state, command: True)


@fault(
    "strangers edit an auction",
    "PATCH /api/auctions/{auction_id}/",
    "as loser, other's contested: 200 instead of (403,)",
)
def _(patch):
    patch.setattr(auction_views.AuctionView, "permission_classes", (AllowAny,))
    patch.setattr(
        "apps.auctions.services._own_auction", lambda pk, actor_id: Auction.objects.get(pk=pk)
    )


@fault(
    "bids on what was removed are listed",
    "GET /api/auction/products/{product_id}/bids/",
    "as anonymous, other's removed: 200 instead of (404,)",
)
def _(patch):
    patch.setattr("apps.bidbazaar.views.bids.check_published", lambda product_id: None)


@fault(
    "strangers sell a product",
    "POST /api/auction/products/{product_id}/sell/{bid_id}/",
    "its as seller, other's contested: 200 instead of (403,)",
)
def _(patch):
    patch.setattr(selling, "_not_the_seller", lambda state, command: None)


@fault(
    "an automatic bid is found by its id alone",
    "GET /api/auto-bids/{rule_id}/",
    "as loser, other's live: tells maximum of owner",
)
def _(patch):
    rules = AutoBidRule.objects.select_related("auction")
    patch.setattr(bidding, "auto_bid_rule", lambda pk, user_id: rules.filter(pk=pk).first())


@fault(
    "the list of automatic bids is everybody's",
    "GET /api/auto-bids/",
    "as owner: tells maximum of winner in",
)
def _(patch):
    rules = AutoBidRule.objects.select_related("auction")
    patch.setattr(bidding, "auto_bid_rules_of_user", lambda user_id: rules.order_by("id"))


@fault(
    "automatic bids need no account",
    "POST /api/auto-bids/",
    "as anonymous, other's active: 500 instead of (401,)",
)
def _(patch):
    patch.setattr(bid_views.AutoBidListView, "permission_classes", (AllowAny,))


@fault(
    "bids on removed auctions are still read", "GET /api/bids/", "as anonymous, other's removed: "
)
def _(patch):
    patch.setattr(
        bidding,
        "visible_bids",
        lambda: Bid.objects.select_related("bidder", "auction").order_by("-id"),
    )


@fault(
    "the account's own page needs no account",
    "GET /api/users/me/",
    "as anonymous: 200 instead of (401,)",
)
def _(patch):
    patch.setattr(user_views.MeView, "permission_classes", (AllowAny,))


@fault(
    "the banned have public profiles",
    "GET /api/users/{user_id}/",
    "as anonymous, other's banned: 200 instead of (404,)",
)
def _(patch):
    people = User.objects.select_related("profile")
    patch.setattr(users, "public_user", lambda pk: people.filter(pk=pk).first())


@fault(
    "the public profile shows the address", "GET /api/users/{user_id}/", "email told to anonymous"
)
def _(patch):
    original = user_views.serializers.PublicUserSerializer.to_representation

    def with_address(self: Any, user: Any) -> Any:
        return original(self, user) | {"email": user.email}

    patch.setattr(user_views.serializers.PublicUserSerializer, "to_representation", with_address)


@fault(
    "a payment is found by its id alone",
    "GET /api/payments/{payment_id}/",
    "as loser, other's waiting: tells client secret of owner",
)
def _(patch):
    every = Payment.objects.select_related("sale__auction")
    patch.setattr(
        payments, "payment_for", lambda user_id, pk, is_staff: every.filter(pk=pk).first()
    )
    whole = payment_views.serializers.payment_body
    patch.setattr(payment_views.serializers, "payment_body", lambda row, for_buyer: whole(row))


@fault("everybody's payments are listed", "GET /api/payments/", "as owner: tells client secret of")
def _(patch):
    every = payments._shown(Payment.objects.order_by("-pk"))
    patch.setattr(payments, "payments_of", lambda user_id: every)


@fault(
    "staff are shown what only the buyer needs",
    "GET /api/payments/{payment_id}/",
    "as staff, other's waiting: tells client secret of owner",
)
def _(patch):
    whole = payment_views.serializers.payment_body
    patch.setattr(payment_views.serializers, "payment_body", lambda row, for_buyer: whole(row))


@fault(
    "held money is nobody's secret",
    "GET /api/escrow/{escrow_id}/",
    "as loser, other's disputed: tells grievance of owner",
)
def _(patch):
    every = Escrow.objects.select_related("payment__sale", "buyer", "seller")
    patch.setattr(payments, "hold_for", lambda user_id, pk, is_staff: every.filter(pk=pk).first())


@fault(
    "the seller pays himself out",
    "POST /api/escrow/{escrow_id}/release/",
    "as owner, sold held: 200 instead of (403,)",
)
def _(patch):
    patch.setattr(escrow_views.HoldView, "require", lambda self, *args, **more: "request:nobody")


@fault(
    "staff decide about their own money",
    "POST /api/escrow/{escrow_id}/resolve/",
    "as staff, bought disputed: 200 instead of (403,)",
)
def _(patch):
    patch.setattr(escrow_views.HoldView, "require", lambda self, *args, **more: "staff:0")


@fault(
    "an invoice is found by its id alone",
    "GET /api/invoices/{invoice_id}/",
    "as seller, sold sale: tells tax id of owner",
)
def _(patch):
    every = Invoice.objects.annotate(auction_id=F("payment__sale__auction_id"))
    patch.setattr(
        invoices, "invoice_for", lambda user_id, pk, is_staff: every.filter(pk=pk).first()
    )


@fault("a ban ends no session", "GET /api/users/profile/", "as banned: 200 instead of (401,)")
def _(patch):
    patch.setattr(users, "_live_sessions", lambda now: LoginSession.objects.all())


@pytest.mark.parametrize("what", FAULTS)
def test_matrix_notices(what, world, monkeypatch):
    plant, name, finding = FAULTS[what]
    op = next(op for op in TABLE if op.name == name)
    plant(monkeypatch)

    wrong = run(op, world).wrong

    assert [text for text in wrong if finding in text], wrong


def test_enough_is_planted():
    operations = {op for _, op, _ in FAULTS.values()}

    print(f"planted: {len(FAULTS)} faults in {len(operations)} operations")  # noqa: T201

    assert len(operations) >= 5
