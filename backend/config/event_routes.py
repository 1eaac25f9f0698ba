"""THE table: who hears of which event once it is committed.

`NOW` is read by apps/core/outbox.py through settings.EVENT_ROUTES and called on the thread that
committed, each handler once per batch: `handler(auction_id, told)`. So a handler is quick, never
raises for a reason it can foresee, and may miss events after a crash: what must not be lost is
read again from the history. Every event has a row; one that nobody hears of is written as empty.
"""

from collections.abc import Callable, Sequence

from apps.bidding.handlers import broadcast_to_room, tell_outbid_bidder
from apps.core.outbox import Told
from domain import events

Handler = Callable[[int, Sequence[Told]], None]

NOW: dict[type[events.Event], tuple[Handler, ...]] = {
    events.BidPlaced: (broadcast_to_room,),
    events.AutoBidTriggered: (broadcast_to_room,),
    events.ReserveMet: (broadcast_to_room,),
    events.UserOutbid: (tell_outbid_bidder,),
    events.AuctionExtended: (broadcast_to_room,),
    events.AuctionStarted: (broadcast_to_room,),
    events.AuctionEndingSoon: (broadcast_to_room,),
    events.AuctionEnded: (broadcast_to_room,),
    events.AuctionCancelled: (broadcast_to_room,),
    events.BoughtNow: (broadcast_to_room,),
    events.BidRetracted: (broadcast_to_room,),
    events.PriceRecomputed: (broadcast_to_room,),
    events.PriceChanged: (broadcast_to_room,),
    events.SecondChanceOffered: (tell_outbid_bidder,),
    events.QuietChange: (),
}
