"""What an account is handed of its own data: which columns of which tables, which files.

Every area is a JSON file of rows; amounts are in minor units where a name ends in `_minor`,
instants UTC. Other people appear by their user names, as they do in the market. Secrets that
would open something, and staff's notes, are in none.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from apps.auctions.models import Auction, AuctionImage, BlockedBidder, Lot, SavedSearch, Watchlist
from apps.backoffice.models import Report
from apps.bidding.models import AutoBidRule, Bid
from apps.core.json import encode
from apps.notifications.models import (
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
    Sale,
    Strike,
    Subscription,
)
from apps.users.models import (
    ApiKey,
    BusinessAccount,
    LoginSession,
    MailBounce,
    Passkey,
    User,
    UserProfile,
)
from apps.webhooks.models import WebhookEndpoint

FILES_BYTES_MAX = 200 * 1024 * 1024  # of pictures in one archive; the rest is named in files.json
_EPOCH = (2000, 1, 1, 0, 0, 0)  # of every entry: the same data make the same file


@dataclass(frozen=True, slots=True)
class Area:
    """One file of rows: where they are, and the columns that are handed out."""

    name: str
    rows: Callable[[int], "QuerySet[Any]"]
    columns: tuple[str, ...]


def _area(name: str, model: Any, owner: str, columns: str) -> Area:
    """Return the rows of a table whose column names the account; several by `|`."""

    def rows(user_id: int) -> "QuerySet[Any]":
        whose = Q()
        for each in owner.split("|"):
            whose |= Q(**{each: user_id})
        found: QuerySet[Any] = model._default_manager.filter(whose).order_by("pk")
        return found

    return Area(name, rows, tuple(columns.split()))


AREAS: tuple[Area, ...] = (
    _area(
        "account",
        User,
        "pk",
        "id username email first_name last_name date_joined last_login email_verified_at can_sell",
    ),
    _area("profile", UserProfile, "user", "bio location timezone language avatar"),
    _area("business", BusinessAccount, "user", "company_name tax_id address website"),
    _area(
        "sessions",
        LoginSession,
        "user",
        "id created_at last_used_at expires_at revoked_at second_factor user_agent ip_address",
    ),
    _area(
        "api_keys",
        ApiKey,
        "session__user",
        "name hint scopes session__created_at session__expires_at session__last_used_at",
    ),
    _area("passkeys", Passkey, "user", "name created_at last_used_at"),
    _area(
        "listings",
        Auction,
        "seller",
        "id title description category__name condition closing currency starting_minor "
        "minimum_increment_minor reserve_minor buy_now_minor status start_at end_at created_at "
        "price_minor total_bids sold final_minor ended_at",
    ),
    _area(
        "lots",
        Lot,
        "auction__seller",
        "auction_id lot_number title description quantity condition estimate_low_minor "
        "estimate_high_minor",
    ),
    _area(
        "bids",
        Bid,
        "bidder",
        "id auction_id auction__title auction__currency amount_minor auto placed_at valid_from "
        "valid_until void",
    ),
    _area(
        "maximums",
        AutoBidRule,
        "bidder",
        "id auction_id auction__title auction__currency max_minor active created_at updated_at",
    ),
    _area("watchlist", Watchlist, "user", "auction_id auction__title created_at"),
    _area("saved_searches", SavedSearch, "user", "name query created_at"),
    _area("blocked_bidders", BlockedBidder, "seller", "bidder__username auction_id"),
    _area(
        "sales",
        Sale,
        "buyer|seller",
        "id auction_id auction__title seller__username buyer__username currency hammer_minor "
        "premium_minor tax_minor total_minor commission_minor status due_at created_at",
    ),
    _area(
        "payments",
        Payment,
        "buyer",
        "id sale_id method provider provider_ref currency amount_minor refunded_minor status "
        "failure created_at paid_at",
    ),
    _area(
        "held_money",
        Escrow,
        "buyer|seller",
        "id payment_id currency amount_minor released_minor refunded_minor lost_minor state "
        "held_at release_at",
    ),
    _area(
        "disputes",
        EscrowDispute,
        "opened_by",
        "id escrow_id reason description amount_minor opened_at outcome buyer_minor decided_at",
    ),
    _area("invoices", Invoice, "user", "number kind currency total_minor status issued_at content"),
    _area(
        "subscriptions",
        Subscription,
        "user",
        "plan currency price_minor provider status created_at live_at current_period_end "
        "cancel_at_period_end",
    ),
    _area("payout_accounts", PayoutAccount, "user", "provider account_ref ready created_at"),
    _area("unpaid_wins", Strike, "user", "sale_id at"),
    _area(
        "messages",
        Message,
        "sender|recipient",
        "id conversation_id sender__username recipient__username body created_at read_at",
    ),
    _area("blocked_users", UserBlock, "user", "blocked__username created_at"),
    _area(
        "notifications",
        Notification,
        "user",
        "id kind title body url data count read_at created_at",
    ),
    _area(
        "notification_settings",
        NotificationSettings,
        "user",
        "channels quiet_from quiet_until digest_at updated_at",
    ),
    _area("mail_refused", MailBounce, "user", "email detail at"),
    _area("push_devices", PushSubscription, "user", "device created_at used_at"),
    _area(
        "reports",
        Report,
        "reporter",
        "id kind target_id reason description state created_at resolved_at",
    ),
    _area("webhooks", WebhookEndpoint, "user", "url description kinds enabled created_at"),
)

README = """Your data
=========

