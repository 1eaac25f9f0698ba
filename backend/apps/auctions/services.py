"""Writes of listings: create, edit, delete, pictures.

Everything that changes where bidding stands (activate, end, cancel, close) goes through the desk
(apps/bidding/desk.py), not through here. Amounts are minor units, instants aware UTC.
Refuses with domain.listing.InvalidTerms or domain.reasons.Refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from apps.auctions import categories, selectors
from apps.auctions.models import Auction, AuctionImage, ListingChange, Lot
from apps.auctions.states import state_of
from apps.auctions.terms import (
    TERM_COLUMNS,
    AuctionChanges,
    NewAuction,
    NewLot,
    house_soft_close,
    present_terms,
    set_increment,
    set_schedule,
    set_soft_close,
)
from apps.core import clock, uploads
from domain import listing
from domain.auction import Status
from domain.engine import next_due_at
from domain.lifecycle import FINISHED, status_at
from domain.listing import InvalidTerms, Terms
from domain.reasons import Reason, Refused, refuse
from domain.timing import warning_at

IMAGES_PER_AUCTION_MAX = 20
IMAGE_FOLDER = "product_images"  # below MEDIA_ROOT; the guide's sample paths begin with it

#: How long a listing that could not be closed is left alone, so that it cannot spin (seconds).
RETRY_DUE_SECONDS = 60

_SCHEDULE = frozenset({"start_at", "end_at", "duration_seconds"})


# -- create -------------------------------------------------------------------------------------


@transaction.atomic
def create_auction(seller_id: int, *, asked: NewAuction) -> Auction:
    """Store a new listing and its lots; returns it, a draft unless `asked.listed`.

    Raises InvalidTerms. Source: decisions 1 "Creating an auction"; register 24, 25; R27.
    """
    now = clock.now()
    _refuse_if_any(_creation_problems(asked, now))
    auction = Auction(
        seller_id=seller_id,
        status=Status.DRAFT.value,
        closing=asked.closing.value,
        created_at=now,
        updated_at=now,
        **{name: getattr(asked, name) for name in _COPIED},
    )
    set_increment(
        auction,
        asked.minimum_increment_minor,
        strict=asked.increment_strict,
        table=categories.increment_table_of(asked.category_id),
    )
    by_default = None if asked.hard_close else house_soft_close(asked.closing)
    set_soft_close(auction, asked.soft_close or by_default)
    set_schedule(
        auction,
        start_at=asked.start_at,
        end_at=asked.end_at,
        duration_seconds=asked.duration_seconds,
    )
    if asked.listed:
        auction.start_at = auction.start_at or now
        auction.status = Status.SCHEDULED.value
        auction.next_due_at = auction.start_at
    auction.save(force_insert=True)
    _store_lots(auction, asked.lots)
    if asked.listed:
        _note_change(auction, ["listed"], now)
    return auction


#: What a row takes over as it is asked for.
_COPIED = (
    "title",
    "description",
    "category_id",
    "condition",
    "currency",
    "starting_minor",
    "reserve_minor",
    "buy_now_minor",
)


def _creation_problems(asked: NewAuction, now: datetime) -> dict[str, str]:
    terms = Terms(**{name: getattr(asked, name) for name in Terms.__dataclass_fields__})
    problems = listing.price_problems(terms, house_limits())
    if not asked.listed:
        problems |= listing.schedule_problems(terms, house_limits(), now)
    elif asked.start_at and asked.end_at and asked.end_at <= asked.start_at:
        problems["end_at"] = "must be after the start"
    return problems | _lot_problems(asked.lots)


def house_limits() -> listing.Limits:
    """Return the bounds of a listing from the settings."""
    return listing.Limits(
        duration_seconds_min=settings.AUCTION_DURATION_SECONDS_MIN,
        duration_seconds_max=settings.AUCTION_DURATION_SECONDS_MAX,
        start_ahead_seconds_max=settings.AUCTION_START_AHEAD_SECONDS_MAX,
        buy_now_percent_min=settings.BUY_NOW_PERCENT_MIN,
    )


def _store_lots(auction: Auction, lots: Sequence[NewLot]) -> None:
    Lot.objects.bulk_create(
        Lot(auction=auction, **asdict(replace(lot, lot_number=lot.lot_number or place)))
        for place, lot in enumerate(lots, start=1)
    )


def _lot_problems(lots: Sequence[NewLot]) -> dict[str, str]:
    numbers = [lot.lot_number or place for place, lot in enumerate(lots, start=1)]
    if len(set(numbers)) < len(numbers):
        return {"lots": "every lot_number may occur once"}
    for lot in lots:
        low, high = lot.estimate_low_minor, lot.estimate_high_minor
        if low is not None and high is not None and low > high:
            return {"lots": "estimate_low must not exceed estimate_high"}
    return {}


def _refuse_if_any(problems: Mapping[str, str]) -> None:
    if problems:
        raise InvalidTerms(problems)


# -- edit ---------------------------------------------------------------------------------------


@transaction.atomic
def edit_auction(auction_id: int, *, actor_id: int, changes: AuctionChanges) -> Auction:
    """Change a listing under its row's lock; what a field already says is no change.

    Before the first bid everything, after it the title and an addition to the description; once
    over, nothing (register 23). Raises InvalidTerms naming the fields, Refused.
    """
    auction = _own_auction(auction_id, actor_id)
    now = clock.database_now()
    present = present_terms(auction, list(auction.lots.all()))
    changed = {name: new for name, new in changes.items() if new != present[name]}
    has_bids = auction.total_bids > 0 or auction.bids.exists()
    status = status_at(state_of(auction), now)
    _refuse_if_any(listing.frozen_problems(changed, status, has_bids=has_bids))
    if "description" in changed:
        new = str(changed["description"])
        _refuse_if_any(listing.description_problems(auction.description, new, has_bids=has_bids))
    if changed:
        _apply(auction, changes, present=present, changed=changed, now=now)
        _note_change(auction, sorted(changed), now)
    return auction


def _own_auction(auction_id: int, actor_id: int) -> Auction:
    auction = selectors.auction_for_update(auction_id)
    if auction is None:
        raise Refused(refuse(Reason.NOT_FOUND))
    if auction.seller_id != actor_id:
        raise Refused(refuse(Reason.FORBIDDEN), auction.currency)
    return auction


def _apply(
    auction: Auction,
    changes: AuctionChanges,
    *,
    present: Mapping[str, Any],
    changed: Mapping[str, Any],
    now: datetime,
) -> None:
    wanted = {**present, **changed}
    if "closing" in changed and "soft_close" not in changes:
        wanted["soft_close"] = house_soft_close(wanted["closing"])
    _refuse_if_any(_currency_problems(present, changed))
    if changed.keys() & _SCHEDULE:
        _settle_schedule(auction, wanted, changed, now)
    terms = Terms(**{name: wanted[name] for name in Terms.__dataclass_fields__})
    _refuse_if_any(listing.price_problems(terms, house_limits()) | _lot_problems(wanted["lots"]))
    for name in _COPIED:
        setattr(auction, name, wanted[name])
    auction.closing = wanted["closing"].value
    redefined = changed.keys() & {"minimum_increment_minor", "closing"}
    set_increment(
        auction,
        wanted["minimum_increment_minor"],
        strict=changes.get("increment_strict", None if redefined else present["increment_strict"]),
        table=categories.increment_table_of(auction.category_id),
    )
    set_soft_close(auction, wanted["soft_close"])
    set_schedule(auction, **{name: wanted[name] for name in _SCHEDULE})
    if "lots" in changed:
        auction.lots.all().delete()
        _store_lots(auction, wanted["lots"])
    _save_terms(auction, now)


def _note_change(auction: Auction, fields: Sequence[str], now: datetime) -> None:
    ListingChange.objects.create(
        auction=auction, fields=list(fields), after_bids=auction.total_bids > 0, changed_at=now
    )


def _save_terms(auction: Auction, now: datetime) -> None:
    columns = [*TERM_COLUMNS, "updated_at"]
    if auction.status != Status.DRAFT:
        end_at = state_of(auction).end_at
        auction.warned_seconds = [  # a later end arms its warnings again (R44)
            seconds for seconds in auction.warned_seconds if warning_at(seconds, end_at) <= now
        ]
        auction.next_due_at = next_due_at(state_of(auction))
        columns += ["warned_seconds", "next_due_at"]
    auction.updated_at = now
    auction.save(update_fields=columns)


def _settle_schedule(
    auction: Auction, wanted: dict[str, Any], changed: Mapping[str, Any], now: datetime
) -> None:
    """A duration replaces an end and the reverse; a published listing keeps both of its ends."""
    published = auction.status != Status.DRAFT
    if published and wanted["start_at"] is None:
        raise InvalidTerms({"start_at": "must be given: the auction is already published"})
    if auction.status == Status.SCHEDULED:
        wanted["start_at"] = max(wanted["start_at"], now)
    if changed.get("duration_seconds") is not None and "end_at" not in changed:
        seconds = timedelta(seconds=changed["duration_seconds"])
        wanted["end_at"] = wanted["start_at"] + seconds if published else None
    if published and wanted["end_at"] is None:
        raise InvalidTerms({"end_at": "must be given: the auction is already published"})
    terms = Terms(**{name: wanted[name] for name in Terms.__dataclass_fields__})
    _refuse_if_any(listing.schedule_problems(terms, house_limits(), now))


def _currency_problems(present: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, str]:
    """An amount means another sum in another currency: nobody converts it silently."""
    if "currency" not in changed:
        return {}
    amounts = ("starting_minor", "minimum_increment_minor", "reserve_minor", "buy_now_minor")
    kept = any(present[name] is not None and name not in changed for name in amounts)
    estimated = "lots" not in changed and any(
        lot.estimate_low_minor or lot.estimate_high_minor for lot in present["lots"]
    )
    if not kept and not estimated:
        return {}
    return {"currency": "changes every amount: send the prices again in the new currency"}


# -- delete -------------------------------------------------------------------------------------


@transaction.atomic
def delete_draft(auction_id: int, *, actor_id: int) -> bool:
    """Delete a draft with its pictures; False for a listing that is published: cancel that."""
    auction = _own_auction(auction_id, actor_id)
    if auction.status != Status.DRAFT:
        return False
    _forget_files(auction.images.values_list("image", flat=True))
    auction.delete()
    return True


def _forget_files(images: Iterable[str]) -> None:
    for path in list(images):
        transaction.on_commit(partial(_delete_unless_shared, path))


def _delete_unless_shared(image: str) -> None:
    """Listings made from one another show the same files; the last to let go deletes them."""
    if not AuctionImage.objects.filter(image=image).exists():
        uploads.delete_image(image)


# -- pictures -----------------------------------------------------------------------------------


def add_images(
    auction_id: int, *, actor_id: int, files: Sequence[uploads.Readable]
) -> list[selectors.Picture]:
    """Store pictures behind those there are; all of them or none.

    Raises InvalidTerms for files that are no pictures or too many, Refused.
    """
    try:
        prepared = uploads.prepare_images(files)  # slow, so before the lock
    except uploads.UploadRefused as refused:
        raise InvalidTerms({"images": str(refused)}) from refused
    with transaction.atomic():
        auction = _own_auction(auction_id, actor_id)
        _refuse_if_over(auction, "images")
        count = auction.images.count()
        if count + len(prepared) > IMAGES_PER_AUCTION_MAX:
            text = f"at most {IMAGES_PER_AUCTION_MAX} in one auction; it has {count}"
            raise InvalidTerms({"images": text})
        last = auction.images.aggregate(last=Max("position"))["last"]
        now = clock.now()
        rows = [
            AuctionImage(
                auction=auction,
                image=stored.image,
                thumbnail=stored.thumbnail,
                position=place,
                created_at=now,
            )
            for place, stored in enumerate(
                uploads.store_prepared(prepared, IMAGE_FOLDER),
                start=0 if last is None else last + 1,
            )
        ]
        AuctionImage.objects.bulk_create(rows)
        _note_pictures(auction)
    return [selectors.Picture(row.pk, row.image, row.thumbnail) for row in rows]


@transaction.atomic
def remove_image(auction_id: int, *, actor_id: int, image_id: int) -> bool:
    """Take a picture away before the first bid; False if the listing has no such picture."""
    auction = _own_auction(auction_id, actor_id)
    _refuse_if_over(auction, "images")
    image = auction.images.filter(pk=image_id).first()
    if image is None:
        return False
    if auction.total_bids:
        raise InvalidTerms({"images": "cannot be taken away after the first bid"})
    _forget_files([image.image])
    image.delete()
    _note_pictures(auction)
    return True


@transaction.atomic
def order_images(
    auction_id: int, *, actor_id: int, image_ids: Sequence[int]
) -> list[selectors.Picture]:
    """Put the pictures in this order, the first as cover; returns them.

    Raises InvalidTerms unless exactly the listing's pictures are named, each once; Refused.
    """
    auction = _own_auction(auction_id, actor_id)
    _refuse_if_over(auction, "images")
    images = {image.pk: image for image in auction.images.all()}
    if sorted(image_ids) != sorted(images):
        text = "must name every picture of the auction once"
        raise InvalidTerms({"image_ids": text})
    for position, image_id in enumerate(image_ids):
        images[image_id].position = position
    AuctionImage.objects.bulk_update(images.values(), ["position"])
    _note_pictures(auction)
    return selectors.pictures_of(auction_id)


def _refuse_if_over(auction: Auction, name: str) -> None:
    status = Status(auction.status)
    if status in FINISHED:
        _refuse_if_any(listing.frozen_problems([name], status, has_bids=False))


def _note_pictures(auction: Auction) -> None:
    auction.updated_at = clock.now()
    auction.save(update_fields=["updated_at"])
    _note_change(auction, ["images"], auction.updated_at)


# -- what is due --------------------------------------------------------------------------------


def postpone_still_due(auction_ids: Sequence[int], *, now: datetime) -> int:
    """Push away what is still due although it was looked at; returns how many there were.

    A row that cannot be closed would otherwise come first again at once, for ever.
    """
    later = now + timedelta(seconds=RETRY_DUE_SECONDS)
    stuck = Auction.objects.filter(pk__in=auction_ids, next_due_at__lte=now)
    return stuck.update(next_due_at=later)
