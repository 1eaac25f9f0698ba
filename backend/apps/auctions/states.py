"""A listing's row as the values the engine decides on. No query is made here, nothing is decided.

Amounts are minor units, instants aware UTC. What a draft has not fixed yet (its times, when it has
none) is given the value it would have if it were activated at the moment it was written.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from apps.auctions.models import Auction
from domain.auction import (
    NO_STANDINGS,
    AuctionState,
    Closing,
    Rules,
    SoftClose,
    Standing,
    Status,
)
from domain.increments import Increments
from domain.money import exponent_of
from domain.tables import increments_of

#: The published tables count in cents.
_TABLE_EXPONENT = 2

_CLOSINGS = {closing.value: closing for closing in Closing}
_STATUSES = {status.value: status for status in Status}


def rules_of(auction: Auction) -> Rules:
    """Return what the seller fixed before the first bid."""
    start_at, end_at = _times(auction)
    return Rules(
        seller_id=auction.seller_id,
        starting_minor=auction.starting_minor,
        increments=increments_for(auction),
        start_at=start_at,
        original_end_at=auction.original_end_at or end_at,
        closing=_CLOSINGS[auction.closing],
        strict=auction.increment_strict,
        reserve_minor=auction.reserve_minor,
        buy_now_minor=auction.buy_now_minor,
        soft_close=soft_close_of(auction),
        ending_soon_seconds=tuple(settings.ENDING_SOON_SECONDS),
        retraction=settings.BIDDER_RETRACTION,
    )


def state_of(auction: Auction, standings: Mapping[int, Standing] = NO_STANDINGS) -> AuctionState:
    """Return the row as the engine's state; the caller adds what other tables hold."""
    rules = rules_of(auction)
    return AuctionState(
        auction_id=auction.pk,
        rules=rules,
        status=_STATUSES[auction.status],
        end_at=auction.end_at or rules.original_end_at,
        seq=auction.seq,
        leader_id=auction.leader_id,
        price_minor=auction.price_minor,
        leader_cap_minor=auction.leader_cap_minor,
        total_bids=auction.total_bids,
        extension_count=auction.extension_count,
        warned_seconds=tuple(auction.warned_seconds),
        winner_id=auction.winner_id,
        sold=auction.sold,
        final_minor=auction.final_minor,
        standings=standings,
    )


def soft_close_of(auction: Auction) -> SoftClose | None:
    """Return the soft close, None for a hard one."""
    if not auction.soft_close_window_seconds:
        return None
    return SoftClose(
        window_seconds=auction.soft_close_window_seconds,
        extension_seconds=auction.soft_close_extension_seconds,
        mode=auction.soft_close_mode,
        total_seconds_max=auction.soft_close_total_seconds_max,
        extensions_max=auction.soft_close_extensions_max,
    )


def increments_for(auction: Auction) -> Increments:
    """Return the auction's own increment, else its table's ladder."""
    if auction.minimum_increment_minor is not None:
        return _fixed(auction.minimum_increment_minor)
    table = auction.increment_table or settings.INCREMENT_TABLE
    return _ladder(table, exponent_of(auction.currency))


@lru_cache(maxsize=1024)
def _fixed(step_minor: int) -> Increments:
    return Increments.fixed(step_minor)


@lru_cache(maxsize=256)
def _ladder(table: str, exponent: int) -> Increments:
    """Return a table at its face value in a currency with that many decimals.

    Where the currency is coarser than cents, a step of less than one unit becomes one unit.
    """
    ladder = increments_of(table, "cents")
    if exponent == _TABLE_EXPONENT:
        return ladder
    if exponent > _TABLE_EXPONENT:
        factor = 10 ** (exponent - _TABLE_EXPONENT)
        bands = {
            edge * factor: step * factor
            for edge, step in zip(ladder.edges_minor, ladder.steps_minor, strict=True)
        }
    else:
        divisor = 10 ** (_TABLE_EXPONENT - exponent)
        bands = {
            -(-edge // divisor): max(1, step // divisor)
            for edge, step in zip(ladder.edges_minor, ladder.steps_minor, strict=True)
        }
    return Increments.ladder(list(bands.items()))


def _times(auction: Auction) -> tuple[datetime, datetime]:
    start_at = auction.start_at or auction.created_at
    seconds = auction.duration_seconds or settings.AUCTION_DURATION_SECONDS
    return start_at, auction.end_at or start_at + timedelta(seconds=seconds)