One JSON file for each area, in minor units of the currency (cents) where a name
ends in "_minor", instants in UTC. "files" holds your pictures; files.json lists
them all, and says which were left out because there were too many.
"""


def write_archive(user_id: int, file: IO[bytes]) -> None:
    """Write an account's ZIP into a file, area by area."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        _put(archive, "README.txt", README.encode())
        for area in AREAS:
            with archive.open(ZipInfo(f"{area.name}.json", _EPOCH), "w") as entry:
                for piece in _json_of(area, user_id):
                    entry.write(piece)
        listed = [_add_file(archive, *each) for each in _files_of(user_id)]
        _put(archive, "files.json", json.dumps(listed, indent=1).encode())


def _json_of(area: Area, user_id: int) -> Iterator[bytes]:
    yield b"["
    rows = area.rows(user_id).values(*area.columns).iterator(chunk_size=1000)
    for number, row in enumerate(rows):
        yield b",\n " if number else b"\n "
        yield encode({name.replace("__", "_"): value for name, value in row.items()})
    yield b"\n]\n"


def _files_of(user_id: int) -> Iterator[tuple[str, str]]:
    """Yield name in the archive and path below MEDIA_ROOT of each of one's own pictures."""
    for path in UserProfile.objects.filter(pk=user_id).values_list("avatar", flat=True):
        if path:
            yield f"files/avatar/{_last(path)}", path
    shown = AuctionImage.objects.filter(auction__seller_id=user_id).order_by("pk")
    for auction_id, path in shown.values_list("auction_id", "image"):
        yield f"files/listings/{auction_id}/{_last(path)}", path
    sent = MessageImage.objects.filter(message__sender_id=user_id).order_by("pk")
    for message_id, path in sent.values_list("message_id", "image"):
        yield f"files/messages/{message_id}/{_last(path)}", path


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _add_file(archive: ZipFile, name: str, path: str) -> dict[str, Any]:
    """Add a picture unless it is gone or there are too many; returns what is said of it."""
    if archive.fp is not None and archive.fp.tell() > FILES_BYTES_MAX:
        return {"name": name, "path": path, "included": False}
    try:
        with default_storage.open(path) as picture:
            body = picture.read()
    except OSError:
        return {"name": name, "path": path, "included": False}
    archive.writestr(ZipInfo(name, _EPOCH), body, ZIP_STORED)  # pictures are compressed already
    return {"name": name, "path": path, "included": True}


def _put(archive: ZipFile, name: str, body: bytes) -> None:
    archive.writestr(ZipInfo(name, _EPOCH), body, ZIP_DEFLATED)
