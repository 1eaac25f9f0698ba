"""THE table: who hears of which event once it is committed.

`NOW` is read by apps/core/outbox.py through settings.EVENT_ROUTES and called on the thread that
committed, each handler once per batch: `handler(auction_id, told)`. So a handler is quick, never
raises for a reason it can foresee, and may miss events after a crash: what must not be lost is
read again from the history. Every event has a row; one that nobody hears of is written as empty.
"""

from collections.abc import Callable, Sequence

from apps.core.outbox import Told
from domain import events

Handler = Callable[[int, Sequence[Told]], None]

NOW: dict[type[events.Event], tuple[Handler, ...]] = {
    events.BidPlaced: (),
    events.AutoBidTriggered: (),
    events.ReserveMet: (),
    events.UserOutbid: (),
    events.AuctionExtended: (),
    events.AuctionStarted: (),
    events.AuctionEndingSoon: (),
    events.AuctionEnded: (),
    events.AuctionCancelled: (),
    events.BoughtNow: (),
    events.BidRetracted: (),
    events.PriceRecomputed: (),
    events.PriceChanged: (),
    events.SecondChanceOffered: (),
    events.QuietChange: (),
}
